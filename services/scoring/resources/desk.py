"""HTTP bodies of the judge's desk."""

from datetime import datetime

from schemas.objects import BoardKind, EntryKind
from services.kit.resources import Number, Page, Resource
from services.scoring.resources.boards import ControlOut, PanelOut, SchemeOut, WindowIn
from services.scoring.resources.sheets import SheetOut


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


class RemarkOut(Resource):
    """A sheet that this judge is to mark again, in `round`: the panel is too far apart on `paths`."""

    entry: str
    stage: str
    attempt: int
    round: int
    paths: list[str]


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
    remarks: list[RemarkOut]


class ContributionOut(Resource):
    """Points earned elsewhere, and what of them stands: `entry` is empty while they wait for a candidate."""

    id: str
    feed: str
    aspect: str
    points: Number
    entered: Number
    entry: str
    settled: bool
    earner: str
    earner_name: str
    cause_board: str
    text: Title


class ContributionPage(Page):
    items: list[ContributionOut]
