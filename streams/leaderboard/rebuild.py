"""Builds a view of a board from the log beside the live one, compares, and swaps (D3)."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, cast

import msgspec
import structlog
from msgspec.structs import replace
from redis.asyncio import Redis

from schemas.live import BOARDS, VIEWS, BoardHead, BoardKeys, Frame, LiveRow, View
from schemas.objects import Board
from schemas.topics import BOARD_TOPICS, Topic
from streams.contributions.stage import index_feeds
from streams.events import Event
from streams.leaderboard import scripts
from streams.leaderboard.fold import BOARDS as BOARD_FACTS
from streams.leaderboard.layout import (
    POSITIONS,
    Operation,
    hash_in_bulk,
    held_operations,
    meta_fields,
    step_operations,
    summary,
    text,
    whole_board,
)
from streams.leaderboard.projector import Fetch
from streams.leaderboard.standing import Memory
from streams.leaderboard.step import Folding, Position, Shown, Step, step
from streams.leaderboard.visibility import VisibilityChanged
from streams.progress.marked import progress_operations

_PER_CALL = 20
_row = msgspec.json.Decoder(LiveRow)
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the rebuilt board has otherwise than the live one had."""

    entry: str
    live: LiveRow | None
    rebuilt: LiveRow | None


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
    """Build every view again; what the views share is evaluated once."""
    memory: Memory = {}
    return tuple([await rebuild(redis, board, view, fetch, memory) for view in VIEWS])


async def rebuild(
    redis: Redis, board: str, view: View, fetch: Fetch, memory: Memory | None = None
) -> Rebuilt:
    """Build `view` of `board` again from all of the log and put it in force.

    A log that cannot be folded to its end leaves a live board as it is and tells why in `aside`; where there
    was no board, what could be folded stands, set aside. The live board goes on meanwhile; the new one is
    caught up before the swap, so nobody sees it step back.
    """
    while True:
        try:
            return await _Rebuilding(redis, board, view, fetch, memory).run()
        except VisibilityChanged:
            _log.info("rebuild starts again: the board's visibility changed", board=board)


class _Rebuilding:
    def __init__(self, redis: Redis, board: str, view: View, fetch: Fetch, memory: Memory | None) -> None:
        self.redis, self.board, self.view, self.fetch, self.memory = redis, board, view, fetch, memory
        self.live = BoardKeys.live(board)
        self.shown = Shown.empty(board)
        self.held: tuple[Event, ...] = ()
        self.events = 0
        self.aside = ""

    async def run(self) -> Rebuilt:
        old = await self.redis.hget(self.live, self.view)
        self.old = None if old is None else int(old)
        # From a counter, never old + 1: what a rebuild that died left behind must not be written into.
        generation = int(await self.redis.hincrby(self.live, f"next:{self.view}", 1))
        self.keys = BoardKeys(self.board, self.view, generation)
        found = await self._fold_all()
        if self.aside and self.old is not None:
            return self._told(self.old, None)
        await self._write_all(found)
        await self._catch_up()
        differences = await self._differences()
        while not await self._swap():
            await self._catch_up()
        await self._remove_old()
        if self.view == "jury" and self.shown.board.board is not None:
            await index_feeds(self.redis, self.shown.board.board)
        return self._told(generation, differences)

    def _told(self, generation: int, differences: tuple[Difference, ...] | None) -> Rebuilt:
        entries = len(self.shown.rows)
        return Rebuilt(self.board, self.view, generation, self.events, entries, differences, self.aside)

    # Folding -------------------------------------------------------------------------------------

    async def _fold_all(self) -> Step:
        folding = Folding(self.view, self.shown, memory=self.memory)
        try:
            async for event in self._history():
                folding.fold(event)
                self.events += 1
            found = await asyncio.to_thread(folding.finish)
        except VisibilityChanged:
            raise
        except Exception as error:
            self.aside = f"{type(error).__name__}: {error}"
            _log.exception("board set aside", board=self.board, view=self.view)
            found = _finish_or_nothing(folding, self.view, self.board)
        self.shown.take(found)
        return found

    async def _history(self) -> AsyncIterator[Event]:
        """Registrations first, with the last word on the board said from the start."""
        registered = [event async for event in self._read(Topic.REGISTRATIONS, 0)]
        last = _last_word(registered)
        for event in registered:
            fact = event.fact
            yield event._replace(fact=replace(fact, board=last)) if isinstance(fact, BOARD_FACTS) else event
        for topic in BOARD_TOPICS:
            if topic is not Topic.REGISTRATIONS:
                async for event in self._read(topic, 0):
                    yield event

    async def _read(self, topic: Topic, after: int) -> AsyncIterator[Event]:
        while chunk := await self.fetch(self.board, topic, after):
            for event in chunk:
                yield event
            after = chunk[-1].sequence

    async def _catch_up(self) -> None:
        if self.aside:
            return
        events = [
            event
            for topic in BOARD_TOPICS
            async for event in self._read(topic, self.shown.position.get(topic, 0))
        ]
        if not events:
            return
        found = step(self.view, self.shown, events, self.held)
        await self._run(step_operations(self.keys, found))
        self._keep(found)
        self.events += len(events)

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
        entries = [part for state in found.entries.values() for part in (state.id, text(state))]
        rows = self.shown.rows.values()
        await self._run(await asyncio.to_thread(lambda: list(whole_board(self.keys, rows))))
        await self._run(hash_in_bulk(self.keys.of("entries"), entries))
        if self.view == "jury":
            await self._run(progress_operations(self.keys, {}, found.entries))
        await self._run(held_operations(self.keys, found))
        await self._run([["HSET", self.keys.of("meta"), *meta]])

    async def _run(self, operations: Iterable[Operation]) -> None:
        script = self.redis.register_script(scripts.RUN)
        for chunk in _chunks(operations):
            await script(
                keys=[self.keys.of("keys"), self.keys.of("keycount")], args=[msgspec.msgpack.encode(chunk)]
            )

    async def _swap(self) -> bool:
        """Put the new generation in force; False if the live board is ahead of it."""
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
                *POSITIONS,
            ],
        )
        if done == 0:
            await self._remove(f"{self.keys.base}:*")
            raise RebuildOvertaken(self.board)
        if done == 1 and self.view == "jury" and self.shown.head is not None:
            await self.redis.hset(BOARDS, self.board, text(summary(self.shown.head)))
        return bool(done == 1)

    # The live board ------------------------------------------------------------------------------

    async def _differences(self) -> tuple[Difference, ...] | None:
        if self.old is None:
            return None
        old = BoardKeys(self.board, self.view, self.old)
        stored = await cast("Any", self.redis.hmget(old.of("meta"), list(POSITIONS)))
        position = {
            topic: int(value) for topic, value in zip(BOARD_TOPICS, stored, strict=True) if value is not None
        }
        if position != self.shown.position:
            return None
        rebuilt = dict(self.shown.rows)
        found: list[Difference] = []
        async for _, body in self.redis.hscan_iter(old.of("rows"), count=1000):
            live = _row.decode(body)
            mine = rebuilt.pop(live.entry, None)
            if mine != live:
                found.append(Difference(live.entry, live, mine))
        return (*found, *(Difference(row.entry, None, row) for row in rebuilt.values()))

    async def _remove_old(self) -> None:
        if self.old is not None:
            base = f"lt:{{{self.board}}}:{self.view}:"
            await self._remove(f"{base}*", keep=(f"{self.keys.base}:", self.keys.feed))

    async def _remove(self, pattern: str, keep: tuple[str, ...] = ()) -> None:
        async for key in self.redis.scan_iter(match=_literal(pattern), count=1000):
            if not key.decode().startswith(keep or ("\0",)):
                await self.redis.unlink(key)


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


def _chunks(operations: Iterable[Operation]) -> Iterator[list[Operation]]:
    rest = iter(operations)
    while chunk := list(islice(rest, _PER_CALL)):
        yield chunk


def _told(position: Position) -> dict[str, int]:
    return {topic.value: sequence for topic, sequence in sorted(position.items())}


def _literal(pattern: str) -> str:
    return pattern.replace("[", "\\[").replace("]", "\\]")
