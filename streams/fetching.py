"""Faust's Kafka transport, which asks for the next messages in time.

Faust 0.15.3 has every fetch wait up to 1.5 s for a first message. While messages of one partition lie read
and unused, as they do in a flood, aiokafka fetches from the other partitions alone: where those are quiet,
the flood stands still until that wait is over.
"""

from typing import Any

import faust
from faust.transport.drivers import aiokafka

_FETCH_MILLISECONDS = 50


class _Thread(aiokafka.AIOKafkaConsumerThread):
    def _create_worker_consumer(self, transport: Any) -> Any:
        consumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_MILLISECONDS
        return consumer


class _Consumer(aiokafka.Consumer):
    def _new_consumer_thread(self) -> _Thread:
        return _Thread(self, loop=self.loop, beacon=self.beacon)


class _Transport(aiokafka.Transport):
    Consumer = _Consumer


def fetch_in_time(app: faust.App) -> None:
    """Give the app this transport; before it starts."""
    app.transport = _Transport(app.conf.broker_consumer, app)
