"""Sheets after they were taken: lists, history, confirmation, correction, import, indicators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import Field

from services.kit.access import Principal, Role
from services.kit.depends import Reading, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Id, Resource
from services.scoring import problems
from services.scoring.domain.submission import Submission
from services.scoring.endpoints.doing import BoardId, Doing
from services.scoring.endpoints.sheets import REFUSALS
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import OpenBoard, view
from services.scoring.repository.sheets import StoredSheet
from services.scoring.resources.sheets import (
    CorrectionIn,
    ImportIn,
    ImportOut,
    IndicatorsIn,
    SheetOut,
    SheetPage,
    SheetWithHistory,
    VoidIn,
)
from services.scoring.service import corrections, imports
from services.scoring.service.corrections import Change
from services.scoring.service.sheets import Taken

SheetId = Annotated[str, Path(max_length=200)]
SEEING = (Role.ORGANISER, Role.CHIEF_JUDGE, Role.AUDITOR)
"""Those who may see every sheet of a board; a judge sees their own."""

router = APIRouter(
    prefix="/api/scoring",
    tags=["sheets"],
    responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard, problems.UnknownSheet),
)


class Paging(Resource):
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class Wanted(Paging):
    """Which sheets of a board, and which page of them."""

    entry: Id = ""
    judge: Id = ""


class DryRun(Exception):
    """Nothing of a dry run is kept: raised to roll its transaction back."""

    def __init__(self, answer: Resource) -> None:
        self.answer = answer


@router.get("/boards/{board}/sheets")
def list_sheets(
    board: BoardId,
    session: Reading,
    who: SignedIn,
    wanted: Annotated[Wanted, Query()],
) -> SheetPage:
    """The present versions of a board's sheets. Judges get their own; who reports for a unit, its reports."""
    found, judge = view(session, board), wanted.judge
    if not found.may(who, *SEEING):
        judge = _own(session, found, who, wanted.entry)
    total = sheets.count_current(session, board, entry=wanted.entry, judge=judge)
    page = list(
        sheets.current(
            session, board, entry=wanted.entry, judge=judge, offset=wanted.offset, limit=wanted.limit
        )
    )
    items = sheets_out(session, page)
    return SheetPage(total=total, offset=wanted.offset, limit=wanted.limit, items=items)


@router.get("/sheets/{sheet}")
def get_sheet(sheet: SheetId, session: Reading, who: SignedIn) -> SheetWithHistory:
    """A sheet by the id of any of its versions, with its whole history."""
    found = corrections.find(session, sheet)
    board = view(session, found.sheet.board)
    if who.judge_on(found.sheet.board) != found.sheet.judge:
        board.require(who, *SEEING)
    history = sheets_out(session, sheets.history(session, found.sheet.board, found.slot))
    return SheetWithHistory(current=history[-1], history=history)


@router.post("/sheets/{sheet}/confirm", responses=responses(problems.SamePerson, problems.SheetVoid))
def confirm_sheet(sheet: SheetId, doing: Doing) -> SheetOut:
    """A second person says that the present version is right."""
    found = corrections.confirm(doing.session, sheet, doing.who, doing.clock)
    return sheets_out(doing.session, [found])[0]


@router.post("/sheets/{sheet}/correct", status_code=201, responses=responses(*REFUSALS))
def correct_sheet(sheet: SheetId, body: CorrectionIn, doing: Doing, response: Response) -> SheetOut:
    """Replace a sheet's marks with a reason (chief judge)."""
    wanted = Change(id=body.id, base=body.base, reason=body.reason, marks=body.marks, notes=body.notes)
    return _changed(sheet, wanted, doing, response)


@router.post(
    "/sheets/{sheet}/void", status_code=201, responses=responses(problems.SheetVoid, problems.StaleBase)
)
def void_sheet(sheet: SheetId, body: VoidIn, doing: Doing, response: Response) -> SheetOut:
    """Let a sheet count no more (chief judge); it stays in the ledger."""
    return _changed(sheet, Change(id=body.id, base=body.base, reason=body.reason), doing, response)


@router.post("/boards/{board}/sheets/import", responses=responses(*REFUSALS))
def import_sheets(board: BoardId, body: ImportIn, doing: Doing) -> ImportOut:
    """Take sheets that the organiser typed in for judges, all or none; windows do not ask."""
    given = [
        Submission(
            id=each.id,
            board=board,
            entry=each.entry,
            judge=each.judge,
            marks=each.marks,
            stage=each.stage,
            attempt=each.attempt,
            round=each.round,
            base=each.base,
            notes=each.notes,
            device=doing.who.device,
            marked_at=each.marked_at,
        )
        for each in body.sheets
    ]
    taken = imports.import_sheets(doing.session, board, given, doing.who, doing.clock)
    created = sum(each.created for each in taken)
    answer = ImportOut(created=created, repeated=len(taken) - created, dry_run=body.dry_run)
    if body.dry_run:
        raise DryRun(answer)
    return answer


@router.post("/boards/{board}/indicators", status_code=201, responses=responses(*REFUSALS))
def report_indicators(board: BoardId, body: IndicatorsIn, doing: Doing, response: Response) -> SheetOut:
    """Indicators of one period: the unit's own figures (`self`), or an inspector's (`checker`)."""
    given = Submission(
        id=body.id,
        board=board,
        entry=body.entry,
        judge=body.source,
        marks=body.marks,
        stage=body.stage,
        attempt=body.period,
        base=body.base,
        source=body.source,
        notes=body.notes,
        device=doing.who.device,
        marked_at=body.marked_at,
    )
    return _answer(imports.report(doing.session, given, doing.who, doing.clock), response)


def _own(session: Reading, board: OpenBoard, who: Principal, entry: str) -> str:
    """The judge whose sheets this person may see, `self` for an entry of a unit that they report for."""
    if entry:
        state = next((each for each in boards.entries(session, board.id) if each.id == entry), None)
        if state and state.unit and who.may(Role.CONTESTANT, unit=state.unit.path, board=board.id):
            return "self"
    board.require(who, *SEEING, Role.JUDGE)
    return who.judge_on(board.id) or "-"


def sheets_out(session: Reading, found: list[StoredSheet]) -> list[SheetOut]:
    """Sheets with who confirmed each."""
    confirmed = sheets.confirmers(session, [each.id for each in found])
    return [SheetOut.of(each, confirmed_by=confirmed.get(each.id, "")) for each in found]


def _changed(sheet: str, wanted: Change, doing: Doing, response: Response) -> SheetOut:
    return _answer(corrections.change(doing.session, sheet, wanted, doing.who, doing.clock), response)


def _answer(taken: Taken, response: Response) -> SheetOut:
    if not taken.created:
        response.status_code = 200
    return SheetOut.of(taken.stored)
