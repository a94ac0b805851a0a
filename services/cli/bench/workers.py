"""Row `worker`: what a Faust worker folds, beside a bare Faust agent that only counts the same events."""

import asyncio
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from redis import Redis

from schemas.envelope import encode
from schemas.live import BoardKeys
from schemas.topics import Topic
from services.cli.bench.contest import Contest, enter, fresh
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle
from services.cli.bench.processes import BenchFailed, free_port, server
from services.cli.bench.stage import valkey
from services.cli.bench.synthetic import further
from services.kit.database import Database
from services.kit.log import LoggedEvent
from services.kit.migrations import migrate
from services.kit.settings import Settings, make_secret
from services.relay.service import producer, publish
from services.relay.topics import create_topics
from streams.leaderboard.rebuild import rebuild_board
from streams.log import LogReader

_JUDGES = 5
_GROUP = 2_000
_SECONDS = 120.0
_SAID = b"seconds: "
_FIELD = f"position:{Topic.SCORES.value}"


def measure(extent: Extent, kafka: str) -> Iterator[Figure]:
    """Each round has topics of its own, on the Kafka at `kafka`."""
    ours, floors = [], []
    for _ in extent.turns("a worker folds"):
        contest = Contest(fresh("worker"), extent.agent_events // _JUDGES, _JUDGES)
        with valkey() as (redis_url, data):
            settings = Settings(
                data=data, secret=make_secret(), redis_url=redis_url, kafka_bootstrap=kafka,
                topic_prefix=contest.id, worker_web_port=free_port(), database_url=f"sqlite:///{data}/leitai.db",
            )  # fmt: skip
            first = _prepare(settings, contest)
            _send(settings, contest, first)
            count = contest.entries * _JUDGES
            floors.append(count / _count(settings, count))
            ours.append(_fold(settings, contest, first + count))
    yield Figure(
        "worker",
        "sheets of 10 marks folded by one Faust worker, both views",
        "events/s",
        middle(ours),
        middle(floors),
        "bare Faust agent that counts",
        "at least",
        0.6,
        ratio=True,
        note=f"{extent.agent_events:,} events of one board",
    )


def _prepare(settings: Settings, contest: Contest) -> int:
    """The board in the log and in Redis, its topics in Kafka; the last number on the scores topic."""
    create_topics(settings)
    database = Database(settings.database)
    try:
        migrate(database)
        enter(database, contest)
        asyncio.run(_build(settings, contest, database))
        with closing(Redis.from_url(settings.redis_url)) as redis:
            return _position(redis, contest)
    finally:
        database.close()


async def _build(settings: Settings, contest: Contest, database: Database) -> None:
    from redis.asyncio import Redis as AsyncRedis  # noqa: PLC0415 (two clients of one name)

    redis = AsyncRedis.from_url(settings.redis_url)
    await rebuild_board(redis, contest.id, LogReader(database))
    await redis.aclose()


def _send(settings: Settings, contest: Contest, last: int) -> None:
    """Every judge's sheet of every entry into Kafka, as the relay would send it."""
    sender = producer(settings)
    try:
        waiting: list[LoggedEvent] = []
        for number in range(contest.entries * _JUDGES):
            entry, judge = divmod(number, _JUDGES)
            event = further(contest, entry, judge, last + number + 1)
            body = encode(event.envelope)
            waiting.append(LoggedEvent(number, Topic.SCORES, contest.id, last + number + 1, body, ""))
            if len(waiting) == _GROUP:
                _publish(settings, sender, waiting)
                waiting = []
        _publish(settings, sender, waiting)
    finally:
        sender.close()


def _publish(settings: Settings, sender: object, events: Sequence[LoggedEvent]) -> None:
    done = publish(sender, lambda event: event.topic.named(settings.topic_prefix), events)
    if len(done) != len(events):
        raise BenchFailed("Kafka did not take every event")


def _count(settings: Settings, count: int) -> float:
    """Seconds in which the bare agent counts them all."""
    words = ("-P", "-m", "services.cli.bench.floors.bare_agent", settings.kafka_bootstrap)
    arguments = (settings.topic_prefix, str(count), str(settings.data / "bare"))
    with subprocess.Popen(  # noqa: S603 (our own Python and module)
        [sys.executable, *words, *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        late = threading.Timer(_SECONDS, process.kill)
        late.start()
        try:
            assert process.stdout is not None
            # Faust writes to the same terminal.
            line = next((each for each in process.stdout if _SAID in each), b"")
        finally:
            late.cancel()
            process.kill()
    if not line:
        raise BenchFailed("the bare agent ended before its time")
    return float(line.partition(_SAID)[2])


def _fold(settings: Settings, contest: Contest, last: int) -> float:
    """Events a second of a worker, from its first step to its last."""
    environment = _environment(settings)
    log = Path(settings.data) / "worker.log"
    words = ("-P", "-m", "services.cli.main", "worker")
    with (
        server(words, settings.worker_web_port, log, environment),
        closing(Redis.from_url(settings.redis_url)) as redis,
    ):
        start = at = _position(redis, contest)
        begun, first = 0.0, start
        deadline = time.monotonic() + _SECONDS
        while at < last:
            if time.monotonic() > deadline:
                raise BenchFailed(f"the worker stands at {at} of {last}; {log.read_text()[-1000:]}")
            time.sleep(0.005)
            at = _position(redis, contest)
            if not begun and at > start:
                begun, first = time.perf_counter(), at
        return (last - first) / (time.perf_counter() - begun)


def _position(redis: Redis, contest: Contest) -> int:
    """How far the slower of both views is."""
    found = []
    for view in ("jury", "public"):
        generation = redis.hget(BoardKeys.live(contest.id), view)
        meta = BoardKeys(contest.id, view, int(generation or 0)).of("meta")
        found.append(int(redis.hget(meta, _FIELD) or 0))
    return min(found)


def _environment(settings: Settings) -> dict[str, str]:
    return {
        "LEITAI_DATA": str(settings.data),
        "LEITAI_SECRET": settings.secret.get_secret_value(),
        "LEITAI_DATABASE_URL": settings.database_url,
        "LEITAI_REDIS_URL": settings.redis_url,
        "LEITAI_KAFKA_BOOTSTRAP": settings.kafka_bootstrap,
        "LEITAI_TOPIC_PREFIX": settings.topic_prefix,
        "LEITAI_TOPIC_PARTITIONS": str(settings.topic_partitions),
        "LEITAI_WORKER_WEB_PORT": str(settings.worker_web_port),
        "PATH": os.environ.get("PATH", ""),
    }
