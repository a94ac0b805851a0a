"""Redis and Kafka lose everything they had: boards come back by themselves, from the ledger."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal

import pytest
from kafka import KafkaConsumer, TopicPartition
from redis.asyncio import Redis
from sqlalchemy import func, select

from schemas.envelope import decode
from schemas.events.registrations import BoardOpened, EntryRegistered
from schemas.events.scores import ContributionEntered, ResultsPublished, SchemePublished
from schemas.objects import Board, Entry, Feed, Named, SchemeVersion, UnitRef
from schemas.registry import Fact, decode_fact
from schemas.topics import Topic
from services.awards.recount import recount
from services.kit import log
from services.kit.tables import outbox
from tests.faults.keeper import kept_running
from tests.faults.scene import Play, Scene, rounds
from tests.parts import wait_until
from tests.parts.topology import Topology
from tests.streams.hosts import append

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
    with cluster_scene.play() as play:
        for _ in range(rounds):
            with workers_begin_anew(cluster):
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


def test_points_that_kafka_lost_on_their_way_to_a_campaign_arrive_once(
    cluster: Topology, cluster_scene: Scene
) -> None:
    with cluster_scene.play() as play:
        campaign = f"{play.contest.id}-campaign"
        with play.judges as judges:
            judges.until_more(SHEETS)
        play.check()
        append(cluster_scene.database, campaign, *fed_by(play.contest.id, campaign))
        cluster_scene.wait_for_board(campaign)
        before = told(cluster)
        cluster.kill("scoring")
        append(cluster_scene.database, play.contest.id, results(play))
        wait_until(lambda: told(cluster) > before, seconds=60, what="the points are on their way")
        empty_kafka(cluster)
        cluster.part("kafka").start()

        with workers_begin_anew(cluster):
            cluster.restart("scoring")
            wait_until(
                lambda: bool(entered(cluster_scene, campaign)), seconds=120, what="the points are there"
            )
            play.check()

        assert entered(cluster_scene, campaign) == [("unit", "10")]


def fed_by(source: str, campaign: str) -> list[Fact]:
    """A campaign on which the unit of the contest gets 10 points for its winner."""
    feed = Feed(id="places", cause="place", aspect="honours", points={"1": Decimal(10)}, source=source)
    title = Named(zh="工人先锋号", en="Pioneers")
    unit = UnitRef(id="bench-unit", name="测量单位", path="/bench-unit/")
    board = Board(
        id=campaign,
        code=campaign,
        campaign="faults",
        campaign_title=title,
        kind="campaign",
        title=title,
        unit=unit,
        feeds=(feed,),
    )
    tree = {"kind": "group", "children": [{"kind": "bonus", "id": "honours", "panel": {"function": "sum"}}]}
    scheme = SchemeVersion(board=campaign, version=1, data={"id": "pioneers", "root": tree})
    entry = Entry(id="unit", board=campaign, kind="unit", name="测量单位", unit=unit)
    return [BoardOpened(board=board), SchemePublished(scheme=scheme), EntryRegistered(entry=entry)]


def results(play: Play) -> Fact:
    """The results as the ledger gives them."""
    with play.scene.database.reading() as session:
        rows = recount(session, play.contest.id).rows
    return ResultsPublished(
        board=play.contest.id, places={row.entry: row.place for row in rows if row.place is not None}
    )


def told(cluster: Topology) -> int:
    """How many contributions Kafka has."""
    name = Topic.CONTRIBUTIONS.named()
    consumer = KafkaConsumer(bootstrap_servers=cluster.address("kafka", 9092))
    try:
        numbers = consumer.partitions_for_topic(name) or ()
        return sum(consumer.end_offsets([TopicPartition(name, number) for number in numbers]).values())
    finally:
        consumer.close()


def entered(scene: Scene, campaign: str) -> list[tuple[str, str]]:
    """Entry and points of every contribution in the campaign's ledger."""
    with scene.database.reading() as session:
        lines = log.read_board(session, campaign, Topic.SCORES)
    facts = [decode_fact(decode(line.body)) for line in lines]
    return [
        (fact.sheet.entry, str(fact.sheet.marks["honours"]))
        for fact in facts
        if isinstance(fact, ContributionEntered)
    ]


def empty_redis(scene: Scene) -> None:
    async def flush() -> None:
        async with Redis.from_url(scene.redis_url) as client:
            await client.flushall()

    asyncio.run(flush())


@contextmanager
def workers_begin_anew(cluster: Topology) -> Iterator[None]:
    """Each worker ends once it sees that its topics were replaced, which may be after all is well again."""
    workers = cluster.parts("worker")
    before = {worker.pid for worker in workers}
    with kept_running(workers):
        yield
        wait_until(
            lambda: all(worker.is_running and worker.pid not in before for worker in workers),
            seconds=60,
            what="every worker has begun anew",
        )


def empty_kafka(cluster: Topology) -> None:
    """The broker is killed, and its disk is new."""
    cluster.kill("kafka")
    shutil.rmtree(cluster.part("kafka").folder / "data")


def all_published(play: Play) -> bool:
    waiting = select(func.count()).where(outbox.c.published.is_(False))
    with play.scene.database.reading() as session:
        return session.scalar(waiting) == 0
