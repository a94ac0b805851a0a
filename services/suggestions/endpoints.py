"""HTTP routes of the suggestions service."""

from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request

from schemas.objects import ProposalKind, ProposalStage
from services.kit.depends import DoOnce, Reading, Running, SignedIn, Transaction
from services.kit.language import language_of
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id, Line, Plain, Resource
from services.suggestions import problems, repository, views
from services.suggestions.boards import drive_board
from services.suggestions.domain import DriveRules
from services.suggestions.repository import Wanted
from services.suggestions.resources import (
    BenefitBody,
    DriveBody,
    MergeBody,
    ProposalDetail,
    ProposalDraft,
    ProposalPage,
    Reason,
    Remark,
)
from services.suggestions.service import Suggestions
from services.suggestions.tables import ProposalRow

_ALWAYS = (NotSignedIn, Forbidden, NotFound)
commands = APIRouter(
    prefix="/api/suggestions", tags=["proposals"], responses=responses(*_ALWAYS, problems.NotNow)
)
queries = APIRouter(
    prefix="/api/suggestions", tags=["proposals"], responses=responses(*_ALWAYS, problems.NotADrive)
)

BoardId = Annotated[Id, Path()]
ProposalId = Annotated[Id, Path()]


class Asked:
    """A command: who asks, in which transaction, done once, and answered with the proposal after it."""

    def __init__(
        self, request: Request, runtime: Running, session: Transaction, asking: SignedIn, once: DoOnce
    ) -> None:
        self._request, self._runtime, self._session = request, runtime, session
        self._asking, self._once = asking, once

    def do(
        self, body: Resource, command: Callable[[Suggestions], ProposalRow], hide_asker: bool = False
    ) -> ProposalDetail:
        """Run `command` once. With `hide_asker` the stored answer does not say whose request it was."""
        suggestions = Suggestions(self._runtime, self._session, self._asking)
        keyed = self._asking
        if hide_asker:
            keyed = replace(keyed, account=self._runtime.sealer.index(keyed.account))
        return self._once(self._session, keyed, body, lambda: self._answer(command(suggestions)))

    def _answer(self, row: ProposalRow) -> ProposalDetail:
        self._session.flush()
        return _reader(self._request, self._runtime, self._session, self._asking, row.board).detail(row)


Command = Annotated[Asked, Depends()]


@commands.post("/boards/{board}/proposals", status_code=201)
def submit(board: BoardId, draft: ProposalDraft, asked: Command) -> ProposalDetail:
    return asked.do(draft, lambda service: service.submit(board, draft), hide_asker=draft.anonymous)


@commands.post("/proposals/{id}/screen")
def screen(id: ProposalId, body: Remark, asked: Command) -> ProposalDetail:
    return asked.do(body, lambda service: service.advance(id, "screen", body.reason))


@commands.post("/proposals/{id}/review", responses=responses(problems.NotMarked))
def review(id: ProposalId, body: Remark, asked: Command) -> ProposalDetail:
    """Mark the panel's review as finished; its marks are sheets of the drive's board, entry = proposal."""
    return asked.do(body, lambda service: service.review(id, body.reason))


@commands.post("/proposals/{id}/adopt")
def adopt(id: ProposalId, body: Remark, asked: Command) -> ProposalDetail:
    return asked.do(body, lambda service: service.advance(id, "adopt", body.reason))


@commands.post("/proposals/{id}/decline")
def decline(id: ProposalId, body: Reason, asked: Command) -> ProposalDetail:
    """The reason is what the proposer is told."""
    return asked.do(body, lambda service: service.advance(id, "decline", body.reason))


@commands.post("/proposals/{id}/implement")
def implement(id: ProposalId, body: Remark, asked: Command) -> ProposalDetail:
    return asked.do(body, lambda service: service.advance(id, "implement", body.reason))


@commands.post("/proposals/{id}/verify")
def verify(id: ProposalId, body: BenefitBody, asked: Command) -> ProposalDetail:
    """Confirm the yearly value in yuan; the answer shows the grade of the state rule."""
    return asked.do(body, lambda service: service.advance(id, "verify", body.reason, body.benefit))


@commands.post("/proposals/{id}/close")
def close(id: ProposalId, body: Reason, asked: Command) -> ProposalDetail:
    """A hazard is gone; the reason says what was done."""
    return asked.do(body, lambda service: service.advance(id, "close", body.reason))


@commands.post("/proposals/{id}/merge", responses=responses(problems.NotEarlier))
def merge(id: ProposalId, body: MergeBody, asked: Command) -> ProposalDetail:
    return asked.do(body, lambda service: service.merge(id, body.into, body.reason))


@commands.post("/proposals/{id}/unmerge", responses=responses(problems.MergeStands))
def unmerge(id: ProposalId, body: Reason, asked: Command) -> ProposalDetail:
    return asked.do(body, lambda service: service.unmerge(id, body.reason))


@commands.post("/proposals/{id}/votes", status_code=201, responses=responses(problems.AlreadyVoted))
def vote(id: ProposalId, asked: Command) -> ProposalDetail:
    return asked.do(Resource(), lambda service: service.vote(id))


@commands.put("/boards/{board}/rules")
def set_rules(
    board: BoardId, body: DriveBody, runtime: Running, session: Transaction, asking: SignedIn
) -> DriveBody:
    Suggestions(runtime, session, asking).set_drive(board, DriveRules(**body.model_dump()))
    return body


@queries.get("/boards/{board}/rules")
def get_rules(board: BoardId, session: Reading, _asking: SignedIn) -> DriveBody:
    return DriveBody(**asdict(repository.drive(session, drive_board(session, board).id)))


@queries.get("/boards/{board}/proposals")
def list_proposals(
    *,
    request: Request,
    board: BoardId,
    runtime: Running,
    session: Reading,
    asking: SignedIn,
    q: Annotated[Line, Query()] = "",
    stage: ProposalStage | None = None,
    kind: ProposalKind | None = None,
    unit: Annotated[Plain, Query(max_length=400, description="a unit's path: it and all below")] = "",
    overdue: Annotated[bool, Query(description="only those whose answer is late")] = False,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> ProposalPage:
    reader = _reader(request, runtime, session, asking, board)
    wanted = Wanted(
        board=board,
        text=q,
        authors_too=reader.sees_authors,
        stage=stage,
        kind=kind,
        unit_path=unit if reader.sees_authors else "",
        overdue_at=reader.now if overdue else None,
    )
    return reader.page(wanted, offset, limit)


@queries.get("/proposals/{id}")
def get_proposal(
    request: Request, id: ProposalId, runtime: Running, session: Reading, asking: SignedIn
) -> ProposalDetail:
    row = views.find(session, id)
    return _reader(request, runtime, session, asking, row.board).detail(row)


def _reader(
    request: Request, runtime: Running, session: Reading, asking: SignedIn, board: str
) -> views.Reader:
    return views.reader(
        session,
        asking,
        board,
        sealer=runtime.sealer,
        language=language_of(request),
        now=runtime.clock(),
    )
