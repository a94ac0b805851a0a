"""Brings boards up that Redis lost or has behind the log, though no event of theirs is on its way.

Events drive a board as long as Kafka and Redis keep what they were given. After either lost something, a
board without a next event would stand still: so each worker compares its boards with the log from time to
time. The comparison costs one number while nothing was appended.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping, Sequence
from typing import Any, cast

import structlog
from redis.asyncio import Redis

from schemas.live import VIEWS, BoardKeys
from schemas.topics import BOARD_TOPICS, Topic
from services.kit.ids import new_id
from streams.events import Event
from streams.leaderboard.layout import POSITIONS
from streams.leaderboard.views import TRANSIENT
from streams.log import LogReader

EPOCH = "lt:epoch"
"""Written once into an empty Redis: when it changes, everything was lost."""

_SECONDS = 5.0
_AT_ONCE = 500

Position = Mapping[Topic, int]
Take = Callable[[str, Sequence[Event]], Awaitable[None]]
Mine = Callable[[Iterable[str]], Iterable[str]]
_log = structlog.get_logger(__name__)


class Sweep:
    """`mine` picks those boards that are this process's to fold, `take` folds events of one."""

    def __init__(
        self, redis: Redis, reader: LogReader, take: Take, mine: Mine, seconds: float = _SECONDS
    ) -> None:
        self._redis, self._reader, self._take, self._mine = redis, reader, take, mine
        self._seconds = seconds
        self._epoch = ""
        self._size = -1
        self._ends: dict[str, dict[Topic, int]] = {}
        self._level: dict[str, Position] = {}
        self._late: dict[str, Position] = {}

    async def run(self) -> None:
        """Sweep until cancelled. Outages are waited out."""
        while True:
            try:
                await self.once()
            except TRANSIENT as error:
                _log.warning("sweep waits", error=str(error))
            await asyncio.sleep(self._seconds)

    async def once(self) -> int:
        """Look at every board of ours; how many were brought up.

        A board that is behind is given until the next look: its events may be on their way. Only where Redis
        lost something, boards that it does not have are not waited for.
        """
        lost = await self._has_redis_lost()
        size = await self._reader.size()
        if size != self._size or lost:
            self._ends = await self._reader.ends()
            self._size = size
        ends = {board: _of_board(self._ends[board]) for board in self._mine(self._ends)}
        doubtful = {board: end for board, end in ends.items() if self._level.get(board) != end}
        late: dict[str, Position] = {}
        done = 0
        async for board, position in self._positions(doubtful):
            end = doubtful[board]
            if position is None or _reaches(position, end):
                self._level[board] = end
                continue
            late[board] = end
            wanted = end if lost and _is_gone(position) else self._late.get(board)
            if wanted is not None and not _reaches(position, wanted):
                await self._bring_up(board, position, end)
                done += 1
        self._late = late
        return done

    async def _has_redis_lost(self) -> bool:
        """Whether Redis is not the server, or not with the data, of the last look."""
        await self._redis.set(EPOCH, new_id(), nx=True)
        marker = await self._redis.get(EPOCH)
        server: Any = await self._redis.info("server")
        epoch = f"{marker!r} {server['run_id']}"
        if epoch == self._epoch:
            return False
        self._epoch = epoch
        self._level.clear()
        return True

    async def _positions(self, boards: Iterable[str]) -> AsyncIterator[tuple[str, Position | None]]:
        """How far every view of each board is, the hindmost view counts; None for one that was set aside."""
        names = list(boards)
        for at in range(0, len(names), _AT_ONCE):
            chunk = names[at : at + _AT_ONCE]
            for board, position in zip(chunk, await self._read(chunk), strict=True):
                yield board, position

    async def _read(self, boards: Sequence[str]) -> list[Position | None]:
        async with self._redis.pipeline(transaction=False) as pipeline:
            for board in boards:
                pipeline.hmget(BoardKeys.live(board), list(VIEWS))
            generations = cast("list[list[bytes | None]]", await pipeline.execute())
            for board, found in zip(boards, generations, strict=True):
                for view, generation in zip(VIEWS, found, strict=True):
                    keys = BoardKeys(board, view, int(generation or 0))
                    pipeline.hmget(keys.of("meta"), ["aside", *POSITIONS])
            metas = cast("list[list[bytes | None]]", await pipeline.execute())
        views = len(VIEWS)
        return [_hindmost(metas[at : at + views]) for at in range(0, len(metas), views)]

    async def _bring_up(self, board: str, position: Position, end: Position) -> None:
        """What follows `position` goes through the pipeline as if it had just arrived.

        A board that is not there at all is rebuilt by its last events alone.
        """
        _log.warning("board brought up from the log", board=board, position=position, end=end)
        for topic, last in end.items():
            after = max(0, last - 1) if _is_gone(position) else position.get(topic, 0)
            while after < last and (chunk := await self._reader(board, topic, after)):
                await self._take(board, chunk)
                after = chunk[-1].sequence


def _hindmost(metas: Sequence[Sequence[bytes | None]]) -> Position | None:
    if any(aside is not None for aside, *_ in metas):
        return None
    found = [dict(zip(BOARD_TOPICS, map(_number, numbers), strict=True)) for _, *numbers in metas]
    return {topic: min(position[topic] for position in found) for topic in BOARD_TOPICS}


def _is_gone(position: Position) -> bool:
    return not any(position.values())


def _number(value: bytes | None) -> int:
    return int(value or 0)


def _of_board(ends: Position) -> Position:
    return {topic: ends[topic] for topic in BOARD_TOPICS if topic in ends}


def _reaches(position: Position, end: Position) -> bool:
    return all(position.get(topic, 0) >= number for topic, number in end.items())
