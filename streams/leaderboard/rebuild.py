"""Builds a view of a board from the log beside the live one, compares, and swaps (D3)."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain

import structlog
from msgspec.structs import replace
from redis.asyncio import Redis

from schemas.live import BOARDS, CHANGED, LISTED, VIEWS, BoardHead, BoardKeys, Frame, View
from schemas.objects import Board
from schemas.topics import BOARD_TOPICS, Topic
from streams.contributions.stage import index_feeds
from streams.events import Event
from streams.leaderboard import scripts
from streams.leaderboard.fold import BOARDS as BOARD_FACTS
from streams.leaderboard.generations import Difference, differences, remove, remove_others
from streams.leaderboard.layout import (
    POSITIONS,
    held_operations,
    meta_fields,
    step_operations,
    summary,
    text,
    view_operations,
    whole_board,
    whole_hash,
)
from streams.leaderboard.projector import Fetch
from streams.leaderboard.standing import Memory
from streams.leaderboard.step import Folding, Position, Shown, Step, step
from streams.leaderboard.visibility import VisibilityChanged
from streams.leaderboard.writing import write

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild made. `differences` is None where there was no live board at the same position."""

    board: str
    view: View
    generation: int
    events: int
    entries: int
    differences: tuple[Difference, ...] | None
    aside: str = ""


class RebuildOvertaken(Exception):
    """Another rebuild of the same view came first; its board is in force."""


async def rebuild_board(redis: Redis, board: str, fetch: Fetch) -> tuple[Rebuilt, ...]:
    """Build every view again: the log is read once, and what the views share is evaluated once."""
    return await _rebuild(redis, board, VIEWS, fetch)


async def rebuild(redis: Redis, board: str, view: View, fetch: Fetch) -> Rebuilt:
    """Build `view` of `board` again from all of the log and put it in force.

    A log that cannot be folded to its end leaves a live board as it is and tells why in `aside`; where there
    was no board, what could be folded stands, set aside. The live board goes on meanwhile; the new one is
    caught up before the swap, so nobody sees it step back.
    """
    (built,) = await _rebuild(redis, board, (view,), fetch)
    return built


async def _rebuild(redis: Redis, board: str, views: Sequence[View], fetch: Fetch) -> tuple[Rebuilt, ...]:
    done: dict[View, Rebuilt] = {}
    memory: Memory = {}
    while len(done) < len(views):
        works = [_Rebuilding(redis, board, view, fetch, memory) for view in views if view not in done]
        try:
            for work in works:
                await work.begin()
            async for events in _history(board, fetch):
                for work in works:
                    await asyncio.to_thread(work.fold, events)
            for work in works:
                done[work.view] = await work.put_in_force()
        except VisibilityChanged:
            _log.info("rebuild starts again: the board's visibility changed", board=board)
    return tuple(done.values())


async def _history(board: str, fetch: Fetch) -> AsyncIterator[Sequence[Event]]:
    """Registrations first, with the last word on the board said from the start."""
    registered = [event async for chunk in _read(board, Topic.REGISTRATIONS, 0, fetch) for event in chunk]
    last = _last_word(registered)
    yield [
        replace(event, fact=replace(event.fact, board=last)) if isinstance(event.fact, BOARD_FACTS) else event
        for event in registered
    ]
    for topic in BOARD_TOPICS:
        if topic is not Topic.REGISTRATIONS:
            async for chunk in _read(board, topic, 0, fetch):
                yield chunk


async def _read(board: str, topic: Topic, after: int, fetch: Fetch) -> AsyncIterator[Sequence[Event]]:
    while chunk := await fetch(board, topic, after):
        yield chunk
        after = chunk[-1].sequence


class _Rebuilding:
    def __init__(self, redis: Redis, board: str, view: View, fetch: Fetch, memory: Memory) -> None:
        self.redis, self.board, self.view, self.fetch = redis, board, view, fetch
        self.live = BoardKeys.live(board)
        self.shown = Shown.empty(board)
        self.folding = Folding(view, self.shown, memory=memory)
        self.held: tuple[Event, ...] = ()
        self.events = 0
        self.aside = ""

    async def begin(self) -> None:
        old = await self.redis.hget(self.live, self.view)
        self.old = None if old is None else int(old)
        # From a counter, never old + 1: what a rebuild that died left behind must not be written into.
        generation = int(await self.redis.hincrby(self.live, f"next:{self.view}", 1))
        self.keys = BoardKeys(self.board, self.view, generation)

    def fold(self, events: Iterable[Event]) -> None:
        """Nothing more is folded after an event that cannot be."""
        if self.aside:
            return
        with self._setting_aside():
            for event in events:
                self.folding.fold(event)
                self.events += 1

    async def put_in_force(self) -> Rebuilt:
        """What was folded becomes the board."""
        found = await asyncio.to_thread(self._finish)
        self.shown.take(found)
        if self.aside and self.old is not None:
            return self._told(self.old, None)
        await self._write_all(found)
        await self._catch_up()
        differences = await self._differences()
        while not await self._swap():
            if not await self._catch_up():
                # Facts are committed before they are folded: a live board ahead of the whole log is of
                # another ledger, as after the restore of an older backup.
                await self._swap(whatever=True)
                break
        if self.old is not None:
            await remove_others(self.redis, self.keys)
        if self.view == "jury" and self.shown.board.board is not None:
            await index_feeds(self.redis, self.shown.board.board)
        return self._told(self.keys.generation, differences)

    async def _differences(self) -> tuple[Difference, ...] | None:
        if self.old is None:
            return None
        old = BoardKeys(self.board, self.view, self.old)
        return await differences(self.redis, old, self.shown.position, self.shown.rows)

    def _told(self, generation: int, differences: tuple[Difference, ...] | None) -> Rebuilt:
        entries = len(self.shown.rows)
        return Rebuilt(self.board, self.view, generation, self.events, entries, differences, self.aside)

    # Folding -------------------------------------------------------------------------------------

    @contextmanager
    def _setting_aside(self) -> Iterator[None]:
        try:
            yield
        except VisibilityChanged:
            raise
        except Exception as error:
            self.aside = f"{type(error).__name__}: {error}"
            _log.exception("board set aside", board=self.board, view=self.view)

    def _finish(self) -> Step:
        if not self.aside:
            with self._setting_aside():
                return self.folding.finish()
        return _finish_or_nothing(self.folding, self.view, self.board)

    async def _catch_up(self) -> int:
        """How many events came since."""
        if self.aside:
            return 0
        events = [
            event
            for topic in BOARD_TOPICS
            async for chunk in _read(self.board, topic, self.shown.position.get(topic, 0), self.fetch)
            for event in chunk
        ]
        if not events:
            return 0
        found = step(self.view, self.shown, events, self.held)
        await write(self.redis, self.keys, chain(step_operations(found), view_operations(self.view, found)))
        self._keep(found)
        self.events += len(events)
        return len(events)

    def _keep(self, found: Step) -> None:
        self.shown.take(found)
        self.held = found.held if found.released else (*self.held, *found.held)

    # Writing -------------------------------------------------------------------------------------

    async def _write_all(self, found: Step) -> None:
        self.held = found.held
        meta = meta_fields(found)
        if self.aside:
            head = found.head
            halted = head and replace(head, stale_since=head.changed_at, stale_reason=self.aside)
            meta += ["aside", self.aside, *(("head", text(halted)) if halted else ())]
        operations = chain(
            whole_board(self.shown.rows.values()),
            whole_hash("entries", found.entries),
            view_operations(self.view, found),
            held_operations(found),
            [["HSET", "meta", *meta]],
        )
        await write(self.redis, self.keys, operations)

    async def _swap(self, *, whatever: bool = False) -> bool:
        """Put the new generation in force; False if the live board is ahead of it, unless `whatever`."""
        old = BoardKeys(self.board, self.view, self.old or 0)
        frame = Frame(position=_told(self.shown.position), head=self.shown.head, reset=True)
        done = await self.redis.register_script(scripts.SWAP)(
            keys=[self.live, old.of("meta"), self.keys.of("meta"), self.keys.feed],
            args=[
                self.view,
                "" if self.old is None else str(self.old),
                str(self.keys.generation),
                text(frame),
                f"{self.board} {self.view}",
                *(() if whatever else POSITIONS),
            ],
        )
        if done == 0:
            await remove(self.redis, self.keys)
            raise RebuildOvertaken(self.board)
        if done == 1 and self.view == "jury" and self.shown.head is not None:
            await self.redis.hset(BOARDS, self.board, text(summary(self.shown.head)))
        if done == 1:
            await self.redis.publish(CHANGED, LISTED)
        return bool(done == 1)


def _finish_or_nothing(folding: Folding, view: View, board: str) -> Step:
    try:
        return folding.finish()
    except Exception:
        nothing = Folding(view, Shown.empty(board)).finish()
        known = folding.board.board
        if known is None or (view == "public" and not known.public):
            return nothing
        return dataclasses.replace(nothing, head=BoardHead(board=known))


def _last_word(registered: Iterable[Event]) -> Board | None:
    last = None
    for event in registered:
        if isinstance(event.fact, BOARD_FACTS):
            last = event.fact.board
    return last


def _told(position: Position) -> dict[str, int]:
    return {topic.value: sequence for topic, sequence in sorted(position.items())}
