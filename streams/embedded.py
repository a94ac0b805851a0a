"""The embedded host: follows the SQL log in one process, and drives the same pipeline as the worker (D4)."""

import asyncio
from collections.abc import Sequence

import structlog
from redis.asyncio import Redis

from schemas.envelope import encode
from schemas.topics import BOARD_TOPICS
from services.kit.database import Database
from services.kit.log import LoggedEvent, tail
from streams.contributions.stage import Tell
from streams.events import Event
from streams.leaderboard.views import TRANSIENT
from streams.log import LogReader, event_of
from streams.pipeline import Pipeline

OFFSET = "lt:offset"
DEAD = "lt:dead"

_GROUP = 5_000
_BOARDS_AT_ONCE = 16
_IDLE_SECONDS = 1.0
_GATHER_SECONDS = 0.005
_MOST_GATHER_SECONDS = 0.1
"""What is committed while a group is folded waits so long, for each event of that group, for more: a flood is
folded in large groups, which leaves most of the processor to those who hand in sheets; a lone event at once.
"""

_RETRY_SECONDS = (0.05, 0.2, 1.0, 5.0)
_MOST_DEAD = 10_000
_OVERLAP = 1_000

_MOVE = """
-- KEYS: the offset. ARGV: where it stands, where it goes. Refused (0) where Redis has it elsewhere.
if (redis.call('GET', KEYS[1]) or '0') ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1
"""

_log = structlog.get_logger(__name__)


class EmbeddedHost:
    """Follows one database's log. The offset in Redis is only a start to read from: positions decide.

    If Redis loses everything, the offset is gone too, and the whole log is told again.
    """

    def __init__(self, database: Database, redis: Redis, tell: Tell | None = None) -> None:
        self._database, self._redis = database, redis
        self._pipeline = Pipeline(redis, LogReader(database), self._bury, tell=tell)
        self._move = redis.register_script(_MOVE)
        self._offset: int | None = None
        # Only SQLite commits in the order of offsets; elsewhere the end of what was read is read again.
        self._overlap = 0 if database.is_sqlite else _OVERLAP
        self._failures = 0

    async def follow(self, stop: asyncio.Event) -> None:
        """Fold what is committed, at once, until `stop` is set. Outages are waited out."""
        wake = asyncio.Event()
        loop = asyncio.get_running_loop()

        def committed() -> None:
            if not wake.is_set() and not loop.is_closed():
                loop.call_soon_threadsafe(wake.set)

        self._database.on_commit(committed)
        while not stop.is_set():
            wake.clear()
            try:
                advanced = await self._advance()
                self._failures = 0
            except TRANSIENT as error:
                await self._wait_out(error, stop)
                continue
            if wake.is_set():
                await asyncio.sleep(min(_GATHER_SECONDS * advanced, _MOST_GATHER_SECONDS))
            elif advanced < _GROUP:
                await _first_of(wake, stop, _IDLE_SECONDS)

    async def catch_up(self) -> int:
        """Fold to the end of the log, once; how many events were read."""
        read = 0
        while advanced := await self._advance():
            read += advanced
        return read

    async def _advance(self) -> int:
        """One group of the log; how many events it had."""
        if self._offset is None:
            self._pipeline.forget()
            self._offset = int(await self._redis.get(OFFSET) or 0)
        offset = self._offset
        found = await asyncio.to_thread(self._read, offset)
        fresh = [logged for logged, _ in found if logged.offset > offset]
        if fresh:
            await self._take([event for _, event in found if event is not None])
        self._offset = max((logged.offset for logged in fresh), default=offset)
        if not await self._move(keys=[OFFSET], args=[str(offset), str(self._offset)]):
            self._offset = None  # Redis came back with less than it had
            return await self._advance()
        return len(fresh)

    def _read(self, offset: int) -> list[tuple[LoggedEvent, Event | None]]:
        with self._database.reading() as session:
            found = tail(session, max(0, offset - self._overlap), _GROUP)
        return [(logged, event_of(logged) if logged.topic in BOARD_TOPICS else None) for logged in found]

    async def _take(self, events: Sequence[Event]) -> None:
        boards: dict[str, list[Event]] = {}
        for event in events:
            boards.setdefault(event.envelope.partitionkey, []).append(event)
        turns = asyncio.Semaphore(_BOARDS_AT_ONCE)

        async def take(board: str, some: Sequence[Event]) -> None:
            async with turns:
                await self._pipeline.take(board, some)

        if len(boards) == 1:
            await take(*next(iter(boards.items())))
            return
        # All end before an error goes on: a second attempt must not meet a first one at work.
        done = await asyncio.gather(*(take(*each) for each in boards.items()), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result

    async def _wait_out(self, error: Exception, stop: asyncio.Event) -> None:
        pause = _RETRY_SECONDS[min(self._failures, len(_RETRY_SECONDS) - 1)]
        self._failures += 1
        _log.warning("streams wait", error=str(error), seconds=pause)
        self._offset = None
        await _first_of(stop, stop, pause)

    async def _bury(self, event: Event, reason: str) -> None:
        body = encode(event.envelope)
        await self._redis.xadd(DEAD, {"event": body, "reason": reason}, maxlen=_MOST_DEAD)


async def _first_of(one: asyncio.Event, other: asyncio.Event, seconds: float) -> None:
    waits = {asyncio.ensure_future(event.wait()) for event in (one, other)}
    _, pending = await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for each in pending:
        each.cancel()
