"""HTTP bodies of what is set up and decided about a board."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from schemas.objects import Panel, Window
from services.kit.resources import Id, Line, Number, Resource, Storable
from services.scoring.resources.words import NewId, Reason, Remark, StagePath


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
