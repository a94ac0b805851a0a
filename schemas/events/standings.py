"""Rows as they were published, for other systems to read."""

from decimal import Decimal

from schemas.registry import Fact, fact
from schemas.topics import Topic


@fact("standing.changed", Topic.STANDINGS)
class StandingChanged(Fact, frozen=True, kw_only=True):
    """An entry's row on the public board is now this."""

    board: str
    entry: str
    name: str
    place: int | None
    total: Decimal | None

    @property
    def subject(self) -> str:
        return self.entry
