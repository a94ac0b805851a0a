"""Redis and Kafka lose everything they had: boards come back by themselves, from the ledger."""

import asyncio
import shutil

import pytest
from redis.asyncio import Redis
from sqlalchemy import func, select

from services.kit.tables import outbox
from tests.faults.keeper import kept_running
from tests.faults.scene import Play, Scene, rounds
from tests.parts import wait_until
from tests.parts.topology import Topology

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

SHEETS = 40
WORKERS = 2


@rounds(2)
def test_emptied_redis_fills_again_without_another_event(cluster_scene: Scene, rounds: int) -> None:
    with cluster_scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
            empty_redis(cluster_scene)

            play.check()


@rounds(2)
def test_redis_emptied_under_load_loses_nothing(cluster_scene: Scene, rounds: int) -> None:
    with cluster_scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                empty_redis(cluster_scene)
                judges.until_more(SHEETS)

            play.check()


@rounds(1)
def test_kafka_emptied_under_load_loses_nothing(cluster: Topology, cluster_scene: Scene, rounds: int) -> None:
    with kept_running(cluster.parts("worker")), cluster_scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                empty_kafka(cluster)
                cluster.part("kafka").start()
                judges.until_more(SHEETS)

            play.check()


@rounds(1)
def test_events_that_kafka_lost_before_a_worker_saw_them_come_without_another_event(
    cluster: Topology, cluster_scene: Scene, rounds: int
) -> None:
    with cluster_scene.play() as play:
        for _ in range(rounds):
            for number in range(WORKERS):
                cluster.kill("worker", number)
            with play.judges as judges:
                judges.until_more(SHEETS)
            wait_until(lambda: all_published(play), seconds=60, what="everything is published")
            empty_kafka(cluster)
            cluster.part("kafka").start()
            with kept_running(cluster.parts("worker")):
                play.check()


def empty_redis(scene: Scene) -> None:
    async def flush() -> None:
        async with Redis.from_url(scene.redis_url) as client:
            await client.flushall()

    asyncio.run(flush())


def empty_kafka(cluster: Topology) -> None:
    """The broker is killed, and its disk is new."""
    cluster.kill("kafka")
    shutil.rmtree(cluster.part("kafka").folder / "data")


def all_published(play: Play) -> bool:
    waiting = select(func.count()).where(outbox.c.published.is_(False))
    with play.scene.database.reading() as session:
        return session.scalar(waiting) == 0
