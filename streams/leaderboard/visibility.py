"""What a view may see: a filter on the events before the fold, which knows nothing of it. Pure.

The jury sees everything. For the public, a frozen board holds back whatever moves a row because of marks
and decisions; a blind board masks who an entry is; a board that is not public shows nothing at all. What
is held is tried again when an event releases it.
"""

from enum import Enum

import msgspec
from msgspec.structs import replace

from schemas.events import scores
from schemas.live import View
from schemas.live_state import NOWHERE, BoardState
from schemas.objects import Board, Entry, Proposal
from schemas.registry import Fact
from streams.events import Event, Unreadable
from streams.leaderboard.fold import BOARDS, ENTRIES, PROPOSALS, SHEETS

_SEALED_BY_FREEZE = (
    *SHEETS,
    scores.SchemePublished,
    scores.EntryDisqualified,
    scores.EntryReinstated,
    scores.VetoRaised,
    scores.VetoLifted,
    scores.TieDecided,
)


class Verdict(Enum):
    """Hold: keep for later. Drop: this view never shows it."""

    HOLD = "hold"
    DROP = "drop"


class Pass(msgspec.Struct, frozen=True, gc=False):
    """Fold this. If `held`, it is a mask and the original waits for its release."""

    event: Event
    held: bool = False


class VisibilityChanged(Exception):
    """The board became public, private, blind or open: this view has to be built again from the log."""


def visible(view: View, state: BoardState, event: Event) -> Pass | Verdict:
    """What `view` gets of `event`; raises VisibilityChanged where filtering from here on is not enough."""
    if view == "jury":
        return Pass(event)
    fact = event.fact
    if isinstance(fact, BOARDS):
        if state.board is not None and _openness(state.board) != _openness(fact.board):
            raise VisibilityChanged(state.id)
        return Pass(event)
    if isinstance(fact, Unreadable):
        return Pass(event)  # the fold refuses it, in every view at the same place
    if state.board is None:
        return Verdict.HOLD  # until it is known what may be shown
    if not state.board.public:
        return Verdict.DROP
    if state.frozen and _is_sealed(state, fact):
        return Verdict.HOLD
    if state.board.blind and not state.revealed:
        masked = mask(fact)
        return Pass(event if masked is fact else replace(event, fact=masked), held=masked is not fact)
    return Pass(event)


def releases(fact: Fact) -> bool:
    """Whether held events have to be tried again after this fact was folded."""
    return isinstance(fact, (*BOARDS, scores.BoardThawed, scores.ResultsPublished))


def mask(fact: Fact) -> Fact:
    """The fact as a blind board may show it: a code, no name, no unit, no number of the organiser's."""
    if isinstance(fact, ENTRIES):
        return replace(fact, entry=_masked_entry(fact.entry))
    if isinstance(fact, PROPOSALS):
        return replace(fact, proposal=_masked_proposal(fact.proposal))
    return fact


def _openness(board: Board) -> tuple[bool, bool]:
    return board.public, board.blind


def _is_sealed(state: BoardState, fact: Fact) -> bool:
    if not isinstance(fact, _SEALED_BY_FREEZE):
        return False
    stage = fact.sheet.stage if isinstance(fact, SHEETS) else ""
    return not any(stage == shown or stage.startswith(f"{shown}.") for shown in state.shown_stages)


def _masked_entry(entry: Entry) -> Entry:
    return replace(entry, name="", unit=NOWHERE, external_id="", members=(), reason="")


def _masked_proposal(proposal: Proposal) -> Proposal:
    return replace(proposal, unit=NOWHERE, authors=(), external_id="")
