"""The embedded platform as people run it: `leitai up` on a folder of its own, with boards put into it."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import orjson
from redis import Redis

from services.cli.bench.contest import Contest
from services.cli.bench.processes import HOST, BenchFailed, Server, answer, free_port, server, wait_until
from services.gateway.valkey import ValkeyChild, socket_path
from services.kit import log
from services.kit.database import Database
from services.kit.migrations import migrate
from services.kit.settings import make_secret
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
        wait_until(lambda: int(redis.get(OFFSET) or 0) >= end, f"folding of {end} events", _FOLD_SECONDS)


@contextmanager
def valkey() -> Iterator[tuple[str, Path]]:
    """An empty Valkey as the platform starts it: its URL, and a folder."""
    with folder() as data:
        child = ValkeyChild(data)
        child.start()
        try:
            yield child.url, data
        finally:
            with closing(Redis.from_url(child.url)) as redis:
                redis.config_set("shutdown-on-sigterm", "nosave now")
            child.stop()


@contextmanager
def leaderboard(data: Path, redis_url: str) -> Iterator[Server]:
    """The leaderboard service by itself, as a cluster runs it."""
    port = free_port()
    environment = {
        "LEITAI_SECRET": make_secret(),
        "LEITAI_REDIS_URL": redis_url,
        "LEITAI_DATA": str(data),
        "LEITAI_PORT": str(port),
    }
    words = ("-P", "-m", "services.cli.main", "serve", "leaderboard")
    with server(words, port, data / "leaderboard.log", environment) as running:
        yield running


@contextmanager
def floor(name: str, data: Path, *arguments: str) -> Iterator[Server]:
    """A server of `services.cli.bench.floors`."""
    port = free_port()
    words = ("-P", "-m", f"services.cli.bench.floors.{name}", str(port), *arguments)
    with server(words, port, data / f"{name}.log") as running:
        yield running


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
