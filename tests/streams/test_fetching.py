"""The tuned transport on a real broker: a flood keeps moving, and everything arrives once and in order."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import faust
import pytest
from kafka import KafkaProducer
from kafka.admin import KafkaAdminClient, NewTopic

from streams.fetching import MOST_BUFFERED, fetch_in_time
from tests.parts import Kafka, wait_until

pytestmark = pytest.mark.cluster

PARTITIONS = 2
FLOOD = 60_000
HALF = FLOOD // 2
TICK_SECONDS = 0.01
STANDSTILL_TICKS = 50
"""Faust's own transport stands still for longer, after each few thousand messages. Ticks are those of the
reader's event loop: a machine that is busy elsewhere holds them up as well, and is no standstill.
"""


class Topic:
    """An empty topic. Its messages are numbers, counted in each partition from 0."""

    def __init__(self, bootstrap: str, name: str) -> None:
        self.bootstrap, self.name = bootstrap, name
        admin = KafkaAdminClient(bootstrap_servers=bootstrap)
        admin.create_topics([NewTopic(name, PARTITIONS, 1)], wait_for_metadata=True)
        admin.close()

    def fill(self, *partitions: int, count: int = FLOOD, width: int = 0) -> None:
        """Messages of at least so many bytes, in these partitions in turn."""
        producer = KafkaProducer(bootstrap_servers=self.bootstrap, acks="all", linger_ms=20)
        for number in range(count):
            for partition in partitions:
                producer.send(self.name, f"{number:0{width}}".encode(), partition=partition)
        producer.flush()
        producer.close()


class Reader:
    """A Faust app that reads a topic through the transport, and handles messages while its gate is open."""

    def __init__(self, topic: Topic, folder: Path) -> None:
        self.gate = asyncio.Event()
        self.taken: list[tuple[int, int]] = []
        self.moments: list[int] = []
        self._ticks = 0
        self._waiting: asyncio.Queue[Any] | None = None
        self.app = faust.App(
            topic.name,
            broker=f"kafka://{topic.bootstrap}",
            datadir=str(folder),
            web_enabled=False,
            consumer_auto_offset_reset="earliest",
            topic_disable_leader=True,
            topic_allow_declare=False,
            stream_wait_empty=False,
            stream_buffer_maxsize=MOST_BUFFERED,
            logging_config=None,
        )
        fetch_in_time(self.app)
        self.app.agent(self.app.topic(topic.name, value_type=bytes, value_serializer="raw"))(self._read)

    async def _read(self, deliveries: Any) -> None:
        unacknowledged = deliveries.noack()
        self._waiting = unacknowledged.channel.queue
        async for event in unacknowledged.events():
            await self.gate.wait()
            self.taken.append((event.message.partition, int(event.value)))
            self.moments.append(self._ticks)
            event.ack()

    async def tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self._ticks += 1

    @property
    def waiting(self) -> int:
        """How many messages lie read and unused."""
        return self._waiting.qsize() if self._waiting is not None else 0

    def of(self, partition: int) -> list[int]:
        return [number for of, number in self.taken if of == partition]


@pytest.fixture
def topic(kafka: Kafka, topic_prefix: str) -> Topic:
    return Topic(kafka.bootstrap, topic_prefix)


@asynccontextmanager
async def reading(topic: Topic, folder: Path) -> AsyncIterator[Reader]:
    reader = Reader(topic, folder)
    ticking = asyncio.create_task(reader.tick())
    async with reader.app:
        yield reader
    ticking.cancel()


async def until(condition: Callable[[], bool], what: str) -> None:
    await asyncio.to_thread(wait_until, condition, seconds=60, what=what, interval=0.01)


def standstills(reader: Reader) -> int:
    return sum(after - before > STANDSTILL_TICKS for before, after in pairwise(reader.moments))


def test_flood_beside_a_quiet_partition_does_not_stand_still(topic: Topic, tmp_path: Path) -> None:
    topic.fill(0, width=500)

    async def read() -> Reader:
        async with reading(topic, tmp_path) as reader:
            reader.gate.set()
            await until(lambda: len(reader.taken) >= FLOOD, "everything has arrived")
        return reader

    reader = asyncio.run(read())

    assert reader.of(0) == [*range(FLOOD)]
    assert standstills(reader) == 0


def test_flood_that_had_to_wait_for_its_reader_arrives_once_in_order_and_without_a_standstill(
    topic: Topic, tmp_path: Path
) -> None:
    topic.fill(0)

    async def read() -> tuple[int, Reader]:
        async with reading(topic, tmp_path) as reader:
            await until(lambda: reader.waiting >= MOST_BUFFERED, "the reader has no more room")
            waiting = reader.waiting
            reader.gate.set()
            await until(lambda: len(reader.taken) >= FLOOD, "everything has arrived")
        return waiting, reader

    waiting, reader = asyncio.run(read())

    assert waiting == MOST_BUFFERED
    assert reader.of(0) == [*range(FLOOD)]
    assert standstills(reader) == 0


def test_reader_without_room_ends_and_the_next_one_goes_on_behind_what_was_done(
    topic: Topic, tmp_path: Path
) -> None:
    topic.fill(0)

    async def read() -> tuple[list[int], list[int]]:
        async with reading(topic, tmp_path) as first:
            await until(lambda: first.waiting >= MOST_BUFFERED, "the first reader has no more room")
            first.gate.set()
            await until(lambda: len(first.taken) > 0, "the first reader has begun")
            first.gate.clear()
        async with reading(topic, tmp_path) as second:
            second.gate.set()
            await until(lambda: second.taken[-1:] == [(0, FLOOD - 1)], "the second reader is at the end")
        return first.of(0), second.of(0)

    first, second = asyncio.run(read())

    assert first + second == [*range(FLOOD)]


def test_reader_without_room_gives_up_a_partition_to_one_who_joins(topic: Topic, tmp_path: Path) -> None:
    topic.fill(0, 1, count=HALF)

    async def read() -> tuple[Reader, Reader]:
        async with reading(topic, tmp_path / "first") as first:
            await until(lambda: first.waiting >= MOST_BUFFERED, "the first reader has no more room")
            async with reading(topic, tmp_path / "second") as second:
                second.gate.set()
                await until(lambda: len(second.taken) >= HALF, "the second reader has all of its partition")
                first.gate.set()
                await until(lambda: len(first.taken) > HALF, "the first reader has all of its own")
        return first, second

    first, second = asyncio.run(read())

    in_hand, *others = first.taken  # begun before the partitions moved, done after: it is handed over again
    handed_over = [*others, *second.taken]
    assert in_hand in handed_over
    assert [[n for of, n in handed_over if of == p] for p in (0, 1)] == [[*range(HALF)], [*range(HALF)]]
