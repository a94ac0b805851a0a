"""A stage: a small board's history told step by step to real leaderboards, inside one event loop."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from streams.events import Event
from streams.leaderboard.views import Leaderboards
from tests.streams.boards import GrowingLog, History, small
from tests.streams.conftest import Connect
from tests.streams.live import LiveBoard


class Stage:
    def __init__(self, redis: Any, history: History) -> None:
        self.redis, self.history = redis, history
        self.log = GrowingLog(history)
        self.buried: list[tuple[Event, str]] = []
        self.jury = LiveBoard(redis, history.board)
        self.public = LiveBoard(redis, history.board, view="public")
        self.leaderboards = self.worker()
        self._told = 0

    def worker(self) -> Leaderboards:
        """Another process over the same Redis and log."""
        return Leaderboards(self.redis, self.log.fetch, self._bury)

    async def tell(self) -> list[Event]:
        """Commit and deliver everything that happened since the last time."""
        new = self.commit()
        await self.leaderboards.take(self.history.board, new)
        return new

    def commit(self) -> list[Event]:
        new = self.history.events[self._told :]
        self._told = len(self.history.events)
        self.log.commit(new)
        return new

    async def _bury(self, event: Event, reason: str) -> None:
        self.buried.append((event, reason))


def staged(test: Callable[[Stage], Awaitable[None]]) -> Callable[[Connect], None]:
    """A test on the stage of a small board (e1, e2, e3, unmarked) that has been told already."""

    def run(connect: Connect) -> None:
        async def opened() -> None:
            async with connect() as redis:
                stage = Stage(redis, small())
                await stage.tell()
                await test(stage)

        asyncio.run(opened())

    run.__name__ = run.__qualname__ = test.__name__
    return run
