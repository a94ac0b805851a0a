"""Freeze and thaw, lock and unlock, publish and withdraw, vetoes, disqualifications, tie decisions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from schemas.events.scores import VetoRaised
from services.kit.depends import Asking, Reading
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Id, Plain
from services.scoring import problems
from services.scoring.domain.board import BoardControl
from services.scoring.endpoints.doing import EVERYONE, BoardId, Doing
from services.scoring.repository.opened import view
from services.scoring.resources.boards import (
    ControlOut,
    DisqualificationIn,
    PublishIn,
    PublishOut,
    ReasonIn,
    StageIn,
    StageWhyIn,
    TieDecisionIn,
    VetoIn,
    WhyIn,
)
from services.scoring.service.jury import Jury

router = APIRouter(
    prefix="/api/scoring",
    tags=["jury"],
    responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard, problems.BoardPublished),
)
EntryId = Annotated[Id, Path()]
Why = Annotated[Plain, Query(max_length=500)]
"""In an address, which front doors cut off at 8 kB: 500 Chinese characters take 4.5 kB there."""


class _Deciding:
    """The jury of the board that the path names."""

    def __init__(self, board: BoardId, doing: Doing) -> None:
        self.doing = doing
        self.jury = Jury(doing.session, board, doing.who, doing.clock)

    def answer(self) -> ControlOut:
        return control_out(self.jury.control)


Deciding = Annotated[_Deciding, Depends()]


@router.get("/boards/{board}/control")
def get_control(board: BoardId, session: Reading, who: Asking) -> ControlOut:
    """What was decided about a board."""
    found = view(session, board)
    found.require(who, *EVERYONE)
    return control_out(found.control)


@router.post("/boards/{board}/freeze")
def freeze(body: ReasonIn, deciding: Deciding) -> ControlOut:
    """Let the public board stand still; the jury's goes on."""
    deciding.jury.freeze(body.reason)
    return deciding.answer()


@router.post("/boards/{board}/thaw")
def thaw(body: ReasonIn, deciding: Deciding) -> ControlOut:
    deciding.jury.thaw(body.reason)
    return deciding.answer()


@router.post("/boards/{board}/lock", responses=responses(problems.UnknownStage))
def lock(body: StageIn, deciding: Deciding) -> ControlOut:
    """Sign a stage off ("" = everything): no mark is taken there until it is unlocked."""
    deciding.jury.lock(body.stage, body.reason)
    return deciding.answer()


@router.post("/boards/{board}/unlock")
def unlock(body: StageWhyIn, deciding: Deciding) -> ControlOut:
    deciding.jury.unlock(body.stage, body.reason)
    return deciding.answer()


@router.post(
    "/boards/{board}/publish",
    responses=responses(problems.SchemeMissing, problems.TiesUndecided, problems.UnknownStage),
)
def publish(body: PublishIn, deciding: Deciding) -> PublishOut:
    """Make the results final; places and awards are counted from the ledger."""

    def do() -> PublishOut:
        published = deciding.jury.publish(body.stage, body.reason)
        return PublishOut(
            **control_out(published.control).model_dump(),
            places=dict(published.places),
            awards={entry: list(given) for entry, given in published.awards.items()},
            incomplete=list(published.incomplete),
        )

    return deciding.doing.once(body, do)


@router.post("/boards/{board}/withdraw-results", responses=responses(problems.NotPublished))
def withdraw_results(body: WhyIn, deciding: Deciding) -> ControlOut:
    """Take published results back, to correct them and publish again."""

    def do() -> ControlOut:
        deciding.jury.withdraw_results(body.reason)
        return deciding.answer()

    return deciding.doing.once(body, do)


@router.post("/boards/{board}/vetoes", status_code=201, responses=responses(problems.UnknownEntry))
def raise_veto(board: BoardId, body: VetoIn, deciding: Deciding) -> ControlOut:
    """一票否决: the entry keeps its total, and takes no place and no award."""
    fact = VetoRaised(board=board, entry=body.entry, veto=body.veto, source=body.source, reason=body.reason)
    deciding.jury.raise_veto(fact)
    return deciding.answer()


@router.delete(
    "/boards/{board}/vetoes/{entry}/{veto}", responses=responses(problems.UnknownEntry, problems.UnknownVeto)
)
def lift_veto(entry: EntryId, veto: EntryId, deciding: Deciding, reason: Why = "") -> ControlOut:
    deciding.jury.lift_veto(entry, veto, reason)
    return deciding.answer()


@router.post("/boards/{board}/disqualifications", status_code=201, responses=responses(problems.UnknownEntry))
def disqualify(body: DisqualificationIn, deciding: Deciding) -> ControlOut:
    deciding.jury.disqualify(body.entry, body.reason)
    return deciding.answer()


@router.delete("/boards/{board}/disqualifications/{entry}", responses=responses(problems.UnknownEntry))
def reinstate(entry: EntryId, deciding: Deciding, reason: Why = "") -> ControlOut:
    deciding.jury.reinstate(entry, reason)
    return deciding.answer()


@router.post(
    "/boards/{board}/tie-decisions",
    status_code=201,
    responses=responses(problems.UnknownTieKey, problems.UnknownEntry, problems.SchemeMissing),
)
def decide_tie(body: TieDecisionIn, deciding: Deciding) -> ControlOut:
    """Record the order that a play-off or the committee found among tied entries."""
    deciding.jury.decide_tie(body.key, body.order, body.reason)
    return deciding.answer()


def control_out(control: BoardControl) -> ControlOut:
    return ControlOut(
        board=control.id,
        scheme_version=control.scheme.version if control.scheme else 0,
        frozen=control.frozen,
        published_at=control.published_at,
        locked=sorted(control.locked),
        shown_stages=sorted(control.shown_stages),
        disqualified=dict(control.disqualified),
        vetoes={entry: dict(raised) for entry, raised in control.vetoes.items() if raised},
        decisions={entry: dict(decided) for entry, decided in control.decisions.items()},
    )
