"""An exported ledger verified without the platform: its chains, and the published places counted again."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules.problems import SchemeRefused
from rules.text import Text
from services.cli.package.count import Standings, count_states
from services.cli.package.ledger import Broken, Ledger, read_ledger


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A published place that the ledger does not give."""

    entry: str
    name: str
    published: int | None
    counted: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One ledger: `broken` says where it does not hold, `changes` where the published places do not."""

    file: str
    ledger: Ledger
    standings: Standings | None = None
    broken: Broken | None = None
    changes: tuple[PlaceChange, ...] = ()

    @property
    def holds(self) -> bool:
        return self.broken is None and not self.changes


def verify(path: Path) -> Iterator[Verdict]:
    """The verdict on every ledger of a file, or of a zip of them."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith(".ndjson"):
                    yield verify_lines(name, archive.read(name))
    else:
        yield verify_lines(path.name, path.read_bytes())


def verify_lines(file: str, content: bytes) -> Verdict:
    """The verdict on one ledger."""
    ledger = Ledger()
    try:
        ledger = read_ledger(io.BytesIO(content), ledger)
        if not ledger.lines:
            raise Broken(0, "empty", Text("是空的", "is empty"))
        standings = _count(ledger)
    except Broken as broken:
        return Verdict(file, ledger, broken=broken)
    return Verdict(file, ledger, standings, changes=tuple(_changes(ledger, standings)))


def _count(ledger: Ledger) -> Standings:
    board = ledger.state.board
    code = board.code if board else ledger.board
    title = Text(board.title.zh, board.title.en) if board else Text(code, code)
    try:
        return count_states(code, title, ledger.state, ledger.entries)
    except SchemeRefused as refused:
        text = Text(f"方案无法使用：{refused}", f"holds a scheme that cannot be used: {refused}")
        raise Broken(ledger.lines, "scheme", text) from None


def _changes(ledger: Ledger, standings: Standings) -> Iterator[PlaceChange]:
    if ledger.published is None:
        return
    published, counted = ledger.published.places, standings.places
    for entry in sorted(published.keys() | counted.keys()):
        if published.get(entry) != counted.get(entry):
            name = standings.names.get(entry, entry)
            yield PlaceChange(entry, name, published.get(entry), counted.get(entry))
