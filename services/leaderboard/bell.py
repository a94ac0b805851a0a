"""Small things that whole screens watch: their state goes out as Server-Sent Events whenever it changed.

Every event is the whole state, so a reader that lost its connection needs no cursor. Messages between
processes only wake; who missed one looks again by itself.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from weakref import WeakValueDictionary

from redis.asyncio import Redis
from starlette.responses import StreamingResponse

from rules.text import Text
from services.kit.problems import Unavailable
from services.leaderboard.frames import KEEP_ALIVE, MEDIA_TYPES, OPENING
from services.leaderboard.problems import REDIS_IS_AWAY

TOLD = "lt:told"
KEEP_ALIVE_SECONDS = 10.0
_SLOWEST_RETRY = 2.0


class RedisAway(Unavailable):
    slug = "screens-away"
    title = Text("大屏与揭榜暂时不可用", "Screens and reveals are not available at the moment")


@contextmanager
def reaching() -> Iterator[None]:
    """Say in words that Redis does not answer."""
    try:
        yield
    except REDIS_IS_AWAY as away:
        raise RedisAway(way_out=Text("请几秒后重试", "Try again in a few seconds")) from away


class Bell:
    """Wakes the streams of all processes. `run` must be running."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._rung: WeakValueDictionary[str, asyncio.Event] = WeakValueDictionary()
        self.closed = False

    async def ring(self, what: str) -> None:
        await self._redis.publish(TOLD, what)

    async def run(self) -> None:
        """Subscribe, and again whenever the connection is lost, until cancelled."""
        while True:
            try:
                async with self._redis.pubsub() as told:
                    await told.subscribe(TOLD)
                    while True:
                        message = await told.get_message(
                            ignore_subscribe_messages=True, timeout=_SLOWEST_RETRY
                        )
                        if message is not None:
                            self._wake(message["data"].decode())
            except REDIS_IS_AWAY:
                await asyncio.sleep(_SLOWEST_RETRY * random.uniform(0.5, 1))  # noqa: S311 - spread, not secret

    def _wake(self, what: str) -> None:
        rung = self._rung.pop(what, None)
        if rung is not None:
            rung.set()

    def close(self) -> None:
        """End every stream."""
        self.closed = True
        for what in list(self._rung):
            self._wake(what)

    def listen(self, what: str) -> asyncio.Event:
        """An event that is set when `what` next changes. Take it before reading the state."""
        return self._rung.setdefault(what, asyncio.Event())


def streamed(bell: Bell, what: str, event: str, read: Callable[[], Awaitable[bytes]]) -> StreamingResponse:
    """The answer that is a stream of one thing's state; `read` gives it as JSON on one line."""
    headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
    return StreamingResponse(_states(bell, what, event, read), headers=headers, media_type=MEDIA_TYPES["sse"])


async def _states(
    bell: Bell, what: str, event: str, read: Callable[[], Awaitable[bytes]]
) -> AsyncIterator[bytes]:
    yield OPENING["sse"]
    last = b""
    while not bell.closed:
        rung = bell.listen(what)
        try:
            state = await read()
        except RedisAway:
            state = last
        yield b"event: %b\ndata: %b\n\n" % (event.encode(), state) if state != last else KEEP_ALIVE["sse"]
        last = state
        try:
            await asyncio.wait_for(rung.wait(), KEEP_ALIVE_SECONDS)
        except TimeoutError:
            continue
