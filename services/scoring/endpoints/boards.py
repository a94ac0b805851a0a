"""Scheme, panels and windows of a board."""

from fastapi import APIRouter

from schemas.objects import Panel, PanelJudge, SchemeVersion, Window
from services.kit.depends import Asking, Reading, Running, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.scoring import problems
from services.scoring.endpoints.doing import EVERYONE, BoardId, Doing
from services.scoring.repository import sheets
from services.scoring.repository.opened import OpenBoard, view
from services.scoring.resources.boards import (
    PanelIn,
    PanelOut,
    Panels,
    RankChange,
    SchemeCheck,
    SchemeCheckIn,
    SchemeIn,
    SchemeOut,
    Standing,
    WindowIn,
    Windows,
)
from services.scoring.service import boards
from services.scoring.service.boards import Checked

router = APIRouter(
    prefix="/api/scoring", tags=["boards"], responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard)
)


@router.put(
    "/boards/{board}/scheme",
    responses=responses(problems.SchemeNotValid, problems.SchemeLocked, problems.BoardPublished),
)
def put_scheme(board: BoardId, body: SchemeIn, doing: Doing) -> SchemeOut:
    """Put a scheme in force; after the first mark only as an amendment with a reason."""

    def do() -> SchemeOut:
        version = boards.publish_scheme(
            doing.session,
            board,
            body.data,
            reason=body.reason,
            amend=body.amend,
            principal=doing.who,
            clock=doing.clock,
        )
        return scheme_out(version, sheets.any_marks(doing.session, board))

    return doing.once(body, do)


@router.get("/boards/{board}/scheme", responses=responses(problems.SchemeMissing))
def get_scheme(board: BoardId, session: Reading, who: Asking) -> SchemeOut:
    """The scheme in force. Of a public board anyone may read how it counts."""
    found = view(session, board)
    if not found.about.public:
        found.require(who, *EVERYONE)
    if found.control.scheme is None:
        raise problems.SchemeMissing()
    return scheme_out(found.control.scheme, sheets.any_marks(session, board))


@router.post("/boards/{board}/scheme/check", responses=responses(problems.SchemeNotValid))
def check_scheme(board: BoardId, body: SchemeCheckIn, session: Reading, who: SignedIn) -> SchemeCheck:
    """What a scheme would change, counted from the sheets that are there; nothing is written."""
    return _check_out(boards.check_scheme(session, board, body.data, who))


@router.put("/boards/{board}/panels", responses=responses(problems.UnknownStage))
def put_panel(board: BoardId, body: PanelIn, doing: Doing) -> PanelOut:
    """Fix who marks a stage ("" = the whole scheme), and who is recused from which entries."""
    panel = Panel(
        board=board,
        stage=body.stage,
        judges=tuple(
            PanelJudge(
                judge=each.judge,
                name=each.name,
                seat=each.seat,
                chief=each.chief,
                recused=tuple(each.recused),
            )
            for each in body.judges
        ),
    )

    def do() -> PanelOut:
        boards.set_panel(doing.session, panel, doing.who, doing.clock)
        return PanelOut.of(panel)

    return doing.once(body, do)


@router.get("/boards/{board}/panels")
def get_panels(board: BoardId, session: Reading, who: SignedIn) -> Panels:
    found = view(session, board)
    found.require(who, *EVERYONE)
    return Panels(board=board, panels=panels_out(found))


@router.put("/boards/{board}/window", responses=responses(problems.UnknownStage, problems.UnknownEntry))
def put_window(board: BoardId, body: WindowIn, doing: Doing) -> WindowIn:
    """Open a stage for nobody, one entry or all, until a deadline by the server's clock."""
    window = Window(
        board=board,
        stage=body.stage,
        mode=body.mode,
        entry=body.entry,
        deadline=body.deadline,
        grace=body.grace,
        editable=body.editable,
    )

    def do() -> WindowIn:
        boards.set_window(doing.session, window, doing.who, doing.clock)
        return body

    return doing.once(body, do)


@router.get("/boards/{board}/window")
def get_windows(board: BoardId, session: Reading, who: SignedIn, running: Running) -> Windows:
    """All windows, and the server's clock that their deadlines go by."""
    found = view(session, board)
    found.require(who, *EVERYONE)
    return Windows(board=board, server_time=running.clock(), windows=windows_out(found))


def scheme_out(version: SchemeVersion, locked: bool) -> SchemeOut:
    return SchemeOut(
        board=version.board, version=version.version, data=version.data, reason=version.reason, locked=locked
    )


def panels_out(board: OpenBoard) -> list[PanelOut]:
    return [PanelOut.of(panel) for _, panel in sorted(board.control.panels.items())]


def windows_out(board: OpenBoard) -> list[WindowIn]:
    return [WindowIn.of(window) for _, window in sorted(board.control.windows.items())]


def _check_out(checked: Checked) -> SchemeCheck:
    before = {row.entry: row for row in checked.before.rows} if checked.before else {}
    changes = []
    for row in checked.after.rows:
        was = before.get(row.entry)
        old = Standing(place=was.place if was else None, total=was.total if was else None)
        new = Standing(place=row.place, total=row.total)
        if old != new:
            changes.append(RankChange(entry=row.entry, name=checked.names[row.entry], before=old, after=new))
    return SchemeCheck(
        stages=[placed.path for placed in checked.rules.scheme.stages()],
        aspects=[placed.path for placed in checked.rules.scheme.aspects()],
        locked=checked.locked,
        entries=len(checked.after.rows),
        changes=changes,
        sheets_refused=checked.refused,
    )
