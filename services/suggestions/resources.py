"""What goes in and out over HTTP."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from schemas.objects import ProposalKind, ProposalStage
from services.kit.resources import Id, Line, Number, Page, Prose, Resource, Storable

Named = Annotated[Line, Field(min_length=1)]
Said = Annotated[Prose, Field(min_length=1)]
Money = Annotated[Number, Field(ge=Decimal(0), max_digits=18, decimal_places=2)]
Path = Annotated[str, Field(max_length=400, pattern=r"^/(?:[^/]+/)*$"), Storable]


class UnitBody(Resource):
    """A unit and its place in the tree: `/` + ids from the root + `/`."""

    id: Annotated[Id, Field(min_length=1)]
    name: Named
    path: Path


class AuthorBody(Resource):
    """An author by name; with the account, so that it cannot vote for its own."""

    name: Named
    account: Id = ""


class ProposalDraft(Resource):
    """What a worker hands in. Without `authors` it is the signed-in person's own."""

    kind: ProposalKind = "proposal"
    title: Named
    unit: UnitBody
    present: Prose = ""
    measure: Prose = ""
    effect: Prose = ""
    authors: Annotated[tuple[AuthorBody, ...], Field(max_length=20)] = ()
    external_id: Line = ""
    category: Line = ""
    anonymous: bool = False


class Remark(Resource):
    """A command that may say why."""

    reason: Prose = ""


class Reason(Resource):
    """A command that must say why."""

    reason: Said


class MergeBody(Reason):
    into: Annotated[Id, Field(min_length=1)]


class BenefitBody(Remark):
    """The yearly value in yuan, as measured."""

    benefit: Money


class DriveBody(Resource):
    """Days to answer a proposal, hours to answer a hazard report, and whether a yearly value on the border
    of two grades belongs to the lower one."""

    answer_days: Annotated[int, Field(ge=1, le=365)] = 20
    hazard_hours: Annotated[int, Field(ge=1, le=720)] = 24
    upper_inclusive: bool = False


class GradeBody(Resource):
    grade: int
    bonus_from: Number
    bonus_to: Number
    honour: str


class ProposalBody(Resource):
    """A proposal as this reader may see it."""

    id: str
    board: str
    kind: ProposalKind
    stage: ProposalStage
    stage_name: str
    version: int
    title: str
    unit: UnitBody | None
    authors: tuple[str, ...]
    anonymous: bool
    mine: bool
    present: str
    measure: str
    effect: str
    external_id: str
    category: str
    reason: str
    benefit: Number | None
    grade: GradeBody | None
    votes: int
    voted: bool
    merged_into: str | None
    submitted_at: datetime
    answer_due_at: datetime
    answered_at: datetime | None
    overdue: bool
    possible: tuple[str, ...]


class StepBody(Resource):
    action: str
    stage: str
    stage_name: str
    reason: str
    at: datetime


class DuplicateBody(Resource):
    id: str
    title: str
    authors: tuple[str, ...]


class ProposalDetail(ProposalBody):
    """With its course so far and those that were merged into it."""

    steps: tuple[StepBody, ...]
    duplicates: tuple[DuplicateBody, ...]


class ProposalPage(Page):
    proposals: tuple[ProposalBody, ...]
