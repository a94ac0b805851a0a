"""Micro-batches: nothing is acknowledged before it is done, whatever fails."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest
from aiokafka.errors import (
    KafkaError,
    KafkaTimeoutError,
    MessageSizeTooLargeError,
    NotLeaderForPartitionError,
)

from streams.leaderboard.views import TRANSIENT
from streams.worker import Batches, Delivered, sender


class Delivery:
    def __init__(self, number: int) -> None:
        self.number = number
        self.key = self.value = b""
        self.headers: Mapping[str, bytes] = {}
        self.message = None
        self.acknowledged = False

    def ack(self) -> bool:
        self.acknowledged = True
        return True


def drive(
    handle: Callable[[Sequence[Delivered]], Awaitable[None]], deliveries: Sequence[Delivery]
) -> BaseException | None:
    """Gives all deliveries at once; returns what the work ended with, if it ended."""

    async def run() -> BaseException | None:
        batches = Batches(handle)
        work = asyncio.create_task(batches.work())
        for delivery in deliveries:
            await batches.add(delivery)
        await asyncio.wait({work}, timeout=0.2)
        if work.done():
            return work.exception()
        work.cancel()
        return None

    return asyncio.run(run())


def test_deliveries_that_wait_make_one_batch_and_are_acknowledged_after_it() -> None:
    deliveries = [Delivery(n) for n in range(5)]
    seen: list[tuple[int, bool]] = []

    async def handle(batch: Sequence[Delivered]) -> None:
        seen.append((len(batch), any(each.acknowledged for each in deliveries)))

    drive(handle, deliveries)

    assert seen == [(5, False)]
    assert all(each.acknowledged for each in deliveries)


def test_nothing_is_acknowledged_of_a_batch_that_failed_nor_after_it() -> None:
    deliveries = [Delivery(n) for n in range(3)]

    async def handle(_: Sequence[Delivered]) -> None:
        raise RuntimeError("no")

    ended = drive(handle, deliveries)

    assert isinstance(ended, RuntimeError)
    assert not any(each.acknowledged for each in deliveries)


def test_flood_waits_instead_of_filling_the_memory() -> None:
    largest = 0

    async def handle(batch: Sequence[Delivered]) -> None:
        nonlocal largest
        largest = max(largest, len(batch))
        await asyncio.sleep(0)

    deliveries = [Delivery(n) for n in range(5_000)]
    drive(handle, deliveries)

    assert largest <= 2_000
    assert all(each.acknowledged for each in deliveries)


class Refusing:
    """A topic whose broker answers every message with one error."""

    def __init__(self, error: KafkaError) -> None:
        self._error = error

    async def send(self, **_: object) -> "asyncio.Future[None]":
        answer: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        answer.set_exception(self._error)
        return answer


async def send_to(topic: Refusing) -> None:
    await sender(topic)(b"board", b"{}", [])


@pytest.mark.parametrize("error", [KafkaTimeoutError(), NotLeaderForPartitionError()])
def test_message_that_kafka_may_take_later_is_sent_again_and_not_buried(error: KafkaError) -> None:
    with pytest.raises(TRANSIENT):
        asyncio.run(send_to(Refusing(error)))


def test_message_that_kafka_never_takes_is_not_tried_for_ever() -> None:
    with pytest.raises(MessageSizeTooLargeError):
        asyncio.run(send_to(Refusing(MessageSizeTooLargeError())))
