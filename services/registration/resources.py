"""HTTP bodies of registration."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from rules.identity_number import mask
from schemas.objects import BoardKind, EntryKind, Feed, Named
from services.kit.resources import MAX_DIGITS, Id, Line, Number, Page, Plain, Prose, Resource
from services.kit.runtime import Runtime
from services.registration.domain import (
    BoardRecord,
    Campaign,
    Draft,
    Draw,
    Eligibility,
    EntryRecord,
    Level,
    Required,
    Unit,
)

Code = Annotated[Plain, Field(min_length=1, max_length=64, pattern=r"^[\w.@+:-]+$")]
Name = Annotated[Line, Field(min_length=1)]
Short = Annotated[Plain, Field(max_length=64)]
Category = Annotated[Plain, Field(max_length=100)]
Path = Annotated[Plain, Field(min_length=1, max_length=200)]
Age = Annotated[int, Field(ge=0, le=150)]


def _measurable(value: Decimal) -> Decimal:
    if (
        not value.is_finite()
        or len(value.as_tuple().digits) > MAX_DIGITS
        or abs(value.adjusted()) > MAX_DIGITS
    ):
        raise PydanticCustomError("finite_number", "a number of at most 40 digits")
    return value


Exact = Annotated[Number, AfterValidator(_measurable)]


class TitleBody(Resource):
    """A title in both languages; `en` repeats `zh` where it is not given."""

    zh: Name
    en: Line = ""

    def named(self) -> Named:
        return Named(zh=self.zh, en=self.en or self.zh)


class UnitRefBody(Resource):
    id: str
    name: str
    path: str


class NewUnit(Resource):
    """`parent` is a unit's id; without it the unit is a root."""

    code: Code
    name: Name
    level: Level = "unit"
    parent: Id | None = None


class UnitChange(Resource):
    name: Name


class UnitBody(Resource):
    id: str
    code: str
    name: str
    level: Level
    parent: str | None
    path: str

    @classmethod
    def of(cls, unit: Unit) -> "UnitBody":
        return cls.model_validate(unit, from_attributes=True)


class Units(Page):
    items: list[UnitBody]


class UnitsLoaded(Resource):
    added: int
    unchanged: int
    dry_run: bool


class NewCampaign(Resource):
    """`unit` is the id of the unit that holds the campaign."""

    code: Code
    title: TitleBody
    year: Annotated[int, Field(ge=1949, le=2999)]
    unit: Id


class CampaignChange(Resource):
    title: TitleBody | None = None
    year: Annotated[int, Field(ge=1949, le=2999)] | None = None


class CampaignBody(Resource):
    id: str
    code: str
    title: TitleBody
    year: int
    unit: UnitRefBody
    created_at: datetime

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignBody":
        return cls.model_validate(campaign, from_attributes=True)


class Campaigns(Page):
    items: list[CampaignBody]


class FeedBody(Resource):
    """One way in which points come to a campaign board (schemas.objects.Feed)."""

    id: Code
    cause: Literal["place", "proposal.adopted", "proposal.verified", "hazard.closed"]
    aspect: Path
    points: Annotated[dict[Path, Exact], Field(min_length=1, max_length=500)]
    source: Id = "*"
    source_kind: BoardKind | None = None
    cap: Exact | None = None

    def feed(self) -> Feed:
        return Feed(**dict(self))


class EligibilityBody(Resource):
    """What a board asks of entries (services.registration.domain.Eligibility)."""

    required: Annotated[tuple[Required, ...], Field(max_length=5)] = ()
    categories: Annotated[tuple[Category, ...], Field(max_length=100)] = ()
    min_age: Age | None = 16
    retirement_age_male: Age | None = 63
    retirement_age_female: Age | None = 58
    reference_date: date | None = None
    within_unit: bool = True
    one_event_per_person: bool = True

    def eligibility(self) -> Eligibility:
        return Eligibility(**dict(self))


class NewBoard(Resource):
    """`unit` is an id; without it the board belongs to the campaign's unit."""

    code: Code
    kind: BoardKind
    title: TitleBody
    unit: Id | None = None
    entry_kind: EntryKind = "person"
    trade: Line = ""
    blind: bool = False
    public: bool = True
    feeds: Annotated[tuple[FeedBody, ...], Field(max_length=50)] = ()
    eligibility: EligibilityBody = EligibilityBody()


class BoardChange(Resource):
    """Only what is given changes."""

    title: TitleBody | None = None
    unit: Id | None = None
    entry_kind: EntryKind | None = None
    trade: Line | None = None
    blind: bool | None = None
    public: bool | None = None
    feeds: Annotated[tuple[FeedBody, ...], Field(max_length=50)] | None = None
    eligibility: EligibilityBody | None = None


class BoardBody(Resource):
    id: str
    code: str
    campaign: str
    campaign_code: str
    campaign_title: TitleBody
    kind: BoardKind
    title: TitleBody
    unit: UnitRefBody
    entry_kind: EntryKind
    trade: str
    blind: bool
    public: bool
    feeds: list[FeedBody]
    eligibility: EligibilityBody
    opened_at: datetime | None
    version: int

    @classmethod
    def of(cls, record: BoardRecord) -> "BoardBody":
        board = msgspec.structs.asdict(record.board)
        return cls.model_validate(
            board
            | {
                "campaign_code": record.campaign_code,
                "eligibility": msgspec.structs.asdict(record.eligibility),
                "version": record.version,
                "campaign_title": msgspec.structs.asdict(record.board.campaign_title),
                "title": msgspec.structs.asdict(record.board.title),
                "unit": msgspec.structs.asdict(record.board.unit),
                "feeds": [msgspec.structs.asdict(feed) for feed in record.board.feeds],
            }
        )


class Boards(Page):
    items: list[BoardBody]


class EntryFields(Resource):
    """What an entry brings. Give at most one of `unit` (id), `unit_code` and `unit_name`."""

    unit: Id = ""
    unit_code: Short = ""
    unit_name: Line = ""
    external_id: Short = ""
    number: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    code: Annotated[Plain, Field(max_length=32)] = ""
    category: Category = ""
    unranked: bool = False
    id_number: Annotated[Plain, Field(max_length=32)] = ""
    phone: Annotated[Plain, Field(max_length=32)] = ""
    members: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    factors: Annotated[dict[Path, Exact], Field(max_length=500)] = {}
    times: Annotated[dict[Path, Exact], Field(max_length=50)] = {}


class NewEntry(EntryFields):
    name: Name
    verified: bool = False

    def draft(self) -> Draft:
        fields = dict(self)
        fields["unit_id"] = fields.pop("unit")
        del fields["verified"]
        return Draft(**fields)


class NewEntries(Resource):
    """Entries that are registered all or none. `verified`: they have been checked already."""

    entries: Annotated[list[NewEntry], Field(min_length=1, max_length=20_000)]
    verified: bool = False


class EntryChange(EntryFields):
    """Only what is given changes. `version`, where given, must be the entry's present one."""

    name: Name | None = None
    version: int | None = None


class EntryBody(Resource):
    """An entry. Id number and phone are masked, and shown to organisers only."""

    id: str
    board: str
    kind: EntryKind
    name: str
    unit: UnitRefBody
    external_id: str
    number: int
    code: str
    category: str
    status: Literal["registered", "verified", "withdrawn"]
    unranked: bool
    reason: str
    factors: dict[str, Number]
    times: dict[str, Number]
    members: list[str]
    version: int
    registered_at: datetime
    verified_at: datetime | None = None
    id_number: str | None = None
    phone: str | None = None

    @classmethod
    def of(cls, record: EntryRecord, runtime: Runtime | None = None) -> "EntryBody":
        """With `runtime` the masked personal data is shown too."""
        fields = msgspec.structs.asdict(record.entry)
        fields["unit"] = msgspec.structs.asdict(record.entry.unit)
        if runtime and record.id_number:
            fields["id_number"] = mask(runtime.sealer.open(record.id_number))
        if runtime and record.phone:
            fields["phone"] = mask(runtime.sealer.open(record.phone))
        return cls(
            **fields,
            version=record.version,
            registered_at=record.registered_at,
            verified_at=record.verified_at,
        )


class Entries(Page):
    items: list[EntryBody]


class EntriesMade(Resource):
    count: int
    ids: list[str]


class Reason(Resource):
    reason: Annotated[Prose, Field(min_length=1)]


class Verification(Resource):
    """Ids to verify; without them, every registered entry."""

    entries: Annotated[list[Id], Field(max_length=100_000)] | None = None


class Verified(Resource):
    verified: int


class NewDraw(Resource):
    redraw: bool = False
    reason: Prose = ""


class DrawBody(Resource):
    """A draw. SHA-256 of `seed:entry`, sorted, gives the numbers from `first` on."""

    id: str
    board: str
    seed: str
    first: int
    entries: list[str]
    redraw: bool
    reason: str
    drawn_at: datetime
    drawn_by: str

    @classmethod
    def of(cls, draw: Draw) -> "DrawBody":
        return cls.model_validate(draw, from_attributes=True)


class Drawn(Resource):
    draw: DrawBody
    numbers: dict[str, int]
    codes: dict[str, str]


class Draws(Resource):
    items: list[DrawBody]


class StartPlace(Resource):
    """A line of the start list. Blind boards show codes in place of names and units."""

    number: int
    code: str
    entry: str
    name: str
    unit: UnitRefBody
    category: str
    unranked: bool
    members: list[str]


class StartList(Page):
    items: list[StartPlace]
