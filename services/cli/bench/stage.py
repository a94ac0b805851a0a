"""The embedded platform as people run it: `leitai up` on a folder of its own, with boards put into it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import orjson
from redis import Redis

from services.cli.bench.contest import Contest
from services.cli.bench.processes import HOST, BenchFailed, Server, answer, free_port, server, wait_until
from services.gateway.valkey import socket_path
from services.kit import log
from services.kit.database import Database
from services.kit.migrations import migrate
from streams.embedded import OFFSET

_FOLD_SECONDS = 180.0


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="leitai-bench-") as name:
        yield Path(name)


@contextmanager
def embedded(data: Path, fill: Callable[[Database], None]) -> Iterator[Server]:
    """The platform on `data`, after `fill` wrote into its log."""
    database = Database(f"sqlite:///{data / 'leitai.db'}")
    try:
        migrate(database)
        fill(database)
        with database.reading() as session:
            end = log.end(session)
    finally:
        database.close()
    port = free_port()
    words = ("-P", "-m", "services.cli.main", "up", "--data", str(data), "--port", str(port))
    with server(words, port, data / "up.log") as running:
        wait_until_folded(data, end)
        yield running


def wait_until_folded(data: Path, end: int) -> None:
    """Wait until the platform on `data` folded its log up to offset `end`. Raises BenchFailed."""
    with closing(Redis.from_url(redis_url(data))) as redis:
        wait_until(lambda: int(redis.get(OFFSET) or 0) >= end, f"folding of {end} events", _FOLD_SECONDS)  # type: ignore[arg-type]  # the synchronous client


def redis_url(data: Path) -> str:
    """Where the platform's own Valkey listens."""
    return f"unix://{socket_path(data)}?db=0"


def wait_for_board(url: str, contest: Contest, *, marked: int = 0) -> None:
    """Wait until the board shows all its entries, and this many of them marked. Raises BenchFailed."""

    def shows_all() -> bool:
        body = answer(f"{url}/api/leaderboard/boards/{contest.id}?limit=1")
        head = orjson.loads(body)["head"] if body else {}
        if head.get("stale_reason"):
            raise BenchFailed(head["stale_reason"])
        return bool(head.get("entries") == contest.entries and head.get("marked", 0) >= marked)

    wait_until(shows_all, f"board {contest.id}", _FOLD_SECONDS)


def local(running: Server) -> str:
    return f"http://{HOST}:{running.port}"
