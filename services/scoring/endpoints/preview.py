"""What a sheet is worth while it is being filled in. Nothing is written."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from rules.text import Text
from schemas.live_state import EntryState
from services.kit.depends import Reading, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Number, Resource
from services.kit.session import ReadSession
from services.scoring import problems
from services.scoring.domain import preview
from services.scoring.domain.marks import require_marks
from services.scoring.domain.submission import Submission
from services.scoring.endpoints.doing import BoardId
from services.scoring.endpoints.sheets import judge_of
from services.scoring.repository import boards
from services.scoring.repository.opened import view
from services.scoring.resources.words import Count, Marks, NewId, StagePath

router = APIRouter(
    prefix="/api/scoring", tags=["desk"], responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard)
)


class PreviewIn(Resource):
    """Marks as far as they are given; what is missing is left out."""

    entry: NewId
    stage: StagePath = ""
    attempt: Count = 1
    marks: Annotated[Marks, Field(max_length=1_000)]


class PreviewOut(Resource):
    """`value` of the stage if every judge gave these marks; None where nothing can be said yet."""

    value: Number | None
    complete: bool
    groups: dict[str, Number | None]


@router.post(
    "/boards/{board}/preview",
    responses=responses(
        problems.NotAJudge, problems.SchemeMissing, problems.UnknownEntry, problems.MarkOutsideScale
    ),
)
def preview_sheet(board: BoardId, body: PreviewIn, session: Reading, who: SignedIn) -> PreviewOut:
    """What a sheet comes to by the scheme, if every seat of the panel gave the same marks."""
    judge = judge_of(who, board)
    rules = view(session, board).control.rules
    if rules is None:
        raise problems.SchemeMissing()
    stage, attempt = body.stage, body.attempt
    require_marks(rules, Submission("", board, body.entry, judge, body.marks, stage, attempt, on_behalf=True))
    state = boards.entry(session, board, body.entry) or _not_projected(session, board, body.entry)
    if state is None:
        raise problems.UnknownEntry(
            way_out=Text("从榜的参赛名单中选取", "Take one from the board's entries"), entry=body.entry
        )
    found = preview.preview(rules, state, stage, attempt, body.marks)
    return PreviewOut(value=found.value, complete=found.complete, groups=dict(found.groups))


def _not_projected(session: ReadSession, board: str, entry: str) -> EntryState | None:
    """An entry that registered after the last sheet was taken."""
    return next((state for state in boards.entries(session, board) if state.id == entry), None)
