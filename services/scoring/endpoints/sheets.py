"""POST /sheets, the hot path, and the batch of a tablet's queue."""

import asyncio
from datetime import datetime

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from rules.text import Text
from services.kit.access import Principal, Role
from services.kit.depends import SignedIn, principal_of, runtime_of, signed_in
from services.kit.group_commit import GroupCommit
from services.kit.language import language_of
from services.kit.problems import Forbidden, NotSignedIn, Problem, responses
from services.scoring import problems
from services.scoring.domain.submission import Submission
from services.scoring.resources.sheets import BatchIn, BatchItem, BatchOut, SheetIn, SheetOut
from services.scoring.service.sheets import Command, Taken

Takers = GroupCommit[Command, Taken]
REFUSALS = (
    NotSignedIn,
    Forbidden,
    problems.NotAJudge,
    problems.UnknownBoard,
    problems.UnknownEntry,
    problems.NotOnPanel,
    problems.Recused,
    problems.MarkOutsideScale,
    problems.UnknownAspect,
    problems.MissingAspect,
    problems.UnknownStage,
    problems.AttemptBeyondCount,
    problems.SchemeMissing,
    problems.WindowClosed,
    problems.WindowOnAnotherEntry,
    problems.DeadlinePassed,
    problems.SheetFinal,
    problems.StaleBase,
    problems.SheetIdReused,
    problems.StageSealed,
    problems.BoardPublished,
    problems.EntryIsWithdrawn,
    problems.RoundNotAsked,
)
router = APIRouter(prefix="/api/scoring", tags=["sheets"])
_BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": SheetIn.model_json_schema()}},
    }
}


@router.post(
    "/sheets",
    status_code=201,
    response_model=SheetOut,
    responses={200: {"model": SheetOut, "description": "Taken before"}, **responses(*REFUSALS)},
    openapi_extra=_BODY,
)
async def submit_sheet(request: Request) -> Response:
    """Take one sheet. A repeat of the same id and content gets the same answer with status 200."""
    principal = await signed_in(await principal_of(request))
    try:
        body = SheetIn.model_validate_json(await request.body())
    except ValidationError as error:
        raise RequestValidationError(_in_body(error)) from None
    takers: Takers = request.app.state.takers
    taken = await takers(_command(body, principal))
    found = SheetOut.json_of(taken.stored, _skew(body, runtime_of(request).clock()))
    return Response(found, 201 if taken.created else 200, media_type="application/json")


@router.post("/sheets/batch", responses=responses(NotSignedIn))
async def submit_batch(body: BatchIn, request: Request, principal: SignedIn) -> BatchOut:
    """Take a tablet's queue in its order; each sheet is answered as if it had been sent alone."""
    takers: Takers = request.app.state.takers
    answers = await asyncio.gather(
        *[_take(takers, each, principal) for each in body.sheets], return_exceptions=True
    )
    now = runtime_of(request).clock()
    language = language_of(request)
    items = []
    for each, answer in zip(body.sheets, answers, strict=True):
        if isinstance(answer, Problem):
            item = BatchItem(id=each.id, status=answer.status, problem=answer.body(language))
        elif isinstance(answer, BaseException):
            raise answer
        else:
            sheet = SheetOut.of(answer.stored, skew=_skew(each, now))
            item = BatchItem(id=each.id, status=201 if answer.created else 200, sheet=sheet)
        items.append(item)
    return BatchOut(items=items)


async def _take(takers: Takers, body: SheetIn, principal: Principal) -> Taken:
    return await takers(_command(body, principal))


def judge_of(principal: Principal, board: str) -> str:
    """The judge id of this person on a board. Raises NotAJudge or Forbidden."""
    judge = principal.judge_on(board)
    if judge is None:
        principal.require(Role.JUDGE, Role.CHIEF_JUDGE, board=board)
        raise problems.NotAJudge(
            way_out=Text(
                "用裁判链接登录；代裁判录入请用导入",
                "Sign in by a judge link; to type sheets in for a judge, use the import",
            )
        )
    return judge


def _command(body: SheetIn, principal: Principal) -> Command:
    given = Submission(
        id=body.id,
        board=body.board,
        entry=body.entry,
        judge=judge_of(principal, body.board),
        marks=body.marks,
        stage=body.stage,
        attempt=body.attempt,
        round=body.round,
        base=body.base,
        notes=body.notes,
        device=principal.device,
        marked_at=body.marked_at,
    )
    return Command(given, principal.account)


def _skew(body: SheetIn, now: datetime) -> int | None:
    return None if body.sent_at is None else round((body.sent_at - now).total_seconds() * 1000)


def _in_body(error: ValidationError) -> list[dict[str, object]]:
    return [
        {**each, "loc": ("body", *each["loc"])}
        for each in error.errors(include_url=False, include_context=True)
    ]
