"""The fold: what an event makes of a board and its entries. Pure.

Events of one topic must come in order and once (the caller drops what its position has seen); events of
different topics may come in any order.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from schemas.events import registrations, scores, suggestions
from schemas.live_state import BoardState, EntryState, SheetState, sheet_key
from schemas.objects import Entry, Proposal
from schemas.registry import Fact
from streams.events import Event, Unreadable

SHEETS = (
    scores.SheetSubmitted,
    scores.SheetConfirmed,
    scores.SheetCorrected,
    scores.SheetVoided,
    scores.IndicatorReported,
    scores.ContributionEntered,
)
ENTRIES = (
    registrations.EntryRegistered,
    registrations.EntryChanged,
    registrations.EntryVerified,
    registrations.EntryWithdrawn,
)
BOARDS = (registrations.BoardOpened, registrations.BoardChanged)
PROPOSALS = (
    suggestions.ProposalSubmitted,
    suggestions.ProposalScreened,
    suggestions.ProposalMerged,
    suggestions.ProposalReviewed,
    suggestions.ProposalAdopted,
    suggestions.ProposalDeclined,
    suggestions.ProposalImplemented,
    suggestions.ProposalVerified,
    suggestions.VoteCast,
    suggestions.HazardReported,
    suggestions.HazardClosed,
)
_ABOUT_ONE_ENTRY = (
    *SHEETS,
    *ENTRIES,
    *PROPOSALS,
    scores.EntryDisqualified,
    scores.EntryReinstated,
    scores.VetoRaised,
    scores.VetoLifted,
)


class CannotFold(Exception):
    """An event that the fold cannot take: its board has to be set aside."""


class Applied(NamedTuple):
    """The board after an event, and the entries that it changed."""

    board: BoardState
    entries: dict[str, EntryState]


def touches(fact: Fact) -> tuple[str, ...]:
    """The entries whose state the fact may change."""
    if isinstance(fact, _ABOUT_ONE_ENTRY):
        return (fact.subject,)
    if isinstance(fact, registrations.NumbersDrawn):
        return tuple(sorted(fact.numbers.keys() | fact.codes.keys()))
    if isinstance(fact, scores.TieDecided):
        return tuple(sorted(fact.order))
    return ()


def touched(events: Iterable[Event]) -> set[str]:
    """The entries whose state any of these events may change."""
    return {entry for event in events for entry in touches(event.fact)}


def moves_all(fact: Fact) -> bool:
    """Whether every row has to be made again."""
    return isinstance(fact, scores.SchemePublished)


def apply(board: BoardState, entries: Mapping[str, EntryState], event: Event) -> Applied:
    """The state after `event`. `entries` holds at least those that it touches, if there are any.

    Raises CannotFold for data that nobody could read.
    """
    fact, time = event.fact, event.envelope.time
    if isinstance(fact, Unreadable):
        raise CannotFold(fact.error)
    changed: dict[str, EntryState] = {}
    on_entry = _ON_ENTRY.get(type(fact))
    if on_entry is not None:
        for id in touches(fact):
            before = entries.get(id) or EntryState(id)
            after = on_entry(before, fact)
            if after is not before and after != before:
                changed[id] = after
    on_board = _ON_BOARD.get(type(fact))
    after_board = board if on_board is None else on_board(board, fact, time)
    if changed or after_board is not board:
        after_board = _told_at(after_board, time)
    return Applied(after_board, changed)


def _told_at(board: BoardState, time: datetime) -> BoardState:
    if board.changed_at is not None and board.changed_at >= time:
        return board
    return replace(board, changed_at=time)


# Boards ------------------------------------------------------------------------------------------


def _opened(board: BoardState, fact: registrations.BoardOpened, _: datetime) -> BoardState:
    return replace(board, board=fact.board)


def _scheme(board: BoardState, fact: scores.SchemePublished, _: datetime) -> BoardState:
    if board.scheme is not None and board.scheme.version > fact.scheme.version:
        return board
    return replace(board, scheme=fact.scheme)


def _panel(board: BoardState, fact: scores.PanelSet, _: datetime) -> BoardState:
    return replace(board, panels={**board.panels, fact.panel.stage: fact.panel})


def _locked(board: BoardState, fact: scores.StageLocked, _: datetime) -> BoardState:
    return replace(board, locked=tuple(sorted({*board.locked, fact.stage})))


def _unlocked(board: BoardState, fact: scores.StageUnlocked, _: datetime) -> BoardState:
    return replace(board, locked=tuple(stage for stage in board.locked if stage != fact.stage))


def _frozen(board: BoardState, _fact: scores.BoardFrozen, time: datetime) -> BoardState:
    return replace(board, frozen=True, frozen_at=time, thawed_at=None)


def _thawed(board: BoardState, _fact: scores.BoardThawed, time: datetime) -> BoardState:
    return replace(board, frozen=False, thawed_at=time)


def _published(board: BoardState, fact: scores.ResultsPublished, time: datetime) -> BoardState:
    if fact.stage:
        return replace(board, shown_stages=tuple(sorted({*board.shown_stages, fact.stage})))
    thawed_at = time if board.frozen else board.thawed_at
    published_at = fact.published_at or time
    return replace(board, frozen=False, thawed_at=thawed_at, revealed=True, published_at=published_at)


def _withdrawn(board: BoardState, _fact: scores.ResultsWithdrawn, _: datetime) -> BoardState:
    return replace(board, published_at=None)


def _started(board: BoardState, _fact: Fact, time: datetime) -> BoardState:
    if board.started_at is not None and board.started_at <= time:
        return board
    return replace(board, started_at=time)


# Entries -----------------------------------------------------------------------------------------


def _entry(state: EntryState, fact: registrations.EntryRegistered) -> EntryState:
    entry: Entry = fact.entry
    return replace(state, entry=entry, number=entry.number or state.number, code=entry.code or state.code)


def _drawn(state: EntryState, fact: registrations.NumbersDrawn) -> EntryState:
    return replace(
        state,
        number=fact.numbers.get(state.id, state.number),
        code=fact.codes.get(state.id, state.code),
    )


def _proposal(state: EntryState, fact: suggestions.ProposalSubmitted) -> EntryState:
    proposal: Proposal = fact.proposal
    return replace(state, proposal=proposal)


def _sheet(state: EntryState, fact: scores.SheetSubmitted) -> EntryState:
    key = sheet_key(fact.sheet)
    current = state.sheets.get(key)
    if current is not None and not current.voided and current.version > fact.sheet.version:
        return state
    return replace(state, sheets={**state.sheets, key: SheetState.of(fact.sheet)})


def _disqualified(state: EntryState, fact: scores.EntryDisqualified) -> EntryState:
    return replace(state, disqualified=fact.reason)


def _reinstated(state: EntryState, _fact: scores.EntryReinstated) -> EntryState:
    return replace(state, disqualified=None)


def _veto(state: EntryState, fact: scores.VetoRaised) -> EntryState:
    return replace(state, vetoes={**state.vetoes, fact.veto: fact.reason})


def _no_veto(state: EntryState, fact: scores.VetoLifted) -> EntryState:
    return replace(state, vetoes={veto: why for veto, why in state.vetoes.items() if veto != fact.veto})


def _decided(state: EntryState, fact: scores.TieDecided) -> EntryState:
    return replace(state, decisions={**state.decisions, fact.key: fact.order[state.id]})


# A table by fact class: the class that a function takes is the class that it is filed under.
_ON_BOARD: dict[type[Fact], Callable[[BoardState, Any, datetime], BoardState]] = {
    **dict.fromkeys(BOARDS, _opened),
    **dict.fromkeys(SHEETS, _started),
    scores.SchemePublished: _scheme,
    scores.PanelSet: _panel,
    scores.StageLocked: _locked,
    scores.StageUnlocked: _unlocked,
    scores.BoardFrozen: _frozen,
    scores.BoardThawed: _thawed,
    scores.ResultsPublished: _published,
    scores.ResultsWithdrawn: _withdrawn,
}
_ON_ENTRY: dict[type[Fact], Callable[[EntryState, Any], EntryState]] = {
    **dict.fromkeys(ENTRIES, _entry),
    **dict.fromkeys(PROPOSALS, _proposal),
    **dict.fromkeys(SHEETS, _sheet),
    registrations.NumbersDrawn: _drawn,
    scores.EntryDisqualified: _disqualified,
    scores.EntryReinstated: _reinstated,
    scores.VetoRaised: _veto,
    scores.VetoLifted: _no_veto,
    scores.TieDecided: _decided,
}
