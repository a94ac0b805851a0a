"""The Faust host: partitions of the board topics, folded by the same pipeline as the embedded host (D4).

Faust 0.15.3 acknowledges an event whose agent raised, so nothing is left to it: events are acknowledged
here, after everything that they ask for is done. Events that come while a batch is at work wait and make
the next one, a while after a large one; so a lone event is folded at once and a flood in large batches.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, Protocol

import faust
import msgspec
import redis.asyncio
import structlog
from aiokafka.errors import KafkaError, KafkaTimeoutError
from kafka.partitioner.default import murmur2

from schemas.cloudevents import from_kafka, to_kafka
from schemas.envelope import encode
from schemas.topics import BOARD_TOPICS, Topic
from services.kit.database import Database
from services.kit.garbage import spare_what_stays
from services.kit.settings import Settings
from services.kit.topics import generation
from streams.dead import DeadLetters
from streams.events import Event, unpack
from streams.fetching import MOST_BUFFERED, fetch_in_time
from streams.leaderboard.views import TRANSIENT
from streams.log import LogReader
from streams.pipeline import Pipeline
from streams.sweep import Sweep
from streams.topics import guard, wait_for_topics

_MOST_AT_ONCE = 2_000

_GATHER_SECONDS = 0.005
_MOST_GATHER_SECONDS = 0.1
"""What comes while a batch is at work waits so long, for each event of that batch, for more."""

_SESSION_SECONDS = 15.0
_BOARDS_AT_ONCE = 16
_RETRY_SECONDS = (0.05, 0.2, 1.0, 5.0)

_RAW: dict[str, Any] = {
    "key_serializer": "raw",
    "value_serializer": "raw",
    "key_type": bytes,
    "value_type": bytes,
}

_log = structlog.get_logger(__name__)


class Delivered(Protocol):
    """What Faust delivers: a message with its headers, to be acknowledged once it is dealt with."""

    key: bytes
    value: bytes
    headers: Mapping[str, bytes]
    message: Any

    def ack(self) -> bool: ...


class Batches:
    """Handles deliveries, and what has come meanwhile with the next; acknowledges each when it is handled."""

    def __init__(self, handle: Callable[[Sequence[Delivered]], Awaitable[None]]) -> None:
        self._handle = handle

    async def work(self, deliveries: AsyncIterator[Delivered], waiting: "asyncio.Queue[Delivered]") -> None:
        """Runs until `deliveries` end, which come from `waiting`: what is there is taken from it at once.

        What `handle` raises ends it: nothing behind that is acknowledged.
        """
        async for first in deliveries:
            batch = [first]
            try:
                while len(batch) < _MOST_AT_ONCE:
                    batch.append(waiting.get_nowait())
            except asyncio.QueueEmpty:
                pass
            except StopAsyncIteration:
                return
            await self._handle(batch)
            for delivered in batch:
                delivered.ack()
            if 0 < waiting.qsize() < _MOST_AT_ONCE:
                await asyncio.sleep(min(_GATHER_SECONDS * len(batch), _MOST_GATHER_SECONDS))


class BoardStream:
    """Decodes deliveries, groups them by board, drives the pipeline, and waits out what may be over soon."""

    def __init__(self, pipeline: Pipeline, dead: DeadLetters, prefix: str) -> None:
        self._pipeline, self._dead = pipeline, dead
        self._turn = asyncio.Lock()
        self._topics = {topic.named(prefix): topic for topic in BOARD_TOPICS}

    async def handle(self, batch: Sequence[Delivered]) -> None:
        boards: dict[str, list[Event]] = {}
        for delivered in batch:
            event = await self._read(delivered)
            if event is not None:
                boards.setdefault(event.envelope.partitionkey, []).append(event)
        turns = asyncio.Semaphore(_BOARDS_AT_ONCE)
        async with self._turn:
            await asyncio.gather(*(self._take(turns, board, events) for board, events in boards.items()))

    async def bring_up(self, board: str, events: Sequence[Event]) -> None:
        """Fold events that did not come from Kafka. Raises what the pipeline raises."""
        async with self._turn:
            await self._pipeline.retake(board, events)

    async def _read(self, delivered: Delivered) -> Event | None:
        topic = self._topics[delivered.message.topic]
        try:
            envelope = from_kafka(delivered.value, delivered.headers.items())
        except (ValueError, UnicodeDecodeError, msgspec.DecodeError) as error:
            await self._dead.bury_message(delivered.key, delivered.value, delivered.headers, str(error))
            return None
        self._dead.one_was_well()
        return unpack(envelope, topic)

    async def _take(self, turns: asyncio.Semaphore, board: str, events: Sequence[Event]) -> None:
        failures = 0
        async with turns:
            while True:
                try:
                    await self._pipeline.take(board, events)
                except TRANSIENT as error:
                    pause = _RETRY_SECONDS[min(failures, len(_RETRY_SECONDS) - 1)]
                    failures += 1
                    _log.warning("streams wait", board=board, error=str(error), seconds=pause)
                    await asyncio.sleep(pause)
                else:
                    return


def create_app(settings: Settings, topics: Mapping[str, str]) -> faust.App:
    """The worker's Faust app. It connects when it starts, and ends when `topics` are not there any more."""
    prefix = settings.topic_prefix
    app = faust.App(
        f"{prefix}-boards-{generation(topics)}",
        broker=[f"kafka://{server}" for server in settings.kafka_bootstrap.split(",")],
        datadir=str((settings.data / "worker").resolve()),
        web_port=settings.worker_web_port,
        processing_guarantee="at_least_once",
        consumer_auto_offset_reset="earliest",
        topic_disable_leader=True,
        topic_allow_declare=False,
        topic_partitions=settings.topic_partitions,
        topic_replication_factor=settings.kafka_replication,
        producer_acks=-1,
        broker_commit_interval=0.5,
        broker_session_timeout=_SESSION_SECONDS,
        broker_heartbeat_interval=_SESSION_SECONDS / 5,
        stream_wait_empty=False,
        stream_buffer_maxsize=MOST_BUFFERED,
        logging_config=None,
    )
    fetch_in_time(app)
    dead = DeadLetters(sender(app.topic(Topic.DEAD.named(prefix), **_RAW)))
    database = Database(settings.database, pool_size=2)
    client = redis.asyncio.Redis.from_url(settings.redis_url)
    reader = LogReader(database)
    pipeline = Pipeline(
        client,
        reader,
        dead.bury,
        tell=_teller(app.topic(Topic.CONTRIBUTIONS.named(prefix), **_RAW)),
        publish=_teller(app.topic(Topic.STANDINGS.named(prefix), **_RAW)),
    )
    stream = BoardStream(pipeline, dead, prefix)

    @app.agent(app.topic(*(topic.named(prefix) for topic in BOARD_TOPICS), **_RAW))
    async def boards(deliveries: Any) -> None:
        unacknowledged = deliveries.noack()
        folding = Batches(stream.handle).work(unacknowledged.events(), unacknowledged.channel.queue)
        sweep = Sweep(client, reader, stream.bring_up, partial(_assigned, app, settings))
        works = [asyncio.create_task(each) for each in (folding, sweep.run(), guard(settings, topics))]
        for work in works:
            work.add_done_callback(partial(_crash_with, app))
        try:
            await asyncio.wait(works, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for work in works:
                work.cancel()

    @app.page("/ready")
    async def ready(web: Any, _request: Any) -> Any:
        mine = sorted(_partitions(app))
        return web.json({"partitions": mine}, status=200 if mine else 503)

    @app.on_before_shutdown.connect
    async def close(*_: Any, **__: Any) -> None:
        await client.aclose()
        database.close()

    return app


@cache
def partition_of(board: str, partitions: int) -> int:
    """The partition of a board's events, as every producer of ours chooses it (murmur2)."""
    return int(murmur2(board.encode()) & 0x7FFFFFFF) % partitions


def run_worker(settings: Settings) -> None:
    """Run one worker until it is stopped; the exit code tells whether it ended by itself."""
    settings.data.mkdir(parents=True, exist_ok=True)  # Faust makes its own folder, but not the one above
    worker = faust.Worker(
        create_app(settings, wait_for_topics(settings)),
        redirect_stdouts=False,
        loglevel="WARNING",
        quiet=True,
    )
    spare_what_stays()
    sys.exit(worker.execute_from_commandline())


def sender(topic: Any) -> Callable[[bytes, bytes, list[tuple[str, bytes]]], Awaitable[None]]:
    """Sends and waits for Kafka's word. What may be over at the next try is raised as one of TRANSIENT."""

    async def send(key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
        try:
            await (await topic.send(key=key, value=value, headers=headers))
        except KafkaError as error:
            if error.retriable or isinstance(error, KafkaTimeoutError):
                raise ConnectionError(f"Kafka took no message: {error!r}") from error
            raise

    return send


def _teller(topic: Any) -> Callable[[Event], Awaitable[None]]:
    send = sender(topic)

    async def tell(event: Event) -> None:
        await send(*to_kafka(encode(event.envelope), ""))

    return tell


def _assigned(app: Any, settings: Settings, boards: Iterable[str]) -> Iterator[str]:
    """Those boards whose partition is this worker's at the moment."""
    mine = _partitions(app)
    return (board for board in boards if partition_of(board, settings.topic_partitions) in mine)


def _partitions(app: Any) -> set[int]:
    return {each.partition for each in app.consumer.assignment()} if app.consumer is not None else set()


def _crash_with(app: Any, done: "asyncio.Task[None]") -> None:
    """A worker that cannot go on ends, loudly; its partitions go to others, from the last event done."""
    if not done.cancelled() and (error := done.exception()) is not None:
        _log.error("worker ends", error=f"{type(error).__name__}: {error}")
        asyncio.get_running_loop().create_task(app.crash(error))
