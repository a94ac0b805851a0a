"""One step of a view: a batch of events filtered, folded, and each touched row made again once. Pure."""

from collections import ChainMap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from msgspec.structs import replace

from schemas.live import BoardHead, Change, Frame, LiveRow, View
from schemas.live_state import BoardState, BoardTally, EntryState
from schemas.topics import Topic
from streams.events import Event
from streams.leaderboard.fold import apply, moves_all
from streams.leaderboard.standing import Memory, Rulebook, rows, rulebook
from streams.leaderboard.visibility import Pass, Verdict, releases, visible

MOST_CHANGES = 500
"""A frame with more changes than this only tells readers to fetch a snapshot."""

_LASTING = tuple(set(BoardState.__struct_fields__) - {"started_at", "changed_at"})

Position = Mapping[Topic, int]


@dataclass(slots=True)
class Shown:
    """A view of a board at a position. `entries` and `rows` may hold only some of the board's."""

    board: BoardState
    rules: Rulebook
    tally: BoardTally = field(default_factory=BoardTally)
    head: BoardHead | None = None
    position: dict[Topic, int] = field(default_factory=dict)
    entries: dict[str, EntryState] = field(default_factory=dict)
    rows: dict[str, LiveRow] = field(default_factory=dict)

    @classmethod
    def empty(cls, board: str) -> "Shown":
        state = BoardState(board)
        return cls(state, rulebook(state))

    def take(self, step: "Step") -> None:
        """Go on from the step's end."""
        self.board, self.rules, self.tally, self.head = step.board, step.rules, step.tally, step.head
        self.position = dict(step.position)
        self.entries.update(step.entries)
        self.rows.update((change.after.entry, change.after) for change in step.changes)


class RowChange(msgspec.Struct, frozen=True, gc=False):
    """A row that is not what it was (None: it is new)."""

    before: LiveRow | None
    after: LiveRow


@dataclass(frozen=True, slots=True)
class Step:
    """What a batch made of a view. `held` are events to keep; `released`: they replace those kept before.

    `entries` are those that changed, `earlier` what was known of them before.
    `amended`: the board's state changed in more than its times.
    """

    board: BoardState
    rules: Rulebook
    tally: BoardTally
    head: BoardHead | None
    position: Position
    entries: Mapping[str, EntryState]
    earlier: Mapping[str, EntryState]
    changes: tuple[RowChange, ...]
    held: tuple[Event, ...]
    released: bool
    amended: bool
    frame: Frame | None


def needs_all(rules: Rulebook, events: Iterable[Event]) -> bool:
    """Whether the step must be given every entry of the board."""
    return rules.field_wide or any(moves_all(event.fact) for event in events)


def needs_held(events: Iterable[Event]) -> bool:
    """Whether the step must be given what is held."""
    return any(releases(event.fact) for event in events)


def step(view: View, before: Shown, events: Sequence[Event], held: Sequence[Event] = ()) -> Step:
    """Fold `events`, which follow `before.position` without a gap, into a step from `before`.

    `before` holds every entry that they touch and that is known, and all entries where `needs_all` says so.
    """
    folding = Folding(view, before, held)
    for event in events:
        folding.fold(event)
    return folding.finish()


class _Overlay(ChainMap[str, EntryState]):
    """A ChainMap of two whose `get`, asked once for every event, looks no further than it must."""

    def get(self, key: str, default: Any = None) -> Any:
        changed, before = self.maps
        found = changed.get(key)
        return before.get(key, default) if found is None else found


class Folding:
    """A step in the making: any number of events, then one evaluation of what they touched."""

    def __init__(
        self, view: View, before: Shown, held: Sequence[Event] = (), memory: Memory | None = None
    ) -> None:
        self.view, self.before = view, before
        self.memory: Memory = {} if memory is None else memory
        self.board = before.board
        self.position = dict(before.position)
        self.changed: dict[str, EntryState] = {}
        self.entries = _Overlay(self.changed, before.entries)
        self.kept = list(held)
        self.held: list[Event] = []
        self.released = self.reset = False

    def fold(self, event: Event) -> None:
        self._show(event)
        if self.view != "jury" and releases(event.fact):
            self._release()
        self.position[event.topic] = event.sequence

    def _show(self, event: Event) -> None:
        verdict = visible(self.view, self.board, event)
        if verdict is Verdict.HOLD:
            self.held.append(event)
        if not isinstance(verdict, Pass):
            return
        if verdict.held:
            self.held.append(event)
        self.board, changed = apply(self.board, self.entries, verdict.event)
        self.changed.update(changed)
        self.reset = self.reset or moves_all(verdict.event.fact)

    def _release(self) -> None:
        waiting = [*self.kept, *self.held]
        self.kept, self.held = [], []
        for event in waiting:
            self._show(event)
        self.released = True
        self.reset = self.reset or bool(waiting)

    def evaluate_by(self, most: int) -> Iterator[None]:
        """Evaluate what was touched into the memory, for `finish` to find. Yields after `most` entries."""
        touched = list(self.changed.values())
        for begin in range(0, len(touched), most):
            if begin:
                yield
            rows(self.before.rules, touched[begin : begin + most], self.memory)

    def finish(self) -> Step:
        before, board = self.before, self.board
        rewritten = board.scheme is not before.board.scheme
        rules = rulebook(board) if rewritten else before.rules
        whole = rewritten or rules.field_wide
        touched = self.entries.values() if whole else self.changed.values()
        changes = tuple(
            RowChange(old, new)
            for new in rows(rules, touched, self.memory).values()
            if (old := before.rows.get(new.entry)) != new
        )
        tally = self._tally(changes)
        head = self._head(rules, tally)
        held = (*self.kept, *self.held) if self.released else tuple(self.held)
        frame = self._frame(changes, head)
        return Step(
            board=board,
            rules=rules,
            tally=tally,
            head=head,
            position=self.position,
            entries=self.changed,
            earlier={id: before.entries[id] for id in self.changed if id in before.entries},
            changes=changes,
            held=held,
            released=self.released,
            amended=self._is_amended(),
            frame=frame,
        )

    def _is_amended(self) -> bool:
        was, now = self.before.board, self.board
        return any(getattr(was, name) is not getattr(now, name) for name in _LASTING)

    def _tally(self, changes: Sequence[RowChange]) -> BoardTally:
        old = self.before.tally
        return BoardTally(
            self.board.started_at,
            self.board.changed_at,
            old.entries + sum(change.before is None for change in changes),
            old.marked + self._newly_marked(),
            old.complete + sum(_completed(change) for change in changes),
        )

    def _head(self, rules: Rulebook, tally: BoardTally) -> BoardHead | None:
        board = self.board
        if board.board is None or (self.view == "public" and not board.board.public):
            return None
        return BoardHead(
            board=board.board,
            scheme_version=board.scheme.version if board.scheme else 0,
            columns=rules.columns,
            places=rules.ranking.places,
            digits=rules.digits,
            entries=tally.entries,
            marked=tally.marked,
            complete=tally.complete,
            started_at=board.started_at,
            frozen_at=board.frozen_at,
            thawed_at=board.thawed_at,
            published_at=board.published_at,
            changed_at=board.changed_at,
        )

    def _newly_marked(self) -> int:
        old = self.before.entries
        return sum(_is_marked(state) - _is_marked(old.get(id)) for id, state in self.changed.items())

    def _frame(self, changes: Sequence[RowChange], head: BoardHead | None) -> Frame | None:
        new_head = head if head != self.before.head else None
        if not changes and new_head is None:
            return None
        position = {topic.value: sequence for topic, sequence in sorted(self.position.items())}
        if self.reset or len(changes) > MOST_CHANGES:
            return Frame(position=position, head=new_head, reset=True)
        return Frame(
            position=position,
            head=new_head,
            changes=tuple(
                Change(
                    entry=change.after.entry,
                    before=change.before.order if change.before else None,
                    was_placed=change.before is None or change.before.placed,
                    row=change.after,
                )
                for change in changes
            ),
        )


def _completed(change: RowChange) -> int:
    return change.after.complete - (change.before is not None and change.before.complete)


def _is_marked(state: EntryState | None) -> bool:
    return state is not None and state.known and state.marked


def stale(head: BoardHead | None, event: Event, reason: str) -> BoardHead | None:
    """The head of a board that was set aside at `event`."""
    return None if head is None else replace(head, stale_since=event.envelope.time, stale_reason=reason)
