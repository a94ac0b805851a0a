"""Writes a view of boards to Redis: reads what it lacks, makes one pure step, writes it in one fenced go."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Sequence, Set
from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis

from schemas.live import BOARDS, CHANGED, LISTED, BoardHead, BoardKeys, Frame, View
from schemas.topics import Topic
from streams.events import Event
from streams.leaderboard import scripts
from streams.leaderboard.alike import is_alike
from streams.leaderboard.fold import touched
from streams.leaderboard.layout import (
    Operation,
    addressed,
    expected_fields,
    is_listed_alike,
    step_operations,
    summary,
    text,
    view_operations,
)
from streams.leaderboard.loading import Gone, Loaded, Loading, Question
from streams.leaderboard.step import Folding, Step, needs_all, stale, step
from streams.leaderboard.visibility import VisibilityChanged

Fetch = Callable[[str, Topic, int], Awaitable[Sequence[Event]]]
"""The log's events of a board and topic after a sequence, in order, as many as it likes to give at once."""

Rebuild = Callable[[str], Awaitable[None]]
"""Build this view of a board from the log."""

FEED_MILLISECONDS = 20 * 60 * 1000
_ATTEMPTS = 8
_AT_ONCE = 50
"""So many events are folded, or entries evaluated, before others get a turn: some milliseconds."""

_CACHED_ENTRIES = 300_000


class Overtaken(Exception):
    """Another writer kept moving the board; nothing was written."""


class LogIncomplete(Exception):
    """The log does not have an event that must exist: a later number was seen."""


@dataclass(frozen=True, slots=True)
class Writing:
    """A step with what is written of it in any view."""

    step: Step
    operations: Sequence[Operation]
    frame: str

    @classmethod
    def of(cls, step: Step) -> "Writing":
        return cls(step, step_operations(step), "" if step.frame is None else text(step.frame))


@dataclass(frozen=True, slots=True)
class Proposal:
    """A step that is ready to be written, and the words of the script that writes it."""

    board: str
    loaded: Loaded
    writing: Writing
    keys: Sequence[str]
    words: Sequence[str | bytes]


class Projector:
    """One view of the boards that this process is given. Batches of one board must come one after another.

    An event may come again, late, or with a gap before it: the position in Redis decides, and what is
    missing is fetched from the log. A board that Redis does not know is rebuilt first.
    """

    def __init__(self, redis: Redis, view: View, fetch: Fetch, rebuild: Rebuild) -> None:
        self.view = view
        self._redis, self._fetch, self._rebuild = redis, fetch, rebuild
        self._loading = Loading(redis, view)
        self._commit = redis.register_script(scripts.COMMIT)
        self._boards: OrderedDict[str, Loaded] = OrderedDict()

    async def project(self, board: str, events: Sequence[Event]) -> Step | None:
        """Bring the board up to `events`; the step that was written, None where nothing was new.

        Raises what the fold raises (set the board aside then), Overtaken, and Redis's errors: nothing was
        written, and the same events may be given again.
        """
        for _ in range(_ATTEMPTS):
            proposal = await self.propose(board, events)
            if proposal is None:
                return None
            if await self._commit(keys=proposal.keys, args=proposal.words):
                return await self.go_on(proposal)
            self.forget(board)
        raise Overtaken(board)

    async def propose(
        self, board: str, events: Sequence[Event], jury: Proposal | None = None
    ) -> Proposal | None:
        """What `project` would write, None where nothing is new. Raises as `project` does.

        `jury` is the jury's proposal for the same events: a view that sees the same makes nothing again.
        """
        for _ in range(_ATTEMPTS):
            loaded = await self._prepared(board, events)
            if loaded.aside:
                self.forget(board)  # a rebuild may bring it back at any time
                return None
            try:
                fresh = await self._fresh(loaded, board, events)
                return await self._proposal(loaded, board, fresh, jury) if fresh else None
            except VisibilityChanged:
                await self._from_log(board)
            except Gone:
                self.forget(board)
        raise Overtaken(board)

    def question(self, board: str, entries: Set[str]) -> Question | None:
        """What `propose` would ask Redis for these entries of a board that is known already."""
        loaded = self._boards.get(board)
        if loaded is None or not loaded.unseen(entries):
            return None
        return self._loading.question(loaded, board, entries)

    async def go_on(self, proposal: Proposal) -> Step:
        """Go on from a proposal that Redis has taken."""
        step, shown = proposal.writing.step, proposal.loaded.shown
        before = shown.head
        shown.take(step)
        if step.head is not None and step.head != before:
            await self._summarise(proposal.board, before, step.head)
        return step

    async def set_aside(self, board: str, event: Event, reason: str) -> None:
        """Mark the board as stale from `event` on; it stands still until it is rebuilt."""
        for _ in range(_ATTEMPTS):
            self.forget(board)
            loaded = await self._prepared(board, ())
            if loaded.aside:
                return
            head = stale(loaded.shown.head, event, reason)
            meta = ["HSET", "meta", "aside", reason]
            told = [] if head is None else ["head", text(head)]
            frame = text(Frame(position={}, head=head))
            keys, words = self._script(loaded, board, [[*meta, *told]], frame)
            if await self._commit(keys=keys, args=words):
                self.forget(board)
                return
        raise Overtaken(board)

    def forget(self, board: str | None = None) -> None:
        """Read the board (all boards) from Redis again next time: its partition moved, or its fence did."""
        if board is None:
            self._boards.clear()
        else:
            self._boards.pop(board, None)

    # Reading -------------------------------------------------------------------------------------

    async def _prepared(self, board: str, events: Iterable[Event]) -> Loaded:
        """What is known of the board; with the entries that `events` touch where it is read from Redis."""
        loaded = self._boards.get(board)
        if loaded is None:
            loaded = await self._read_board(board, touched(events))
            self._boards[board] = loaded
            self._make_room(board)
        self._boards.move_to_end(board)
        return loaded

    async def _read_board(self, board: str, wanted: Iterable[str]) -> Loaded:
        found = await self._loading.board(board, wanted)
        if found is None:
            await self._from_log(board)
            found = await self._loading.board(board, wanted)
        if found is None:
            raise LogIncomplete(f"{board} has no generation after a rebuild")
        return found

    # Stepping ------------------------------------------------------------------------------------

    async def _fresh(self, loaded: Loaded, board: str, events: Sequence[Event]) -> list[Event]:
        """Those of `events` that are new, with what is missing before them fetched from the log."""
        position = dict(loaded.shown.position)
        fresh: list[Event] = []
        for event in events:
            at = position.get(event.topic, 0)
            if event.sequence > at + 1:
                missing = await self._missing(board, event, at)
                fresh += missing
                at = missing[-1].sequence
            if event.sequence == at + 1:
                fresh.append(event)
                at = event.sequence
            position[event.topic] = at
        return fresh

    async def _missing(self, board: str, event: Event, after: int) -> list[Event]:
        found: list[Event] = []
        while after < event.sequence - 1:
            chunk = [
                each
                for each in await self._fetch(board, event.topic, after)
                if each.sequence < event.sequence
            ]
            if not chunk or chunk[0].sequence != after + 1:
                raise LogIncomplete(f"{board} {event.topic}: no event {after + 1} before {event.sequence}")
            found += chunk
            after = chunk[-1].sequence
        return found

    async def _step(self, loaded: Loaded, fresh: Sequence[Event], held: Sequence[Event]) -> Step:
        if len(held) > _AT_ONCE or needs_all(loaded.shown.rules, fresh):
            return await asyncio.to_thread(step, self.view, loaded.shown, fresh, held)
        # Long work must not stop the loop: heartbeats and, in the embedded platform, requests live on it. A
        # thread would cost a third more, for it is seldom where the last one left its data.
        folding = Folding(self.view, loaded.shown, held)
        for begin in range(0, len(fresh), _AT_ONCE):
            if begin:
                await asyncio.sleep(0)
            for event in fresh[begin : begin + _AT_ONCE]:
                folding.fold(event)
        for _ in folding.evaluate_by(_AT_ONCE):
            await asyncio.sleep(0)
        return folding.finish()

    async def _proposal(
        self, loaded: Loaded, board: str, fresh: Sequence[Event], jury: Proposal | None
    ) -> Proposal:
        held = await self._loading.complete(loaded, board, fresh)
        if jury and is_alike(self.view, loaded.shown, jury.loaded.shown, fresh, jury.writing.step):
            writing = jury.writing
        else:
            writing = Writing.of(await self._step(loaded, fresh, held))
        operations = (*writing.operations, *view_operations(self.view, writing.step))
        return Proposal(board, loaded, writing, *self._script(loaded, board, operations, writing.frame))

    def _script(
        self, loaded: Loaded, board: str, operations: Iterable[Operation], frame: str
    ) -> tuple[list[str], list[str | bytes]]:
        """Keys and arguments of COMMIT."""
        keys = self._keys(board, loaded)
        return (
            [keys.of("keys"), keys.of("keycount"), BoardKeys.live(board), keys.of("meta"), keys.feed],
            [
                msgspec.msgpack.encode(list(addressed(keys, operations))),
                self.view,
                str(loaded.generation),
                msgspec.msgpack.encode(expected_fields(loaded.shown.position)),
                frame,
                f"{board} {self.view}",
                str(FEED_MILLISECONDS),
            ],
        )

    async def _summarise(self, board: str, before: BoardHead | None, head: BoardHead) -> None:
        """The line in the list of boards: in a slot of its own, so not part of the atomic step."""
        if self.view == "jury":
            await self._redis.hset(BOARDS, board, text(summary(head)))
        if before is None or not is_listed_alike(before, head):
            await self._redis.publish(CHANGED, LISTED)

    async def _from_log(self, board: str) -> None:
        self.forget(board)
        await self._rebuild(board)

    def _keys(self, board: str, loaded: Loaded) -> BoardKeys:
        return BoardKeys(board, self.view, loaded.generation)

    def _make_room(self, keep: str) -> None:
        held = sum(len(loaded.shown.entries) for loaded in self._boards.values())
        for board in list(self._boards):
            if held <= _CACHED_ENTRIES:
                return
            if board != keep:
                held -= len(self._boards.pop(board).shown.entries)
