"""Templates of contests, and what a scheme makes of a sample sheet. Neither touches a board."""

from functools import cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field

from schemas.objects import BoardKind, EntryKind
from services.kit.depends import SignedIn
from services.kit.problems import NotSignedIn, responses
from services.kit.resources import Number, Resource
from services.scoring import problems
from services.scoring.domain.marks import require_marks
from services.scoring.domain.preview import trial
from services.scoring.domain.submission import Submission
from services.scoring.resources.desk import Title
from services.scoring.resources.words import AspectPath, Marks
from services.scoring.service.boards import read_scheme
from services.scoring.templates import NAMES, template

router = APIRouter(prefix="/api/scoring", tags=["templates"], responses=responses(NotSignedIn))


class FeedOut(Resource):
    """One way in which points come to a campaign board (schemas.objects.Feed)."""

    id: str
    cause: Literal["place", "proposal.adopted", "proposal.verified", "hazard.closed"]
    aspect: str
    points: dict[str, Number]
    source: str = "*"
    source_kind: BoardKind | None = None
    cap: Number | None = None


class TemplateOut(Resource):
    """A contest to start from. `judges` is the usual size of the panel that marks `stage`."""

    id: str
    kind: BoardKind
    entry_kind: EntryKind
    title: Title
    about: Title
    judges: int
    stage: str
    scheme: dict[str, Any]
    feeds: list[FeedOut] = Field(default_factory=list)


class Templates(Resource):
    items: list[TemplateOut]


class TrialIn(Resource):
    """A scheme, the same marks from every judge, and the numbers that the entry brings."""

    data: dict[str, Any]
    marks: Marks = Field(default_factory=dict)
    factors: Annotated[dict[AspectPath, Number], Field(max_length=500)] = Field(default_factory=dict)


class TrialOut(Resource):
    """`values` of every node by path; `total` None while nothing is marked or others decide."""

    total: Number | None
    complete: bool
    values: dict[str, Number | None]
    aspects: list[str]
    stages: list[str]
    field_wide: bool


@router.get("/templates")
def list_templates(_who: SignedIn) -> Templates:
    """The contests that are run most often, each with its scheme and awards."""
    return _templates()


@router.post(
    "/scheme/try",
    responses=responses(problems.SchemeNotValid, problems.MarkOutsideScale, problems.UnknownAspect),
)
def try_scheme(body: TrialIn, _who: SignedIn) -> TrialOut:
    """Check a scheme and count a sample sheet by it; nothing is written."""
    rules = read_scheme(body.data)
    require_marks(rules, Submission("", "", "", "", body.marks, on_behalf=True))
    found = trial(rules, body.marks, body.factors)
    return TrialOut(
        total=None if rules.scheme.field_wide else found.total,
        complete=found.complete,
        values={cell.path: cell.value for cell in found.cells.values() if cell.attempt <= 1},
        aspects=[placed.path for placed in rules.scheme.aspects()],
        stages=[placed.path for placed in rules.scheme.stages()],
        field_wide=rules.scheme.field_wide,
    )


@cache
def _templates() -> Templates:
    return Templates(items=[TemplateOut.model_validate({"id": name, **template(name)}) for name in NAMES])
