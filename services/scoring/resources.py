"""HTTP bodies of scoring."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from schemas.objects import BoardKind, EntryKind, Panel, SheetSource, Window
from services.kit.resources import Id, Line, Number, Page, Resource, Storable
from services.scoring.repository.sheets import StoredSheet

AspectPath = Annotated[str, Field(max_length=400), Storable]
StagePath = Annotated[str, Field(max_length=200), Storable]
NewId = Annotated[str, Field(min_length=1, max_length=64), Storable]
Remark = Annotated[str, Field(max_length=2_000), Storable]
Reason = Annotated[str, Field(min_length=1, max_length=2_000), Storable]
Marks = Annotated[dict[AspectPath, Number | None], Field(max_length=1_000)]
Notes = Annotated[dict[AspectPath, Remark], Field(max_length=1_000)]
Count = Annotated[int, Field(ge=1, le=1_000)]
Version = Annotated[int, Field(ge=0, le=1_000_000)]


class MarksIn(Resource):
    """What every body with marks has. `id` is made on the device and names this version."""

    id: NewId
    marks: Marks
    notes: Notes = Field(default_factory=dict)
    base: Version = 0


class SheetIn(MarksIn):
    """A sheet from a judge. `marked_at` is when it was marked, `sent_at` the device's clock as it sends."""

    board: NewId
    entry: NewId
    stage: StagePath = ""
    attempt: Count = 1
    round: Count = 1
    marked_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None


class SheetOut(Resource):
    """A version of a sheet as it was taken. `clock_skew_ms`: how far the device's clock is ahead."""

    id: str
    board: str
    entry: str
    judge: str
    stage: str
    attempt: int
    round: int
    version: int
    base: int
    source: SheetSource
    marks: dict[str, Number | None]
    notes: dict[str, str]
    reason: str
    voided: bool
    confirmed_by: str
    marked_at: datetime | None
    received_at: datetime
    actor: str
    clock_skew_ms: int | None = None

    @classmethod
    def of(cls, stored: StoredSheet, confirmed_by: str = "", skew: int | None = None) -> "SheetOut":
        sheet = stored.sheet
        return cls.model_construct(
            id=sheet.id,
            board=sheet.board,
            entry=sheet.entry,
            judge=sheet.judge,
            stage=sheet.stage,
            attempt=sheet.attempt,
            round=sheet.round,
            version=sheet.version,
            base=sheet.base,
            source=sheet.source,
            marks=sheet.marks,
            notes=sheet.notes,
            reason=sheet.reason,
            voided=sheet.voided,
            confirmed_by=confirmed_by or sheet.confirmed_by,
            marked_at=sheet.marked_at,
            received_at=stored.received_at,
            actor=stored.actor,
            clock_skew_ms=skew,
        )


class SheetWithHistory(Resource):
    current: SheetOut
    history: list[SheetOut]


class SheetPage(Page):
    items: list[SheetOut]


class BatchIn(Resource):
    """Sheets of a tablet's queue, in the order in which they were marked."""

    sheets: Annotated[list[SheetIn], Field(max_length=500)]


class BatchItem(Resource):
    """One answer: `status` as if it had been sent alone, with the sheet or the problem."""

    id: str
    status: int
    sheet: SheetOut | None = None
    problem: dict[str, Any] | None = None


class BatchOut(Resource):
    items: list[BatchItem]


class ImportedSheet(MarksIn):
    """A sheet that the organiser types in for a judge, or results from elsewhere (theory examination)."""

    entry: NewId
    judge: NewId
    stage: StagePath = ""
    attempt: Count = 1
    round: Count = 1
    marked_at: AwareDatetime | None = None


class ImportIn(Resource):
    sheets: Annotated[list[ImportedSheet], Field(max_length=10_000)]
    dry_run: bool = False


class ImportOut(Resource):
    """`created` were taken now, `repeated` were there already; nothing was kept of a dry run."""

    created: int
    repeated: int
    dry_run: bool


class IndicatorsIn(MarksIn):
    """Indicators of one period: what the unit reports of itself, or what an inspector found."""

    entry: NewId
    period: Count = 1
    stage: StagePath = ""
    source: Literal["self", "checker"] = "self"
    marked_at: AwareDatetime | None = None


class CorrectionIn(MarksIn):
    """The marks that replace those of version `base`, and why."""

    reason: Reason


class VoidIn(Resource):
    id: NewId
    base: Version
    reason: Reason


class ReasonIn(Resource):
    reason: Remark = ""


class WhyIn(Resource):
    reason: Reason


class StageIn(ReasonIn):
    stage: StagePath = ""


class StageWhyIn(WhyIn):
    stage: StagePath = ""


class SchemeIn(Resource):
    """A scheme as data. After the first mark: `amend` true and a `reason`, and see the check first."""

    data: dict[str, Any]
    reason: Remark = ""
    amend: bool = False


class SchemeOut(Resource):
    board: str
    version: int
    data: dict[str, Any]
    reason: str
    locked: bool


class SchemeCheckIn(Resource):
    data: dict[str, Any]


class Standing(Resource):
    place: int | None
    total: Number | None


class RankChange(Resource):
    """How one entry's standing would change."""

    entry: str
    name: str
    before: Standing
    after: Standing


class SchemeCheck(Resource):
    """What a scheme would do: what it lays out, whom it would move, which sheets it would not take."""

    stages: list[str]
    aspects: list[str]
    locked: bool
    entries: int
    changes: list[RankChange]
    sheets_refused: int


class JudgeIn(Resource):
    judge: NewId
    name: Line
    seat: Annotated[str, Field(max_length=20), Storable] = ""
    chief: bool = False
    recused: Annotated[list[Id], Field(max_length=10_000)] = Field(default_factory=list)


class PanelIn(Resource):
    stage: StagePath = ""
    judges: Annotated[list[JudgeIn], Field(max_length=500)]


class PanelOut(Resource):
    stage: str
    judges: list[JudgeIn]

    @classmethod
    def of(cls, panel: Panel) -> "PanelOut":
        judges = [
            JudgeIn(
                judge=each.judge, name=each.name, seat=each.seat, chief=each.chief, recused=list(each.recused)
            )
            for each in panel.judges
        ]
        return cls(stage=panel.stage, judges=judges)


class Panels(Resource):
    board: str
    panels: list[PanelOut]


class WindowIn(Resource):
    stage: StagePath = ""
    mode: Literal["closed", "one", "all"]
    entry: Id | None = None
    deadline: AwareDatetime | None = None
    grace: Annotated[int, Field(ge=0, le=86_400)] = 0
    editable: bool = True

    @classmethod
    def of(cls, window: Window) -> "WindowIn":
        return cls(
            stage=window.stage,
            mode=window.mode,
            entry=window.entry,
            deadline=window.deadline,
            grace=window.grace,
            editable=window.editable,
        )


class Windows(Resource):
    board: str
    server_time: datetime
    windows: list[WindowIn]


class VetoIn(WhyIn):
    entry: NewId
    veto: Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[^/]*$"), Storable]
    source: Literal["inspector", "authority", "organiser"] = "organiser"


class DisqualificationIn(WhyIn):
    entry: NewId


class TieDecisionIn(ReasonIn):
    """A committee's or play-off's order: entry → place among the tied, 1 the best."""

    key: NewId
    order: Annotated[dict[Id, Number], Field(min_length=1, max_length=1_000)]


class PublishIn(ReasonIn):
    stage: StagePath = ""


class ControlOut(Resource):
    """What was decided about a board."""

    board: str
    scheme_version: int
    frozen: bool
    published_at: datetime | None
    locked: list[str]
    shown_stages: list[str]
    disqualified: dict[str, str]
    vetoes: dict[str, dict[str, str]]
    decisions: dict[str, dict[str, Number]]


class PublishOut(ControlOut):
    """`incomplete` entries were published with marks still owed."""

    places: dict[str, int]
    awards: dict[str, list[str]]
    incomplete: list[str]


class DeskEntry(Resource):
    """An entry as judges see it; on a blind board the name is its code and the unit is empty."""

    id: str
    name: str
    unit: str
    number: int
    code: str
    category: str
    withdrawn: bool
    recused: bool


class Title(Resource):
    zh: str
    en: str


class DeskBoard(Resource):
    id: str
    title: Title
    kind: BoardKind
    entry_kind: EntryKind
    blind: bool


class Desk(Resource):
    """Everything that a judge's tablet needs of a board."""

    board: DeskBoard
    judge: str
    server_time: datetime
    scheme: SchemeOut | None
    panels: list[PanelOut]
    windows: list[WindowIn]
    control: ControlOut
    entries: list[DeskEntry]
    sheets: list[SheetOut]
