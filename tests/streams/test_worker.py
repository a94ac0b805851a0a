"""Micro-batches: nothing is acknowledged before it is done, whatever fails."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence

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
    handle: Callable[[Sequence[Delivered]], Awaitable[None]],
    waiting: "asyncio.Queue[Delivered]",
    deliveries: Sequence[Delivery],
) -> None:
    """Gives all deliveries at once and returns when there are no more. Raises what the work ended with."""

    async def each() -> AsyncIterator[Delivered]:
        while not waiting.empty():
            yield waiting.get_nowait()

    for delivery in deliveries:
        waiting.put_nowait(delivery)
    asyncio.run(Batches(handle).work(each(), waiting))


def test_deliveries_that_wait_make_one_batch_and_are_acknowledged_after_it() -> None:
    deliveries = [Delivery(n) for n in range(5)]
    seen: list[tuple[int, bool]] = []

    async def handle(batch: Sequence[Delivered]) -> None:
        seen.append((len(batch), any(each.acknowledged for each in deliveries)))

    drive(handle, asyncio.Queue(), deliveries)

    assert seen == [(5, False)]
    assert all(each.acknowledged for each in deliveries)


def test_nothing_is_acknowledged_of_a_batch_that_failed_nor_after_it() -> None:
    deliveries = [Delivery(n) for n in range(3)]

    async def handle(_: Sequence[Delivered]) -> None:
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        drive(handle, asyncio.Queue(), deliveries)

    assert not any(each.acknowledged for each in deliveries)


def test_flood_is_handled_in_batches_of_bounded_size() -> None:
    sizes: list[int] = []

    async def handle(batch: Sequence[Delivered]) -> None:
        sizes.append(len(batch))

    drive(handle, asyncio.Queue(), [Delivery(n) for n in range(5_000)])

    assert sizes == [2_000, 2_000, 1_000]


def test_what_comes_while_a_batch_is_at_work_makes_the_next() -> None:
    sizes: list[int] = []
    waiting: asyncio.Queue[Delivered] = asyncio.Queue()

    async def handle(batch: Sequence[Delivered]) -> None:
        sizes.append(len(batch))
        if len(sizes) == 1:
            for n in range(3):
                waiting.put_nowait(Delivery(n))

    drive(handle, waiting, [Delivery(0)])

    assert sizes == [1, 3]


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
