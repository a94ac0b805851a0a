"""What readers see of boards, and what is printed of them."""

import io
import json
import time
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import python_calamine

from services.cli.client import Client, Refused

SECONDS = 60.0
PAGE = 500


class Standing(NamedTuple):
    """Who stands where, by external id. A total that nobody counted yet is None."""

    entry: str
    place: int | None
    total: Decimal | None


def await_equal(read: Callable[[], object], wanted: object, seconds: float = SECONDS) -> None:
    """Poll until what is read is what is wanted: the streams are a moment behind the ledger.

    Until then a board may be unknown to readers, and an award list may be refused as not caught up.
    """
    deadline = time.monotonic() + seconds
    found = _read(read)
    while found != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
        found = _read(read)
    assert found == wanted, f"{found} is not {wanted}"


def _read(read: Callable[[], object]) -> object:
    try:
        return read()
    except Refused as refused:
        return refused.say()


def rows(client: Client, board: str, **query: object) -> list[dict[str, Any]]:
    """All rows of a board, in its order."""
    found: list[dict[str, Any]] = []
    while True:
        page = client.get(f"/api/leaderboard/boards/{board}", offset=len(found), limit=PAGE, **query)
        found += page["rows"]
        if not page["rows"] or len(found) >= page["total"]:
            return found


def standings(client: Client, board: str, **query: object) -> list[Standing]:
    return [
        Standing(
            row.get("external_id", ""),
            row.get("place"),
            _number(row.get("total")),
        )
        for row in rows(client, board, **query)
    ]


def of_list(client: Client, board: str) -> list[Standing]:
    """The standings of the award list, counted from the ledger."""
    lines = json.loads(client.download(f"/api/awards/boards/{board}/list", format="json"))["standings"]
    return [
        Standing(
            line["external_id"], line["place"], None if line["total"] is None else Decimal(line["total"])
        )
        for line in lines
    ]


def printed(client: Client, board: str) -> dict[str, list[list[Any]]]:
    """The workbook that people print and sign, read back: sheet name → rows."""
    content = client.download(f"/api/awards/boards/{board}/list", format="xlsx")
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def under(heading: str, sheet: Iterable[list[Any]]) -> list[list[Any]]:
    """The rows of a printed sheet below the row that begins with a heading, up to an empty one."""
    lines = iter(sheet)
    for line in lines:
        if line and line[0] == heading:
            break
    found = []
    for line in lines:
        if not any(str(cell).strip() for cell in line):
            break
        found.append(line)
    return found


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
