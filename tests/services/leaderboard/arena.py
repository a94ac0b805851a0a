"""The service as readers meet it: a real uvicorn server in a thread, boards by the real projector."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import httpx
import uvicorn
from redis.asyncio import Redis
from starlette.types import ASGIApp

from schemas.live import BoardKeys, View
from services.kit.access import Grant, open_session
from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret
from services.kit.tables import METADATA
from services.leaderboard import app as leaderboard
from streams.events import Event
from streams.leaderboard.views import Leaderboards
from tests.parts.processes import wait_until
from tests.streams.boards import History


class Writer:
    """Projects histories into Redis, as the worker does."""

    def __init__(self, url: str) -> None:
        self._url = url

    def write(self, *histories: History) -> None:
        """Bring the boards up to the end of their histories."""
        asyncio.run(self._write(histories))

    async def _write(self, histories: Sequence[History]) -> None:
        async with Redis.from_url(self._url) as redis:
            for history in histories:
                await Leaderboards(redis, history.fetch, _bury).take(history.board, history.events)

    def empty(self) -> None:
        """Throw away all of Redis."""

        async def flush() -> None:
            async with Redis.from_url(self._url) as redis:
                await redis.flushall()

        asyncio.run(flush())

    def cursor(self, board: str, view: View = "public") -> str:
        """The last frame of a feed."""

        async def ask() -> str:
            async with Redis.from_url(self._url) as redis:
                last: Any = await redis.xrevrange(BoardKeys(board, view, 0).feed, count=1)
                return cast("str", last[0][0].decode())

        return asyncio.run(ask())

    def one_by_one(self, history: History, after: int) -> None:
        """Project each event after the first `after` as a step of its own."""

        async def steps() -> None:
            async with Redis.from_url(self._url) as redis:
                boards = Leaderboards(redis, history.fetch, _bury)
                for event in history.since(after):
                    await boards.take(history.board, [event])

        asyncio.run(steps())


async def _bury(event: Event, reason: str) -> None:
    raise AssertionError(f"{event.envelope.id}: {reason}")


class Server:
    """The service at `url`. `seconds` is how long a reader may take nothing."""

    def __init__(self, runtime: Runtime, url: str) -> None:
        self.runtime, self.url = runtime, url
        self.client = httpx.Client(timeout=20)

    def get(
        self, path: str, /, *, headers: dict[str, str] | None = None, **parameters: Any
    ) -> httpx.Response:
        return self.client.get(f"{self.url}/api/leaderboard{path}", params=parameters, headers=headers)

    def break_database(self) -> None:
        """From now on the database answers nothing: its sessions table is gone."""
        with self.runtime.database.engine.begin() as connection:
            METADATA.drop_all(connection)

    def until(
        self, ask: Callable[[], httpx.Response], wanted: Callable[[httpx.Response], object]
    ) -> httpx.Response:
        """The first answer that is as wanted."""
        found = [ask()]

        def asked() -> bool:
            found[0] = ask()
            return bool(wanted(found[0]))

        wait_until(asked, seconds=30, what="answer")
        return found[0]

    def ready(self) -> int:
        return self.client.get(f"{self.url}/readyz").status_code

    def metrics(self) -> str:
        return self.client.get(f"{self.url}/metrics").text

    def commands(self) -> dict[str, int]:
        """How often each command was sent to Redis so far, by anybody."""

        async def ask() -> dict[str, dict[str, int]]:
            async with Redis.from_url(self.runtime.settings.redis_url) as redis:
                return cast("dict[str, dict[str, int]]", await redis.info("commandstats"))

        return {name.removeprefix("cmdstat_"): found["calls"] for name, found in asyncio.run(ask()).items()}

    def token(self, *grants: Grant) -> dict[str, str]:
        """Sign somebody in with these grants; the header that proves it."""
        with self.runtime.database.transaction() as session:
            token = open_session(session, account="a1", name="张三", grants=grants, now=utc_now(), hours=1)
        return {"authorization": f"Bearer {token}"}


@contextmanager
def serving(
    folder: Path,
    redis_url: str,
    prepare: Callable[[Runtime], None] | None = None,
    make: Callable[[Runtime], ASGIApp] = leaderboard.create,
) -> Iterator[Server]:
    """Run the service, or what `make` puts around it, until the block ends."""
    database = f"sqlite:///{folder / 'leitai.db'}"
    settings = Settings(secret=make_secret(), database_url=database, redis_url=redis_url)
    runtime = Runtime.of(settings)
    _create_tables(runtime.database)
    if prepare is not None:
        prepare(runtime)
    listener = socket.create_server(("127.0.0.1", 0), backlog=4096)
    config = uvicorn.Config(make(runtime), log_config=None, timeout_graceful_shutdown=1, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    wait_until(lambda: server.started, seconds=30, what="uvicorn")
    running = Server(runtime, f"http://127.0.0.1:{listener.getsockname()[1]}")
    try:
        yield running
    finally:
        running.client.close()
        server.should_exit = True
        thread.join(10)
        listener.close()
        asyncio.run(runtime.close())


def _create_tables(database: Database) -> None:
    METADATA.create_all(database.engine)
