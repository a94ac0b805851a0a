"""The recount beside the live board. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.live import LiveRow
from schemas.topics import BOARD_TOPICS
from services.awards.live import LiveBoard
from services.awards.recount import Recount

_FIELDS = LiveRow.__struct_fields__


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one entry's row that the ledger and the board have otherwise; None: there is no row."""

    entry: str
    name: str
    field: str
    ledger: Any
    board: Any


def is_behind(counted: Recount, live: LiveBoard) -> bool:
    """Whether the board has yet to fold facts that were counted."""
    return any(live.position.get(topic, 0) < counted.position.get(topic, 0) for topic in BOARD_TOPICS)


def is_ahead(counted: Recount, live: LiveBoard) -> bool:
    """Whether the board was made from facts that the count has not seen."""
    return any(live.position.get(topic, 0) > counted.position.get(topic, 0) for topic in BOARD_TOPICS)


def differences(counted: Recount, live: LiveBoard) -> Iterator[Difference]:
    """Every difference, in board order of the ledger; then what only the board has."""
    places = live.places(counted.ranking.places)
    for row in counted.rows:
        mine, shown = counted.lines[row.entry], live.rows.get(row.entry)
        if shown is None or row.entry not in places:
            yield Difference(row.entry, mine.name, "row", "present", None)
            continue
        for field in _FIELDS:
            if getattr(mine, field) != getattr(shown, field):
                yield Difference(
                    row.entry, mine.name, field, _told(getattr(mine, field)), _told(getattr(shown, field))
                )
        if row.place != places[row.entry]:
            yield Difference(row.entry, mine.name, "place", row.place, places[row.entry])
    for entry in sorted({*live.rows, *live.order} - counted.lines.keys()):
        found = live.rows.get(entry)
        yield Difference(entry, found.name if found else "", "row", None, "present")


def _told(value: Any) -> Any:
    return msgspec.to_builtins(value)
