"""The two hosts as a test meets them: a log to append to, a server to read boards from, start and stop."""

import asyncio
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import redis
from kafka import KafkaConsumer, TopicPartition
from sqlalchemy.schema import CreateSchema

from schemas.cloudevents import from_kafka
from schemas.envelope import ChainedEnvelope, decode
from schemas.events.contributions import ContributionEarned
from schemas.events.standings import StandingChanged
from schemas.registry import Fact, decode_fact
from schemas.topics import Topic
from services.kit import log, tables
from services.kit.database import Database
from services.kit.settings import Settings, make_secret
from services.relay.service import producer, relay_once
from services.relay.topics import create_topics
from streams.embedded import DEAD, EmbeddedHost
from streams.events import Event
from tests.parts import Part, delete_topics, free_port, wait_until

PARTITIONS = 4


class Host(Protocol):
    """A host under test with everything that it stands on."""

    database: Database
    redis_url: str

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def told(self, campaign: str) -> Sequence[ContributionEarned]: ...

    def buried(self, board: str) -> int: ...


def append(database: Database, board: str, *facts: Fact) -> None:
    """One transaction with these facts."""
    with database.transaction() as session:
        for fact in facts:
            log.append(session, fact, board=board, source="/test", actor="test", time=datetime.now(UTC))


def make_tables(database: Database) -> None:
    """The log's tables, in an empty database of either kind."""
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            connection.execute(CreateSchema("kit", if_not_exists=True))
        tables.METADATA.create_all(connection)


class EmbeddedRun:
    """The embedded host in a thread of its own."""

    def __init__(self, database_url: str, redis_url: str) -> None:
        self.database = Database(database_url)
        make_tables(self.database)
        self.redis_url = redis_url
        self._told: list[ContributionEarned] = []
        self._stop: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run(ready)), daemon=True)
        self._thread.start()
        assert ready.wait(30)

    def stop(self) -> None:
        if self._stop is not None and self._thread is not None:
            loop, stop = self._stop
            loop.call_soon_threadsafe(stop.set)
            self._thread.join(10)
            assert not self._thread.is_alive()
            self._stop = None

    def told(self, campaign: str) -> Sequence[ContributionEarned]:
        return [fact for fact in self._told if fact.board == campaign]

    def buried(self, board: str) -> int:
        with redis.Redis.from_url(self.redis_url) as client:
            found = [decode(fields[b"event"]) for _, fields in client.xrange(DEAD)]
        return sum(envelope.partitionkey == board for envelope in found)

    def close(self) -> None:
        self.stop()
        self.database.close()

    async def _run(self, ready: threading.Event) -> None:
        async def tell(contribution: Event) -> None:
            assert isinstance(contribution.fact, ContributionEarned)
            self._told.append(contribution.fact)

        stop = asyncio.Event()
        self._stop = (asyncio.get_running_loop(), stop)
        ready.set()
        async with redis.asyncio.Redis.from_url(self.redis_url) as client:
            await EmbeddedHost(self.database, client, tell).follow(stop)


class Worker(Part):
    """`leitai worker` as a process."""

    name = "worker"
    start_seconds = 60.0

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        super().__init__(folder)
        self._settings = settings

    def command(self) -> Sequence[str | Path]:
        return [sys.executable, "-m", "services.cli.main", "worker"]

    def environment(self) -> Mapping[str, str]:
        return {**os.environ, "PYTHONPATH": str(Path.cwd()), **self._settings}

    def working_folder(self) -> Path:
        return Path.cwd()

    def is_ready(self) -> bool:
        from urllib.error import URLError
        from urllib.request import urlopen

        port = self._settings["LEITAI_WORKER_WEB_PORT"]
        with suppress(URLError, OSError), urlopen(f"http://127.0.0.1:{port}/ready", timeout=2) as answer:
            return bool(answer.status == 200)
        return False


class FaustRun:
    """PostgreSQL, Kafka, a relay in a thread, and one Faust worker as a process."""

    def __init__(self, folder: Path, settings: Mapping[str, str]) -> None:
        self.settings = Settings(
            **{name.removeprefix("LEITAI_").lower(): value for name, value in settings.items()}  # type: ignore[arg-type] # pydantic reads the texts
        )
        self.database = Database(self.settings.database, pool_size=2)
        make_tables(self.database)
        self.redis_url = self.settings.redis_url
        create_topics(self.settings)
        self._worker = Worker(folder, settings)
        other = {**settings, "LEITAI_WORKER_WEB_PORT": str(free_port()), "LEITAI_DATA": str(folder / "other")}
        self.other = Worker(folder / "other", other)
        self._ended = threading.Event()
        self._relay = threading.Thread(target=self._publish, daemon=True)
        self._relay.start()

    def start(self) -> None:
        self._worker.start()

    def stop(self) -> None:
        self._worker.stop()

    def kill(self) -> None:
        self._worker.kill()

    def wait_ended(self) -> int:
        """The exit code of a worker that ends by itself."""
        return self._worker.wait_ended(60)

    def make_anew(self, topic: Topic) -> None:
        """Kafka loses a topic, and gets an empty one of the same name."""
        delete_topics(self.settings.kafka_bootstrap, [topic.named(self.settings.topic_prefix)])
        create_topics(self.settings)

    def told(self, campaign: str) -> Sequence[ContributionEarned]:
        facts = [decode_fact(envelope) for envelope in self._read(Topic.CONTRIBUTIONS)]
        return [fact for fact in facts if isinstance(fact, ContributionEarned) and fact.board == campaign]

    def buried(self, board: str) -> int:
        return sum(envelope.partitionkey == board for envelope in self._read(Topic.DEAD))

    def standings(self, board: str) -> dict[str, int | None]:
        """The last place told of each entry."""
        facts = [decode_fact(envelope) for envelope in self._read(Topic.STANDINGS)]
        return {
            fact.entry: fact.place
            for fact in facts
            if isinstance(fact, StandingChanged) and fact.board == board
        }

    def close(self) -> None:
        self._ended.set()
        self._relay.join(20)
        self.other.stop()
        self.stop()
        self.database.close()

    def _publish(self) -> None:
        sender = producer(self.settings)
        while not self._ended.is_set():
            if relay_once(self.database, sender, self.settings.topic_prefix) is None:
                self._ended.wait(0.01)
        sender.close()

    def _read(self, topic: Topic) -> list[ChainedEnvelope]:
        """Everything on a topic up to its present end."""
        name = topic.named(self.settings.topic_prefix)
        consumer = KafkaConsumer(bootstrap_servers=self.settings.kafka_bootstrap, enable_auto_commit=False)
        try:
            partitions = [TopicPartition(name, number) for number in range(PARTITIONS)]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            ends = consumer.end_offsets(partitions)
            found: list[ChainedEnvelope] = []
            while any(consumer.position(each) < ends[each] for each in partitions):
                for records in consumer.poll(timeout_ms=200).values():
                    found += [from_kafka(record.value, record.headers) for record in records]
            return found
        finally:
            consumer.close()


def settings_of(folder: Path, **changes: str) -> dict[str, str]:
    """Settings as environment variables, with a secret and a folder of the test's own."""
    plain = {"data": str(folder), "secret": make_secret(), "topic_partitions": str(PARTITIONS)}
    return {f"LEITAI_{name.upper()}": value for name, value in {**plain, **changes}.items()}


def settle(host: Host, board: str, seconds: float = 30.0) -> None:
    """Wait until the live board is at the log's end."""
    with redis.Redis.from_url(host.redis_url) as client:

        def is_there() -> bool:
            generation = client.hget(f"lt:{{{board}}}:live", "public")
            meta = client.hgetall(f"lt:{{{board}}}:public:{int(generation or 0)}:meta")
            with host.database.reading() as session:
                ends = log.positions(session, board)
            return all(
                int(meta.get(f"position:{topic.value}".encode(), 0)) >= end for topic, end in ends.items()
            )

        wait_until(is_there, seconds=seconds, what=f"{board} is at the end of the log", interval=0.01)
