"""What a judge's tablet needs in one answer, and the ledger for auditors."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from schemas.envelope import chained
from schemas.live_state import EntryState, status
from schemas.topics import SEQUENCED, Topic
from services.kit import log
from services.kit.access import Role
from services.kit.database import Database
from services.kit.depends import Reading, Running, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.session import ReadSession
from services.scoring import problems
from services.scoring.domain.remarks import remarks
from services.scoring.endpoints.boards import panels_out, scheme_out, windows_out
from services.scoring.endpoints.doing import BoardId
from services.scoring.endpoints.jury import control_out
from services.scoring.endpoints.records import SEEING, Paging, sheets_out
from services.scoring.endpoints.sheets import judge_of
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import OpenBoard, view
from services.scoring.resources.desk import (
    ContributionOut,
    ContributionPage,
    Desk,
    DeskBoard,
    DeskEntry,
    RemarkOut,
    Title,
)
from services.scoring.service import contributions
from services.scoring.service.boards import board_states, shown_name
from services.scoring.tables import ContributionRow

router = APIRouter(
    prefix="/api/scoring", tags=["desk"], responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard)
)
_PAGE = 1_000


@router.get("/boards/{board}/desk", responses=responses(problems.NotAJudge))
def get_desk(board: BoardId, session: Reading, who: SignedIn, running: Running) -> Desk:
    """Everything that a judge's tablet needs of a board. On a blind board nobody has a name."""
    found = view(session, board)
    judge = judge_of(who, board)
    about, scheme = found.about, found.control.scheme
    own = list(sheets.current(session, board, judge=judge))
    return Desk(
        board=DeskBoard(
            id=about.id,
            title=Title(zh=about.title.zh, en=about.title.en),
            kind=about.kind,
            entry_kind=about.entry_kind,
            blind=about.blind,
        ),
        judge=judge,
        server_time=running.clock(),
        scheme=scheme_out(scheme, sheets.any_marks(session, board)) if scheme else None,
        panels=panels_out(found),
        windows=windows_out(found),
        control=control_out(found.control),
        entries=[_entry(state, found, judge) for state in boards.entries(session, board)],
        sheets=sheets_out(session, own),
        remarks=_remarks(session, found, judge),
    )


@router.get("/boards/{board}/contributions")
def list_contributions(
    board: BoardId, wanted: Annotated[Paging, Query()], session: Reading, who: SignedIn
) -> ContributionPage:
    """Points that came from other boards, with their causes; also those that wait for a candidate."""
    view(session, board).require(who, *SEEING)
    total, rows = contributions.page(session, board, wanted.offset, wanted.limit)
    items = [_contribution(row) for row in rows]
    return ContributionPage(total=total, offset=wanted.offset, limit=wanted.limit, items=items)


@router.get("/boards/{board}/ledger.ndjson", response_class=StreamingResponse)
def get_ledger(board: BoardId, session: Reading, who: SignedIn, running: Running) -> StreamingResponse:
    """Every fact of a board, topic by topic in its order, each with its place in the hash chain."""
    view(session, board).require(who, Role.AUDITOR, Role.ORGANISER)
    return StreamingResponse(_ledger(running.database, board), media_type="application/x-ndjson")


def _ledger(database: Database, board: str) -> Iterator[bytes]:
    """Pages of the log; no session is open while a page is on its way to the reader."""
    for topic in SEQUENCED:
        after = 0
        while page := _page(database, board, topic, after):
            after = page[-1].sequence
            yield b"".join(chained(event.body, event.chain) + b"\n" for event in page)


def _page(database: Database, board: str, topic: Topic, after: int) -> list[log.LoggedEvent]:
    with database.reading() as session:
        return log.read_board(session, board, topic, after, _PAGE)


def _remarks(session: ReadSession, board: OpenBoard, judge: str) -> list[RemarkOut]:
    rules = board.control.rules
    if rules is None or not rules.limits_spread:
        return []
    states, _ = board_states(session, board)
    return [
        RemarkOut(
            entry=owed.entry, stage=owed.stage, attempt=owed.attempt, round=owed.round, paths=list(owed.paths)
        )
        for owed in remarks(rules, states, judge)
    ]


def _entry(state: EntryState, board: OpenBoard, judge: str) -> DeskEntry:
    blind = board.about.blind and board.control.published_at is None
    unit = state.unit
    seats = [each for panel in board.control.panels.values() for each in panel.judges if each.judge == judge]
    return DeskEntry(
        id=state.id,
        name=shown_name(state, blind),
        unit="" if blind or unit is None else unit.name,
        number=state.number,
        code=state.code,
        category=state.entry.category if state.entry else state.proposal.category if state.proposal else "",
        withdrawn=status(state) == "withdrawn",
        recused=any(state.id in seat.recused for seat in seats),
    )


def _contribution(row: ContributionRow) -> ContributionOut:
    fact = contributions.told(row)
    return ContributionOut(
        id=row.id,
        feed=row.feed,
        aspect=fact.aspect,
        points=fact.points,
        entered=Decimal(row.entered),
        entry=row.entry,
        settled=row.settled,
        earner=fact.earner,
        earner_name=fact.earner_name,
        cause_board=fact.cause_board,
        text=Title(zh=fact.text.zh, en=fact.text.en),
    )
