"""The bare feed with Kafka between: a POST is answered once the broker has it, watchers hear it from there.

python -m services.cli.bench.floors.bare_hop PORT BOOTSTRAP TOPIC
"""

import asyncio
import sys

import uvicorn
import uvloop
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from starlette.types import Receive, Send

from services.cli.bench.floors.bare_feed import CREATED, Feed, posted_entry
from services.cli.server import config
from services.kit.settings import Settings, make_secret


class Hop(Feed):
    """What is posted goes to a topic, what comes from it to everybody."""

    def __init__(self, producer: AIOKafkaProducer, topic: str) -> None:
        super().__init__()
        self._producer, self._topic = producer, topic

    async def take(self, receive: Receive, send: Send) -> None:
        await self._producer.send_and_wait(self._topic, (await posted_entry(receive)).encode())
        for message in CREATED:
            await send(message)

    async def follow(self, consumer: AIOKafkaConsumer) -> None:
        async for record in consumer:
            await self.tell(record.value.decode())


async def serve(port: int, bootstrap: str, topic: str) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all")
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=bootstrap, auto_offset_reset="latest")
    await producer.start()
    await consumer.start()
    try:
        hop = Hop(producer, topic)
        following = asyncio.create_task(hop.follow(consumer))
        settings = Settings(secret=make_secret(), port=port)
        await uvicorn.Server(config(hop, settings)).serve()
        following.cancel()
    finally:
        await consumer.stop()
        await producer.stop()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
