"""Faust's Kafka transport, which asks for the next messages in time and hands each over without a task.

Faust 0.15.3 has every fetch wait up to 1.5 s for a first message. While messages of one partition lie read
and unused, as they do in a flood, aiokafka fetches from the other partitions alone: where those are quiet,
the flood stands still until that wait is over. It stands still too where too many messages wait for the
agent: Faust pauses their partition, and takes it up again with the fetch after the one under way.
"""

from typing import Any

import faust
from faust.transport.drivers import aiokafka

MOST_BUFFERED = 16_384
"""Faust pauses partitions where most of so many messages wait."""

_MOST_BEFORE_A_FETCH = 4_096
_FETCH_MILLISECONDS = 50
_ROOM_SECONDS = 0.01


class _Thread(aiokafka.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_MILLISECONDS
        return consumer


class _Consumer(aiokafka.Consumer):
    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)

    async def _wait_next_records(self, *limits: Any) -> Any:
        while self._waiting() > _MOST_BEFORE_A_FETCH and not self.should_stop:
            await self.sleep(_ROOM_SECONDS)
        return await super()._wait_next_records(*limits)

    async def wait_first(self, *waits: Any, **limits: Any) -> Any:
        """Faust makes four tasks for each message, so that a rebalance ends its wait for room in a queue."""
        delivery, *others = waits
        if not others or not self._has_room():
            return await super().wait_first(*waits, **limits)
        for each in others:
            each.close()
        return await delivery

    def _waiting(self) -> int:
        return max((channel.queue.qsize() for channel in self.app.topics), default=0)

    def _has_room(self) -> bool:
        return self.flow_active and self.app.flow_control.is_active() and self._waiting() < MOST_BUFFERED


class _Transport(aiokafka.Transport):
    Consumer = _Consumer


def fetch_in_time(app: faust.App) -> None:
    """Give the app this transport; before it starts."""
    app.transport = _Transport(app.conf.broker_consumer, app)
