"""Points towards a campaign board, with their cause. No sequence: consumers go by id (D13)."""

from decimal import Decimal

from rules.text import Text
from schemas.objects import UnitRef
from schemas.registry import Fact, fact
from schemas.topics import Topic


@fact("contribution.earned", Topic.CONTRIBUTIONS)
class ContributionEarned(Fact, frozen=True, kw_only=True):
    """Points for the candidate whose unit the earner belongs to.

    `id` is made from feed, cause and earner, so the same cause earns once however often it is told;
    a later telling with a greater `telling` replaces the points (0 points take them back).
    """

    id: str
    board: str
    feed: str
    aspect: str
    points: Decimal
    earner: str
    earner_name: str
    unit: UnitRef
    cause_board: str
    cause_event: str
    telling: int
    text: Text

    @property
    def subject(self) -> str:
        return self.id
