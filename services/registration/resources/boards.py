"""HTTP bodies of units, campaigns and boards."""

from datetime import date, datetime
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from schemas.objects import BoardKind, EntryKind, Feed, Named
from services.kit.resources import Id, Line, Page, Resource
from services.registration.domain import (
    BoardRecord,
    Campaign,
    Eligibility,
    Level,
    Required,
    Unit,
)
from services.registration.resources.texts import Age, Category, Code, Exact, Name, Path


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
