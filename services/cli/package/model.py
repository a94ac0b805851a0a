"""contest.yaml: every key that it may have. Texts stay texts and numbers exact, as they were written."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from rules.scheme_types import Exact, Title
from rules.text import Text
from schemas.objects import BoardKind, EntryKind

Line = Annotated[str, Field(strict=True), StringConstraints(strip_whitespace=True, max_length=200)]
Name = Annotated[Line, StringConstraints(min_length=1)]
Code = Annotated[str, Field(strict=True, pattern=r"^[\w.@+:-]{1,64}$")]
Flag = Annotated[bool, Field(strict=True)]
Year = Annotated[int, Field(strict=True, ge=1949, le=2999)]
Age = Annotated[int, Field(strict=True, ge=0, le=150)]
PointsFor = Annotated[str, BeforeValidator(lambda place: str(place) if type(place) is int else place)]
"""A place, an award id, a category, or `each`; YAML reads a place as a number."""
Cause = Literal["place", "proposal.adopted", "proposal.verified", "hazard.closed"]
Required = Literal["external_id", "id_number", "phone", "category", "members"]


class Part(BaseModel):
    """A part of contest.yaml; a key that it does not know is refused, never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OwnerUnit(Part):
    """A unit that is named in place, so that a small contest needs no units file."""

    code: Code
    name: Name


class Campaign(Part):
    """The campaign (活动) that all boards of the package belong to."""

    code: Code
    title: Title
    year: Year
    unit: Code | OwnerUnit

    @property
    def unit_code(self) -> str:
        return self.unit if isinstance(self.unit, str) else self.unit.code


class Feed(Part):
    """One way in which points come to a campaign board from another board of the package."""

    id: Code
    cause: Cause
    aspect: Annotated[str, Field(strict=True, min_length=1)]
    points: Annotated[dict[PointsFor, Exact], Field(min_length=1)]
    source: Code | Literal["*"] = "*"
    source_kind: BoardKind | None = None
    cap: Exact | None = None


class Eligibility(Part):
    """What the platform asks of those who enter by themselves; see registration."""

    required: tuple[Required, ...] = ()
    categories: tuple[Line, ...] = ()
    min_age: Age | None = 16
    retirement_age_male: Age | None = 63
    retirement_age_female: Age | None = 58
    reference_date: Annotated[str, Field(strict=True, pattern=r"^\d{4}-\d\d-\d\d$")] | None = None
    within_unit: Flag = True
    one_event_per_person: Flag = True


class Window(Part):
    """A stage that takes marks from judges' tablets, for all entries; others wait to be opened."""

    stage: Annotated[str, Field(strict=True)] = ""
    editable: Flag = True


class Board(Part):
    """One board (榜): a contest, league, drive or campaign that ranks its entries by its scheme."""

    code: Code
    kind: BoardKind
    title: Title
    trade: Line = ""
    entry_kind: EntryKind = "person"
    unit: Code = ""
    blind: Flag = False
    public: Flag = True
    scheme: dict[str, Any] | Annotated[str, Field(strict=True, min_length=1)] | None = None
    windows: tuple[Window, ...] = ()
    feeds: tuple[Feed, ...] = ()
    eligibility: Eligibility = Eligibility()
    published: Flag = False


class Contest(Part):
    """contest.yaml as a whole."""

    format: Literal[1]
    campaign: Campaign
    boards: Annotated[tuple[Board, ...], Field(min_length=1)]


def both(title: Text) -> str | dict[str, str]:
    """A title as it is written: one text where both languages say the same."""
    return title.zh if title.zh == title.en else {"zh": title.zh, "en": title.en}
