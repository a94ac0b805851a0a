"""Events come twice, late, out of order and from a worker that was thought dead: each counts once."""

import json
import os
import random
import signal
import urllib.error
import urllib.request
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from kafka import KafkaProducer

from schemas.cloudevents import to_kafka
from schemas.topics import BOARD_TOPICS, Topic
from services.kit import log
from services.kit.log import LoggedEvent
from services.kit.settings import Settings
from services.relay.service import producer
from streams.worker import partition_of
from tests.faults.scene import Play, Scene, rounds
from tests.parts import Part, wait_until
from tests.parts.topology import ServiceProcess, Topology

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

SHEETS = 40
PREFIX = "leitai"
PARTITIONS = 12


@rounds(2)
def test_events_told_again_in_any_order_under_load_change_nothing(
    cluster: Topology, cluster_scene: Scene, rounds: int
) -> None:
    order = random.Random(rounds)
    with cluster_scene.play() as play, producing(cluster) as sender:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                events = logged(play)
                publish(sender, order.sample(events, len(events)))
                judges.until_more(SHEETS)
            publish(sender, order.sample(events, len(events)))
            play.check()
        done = cluster.run("scoring", "leitai", "rebuild", play.contest.id, "--json")

    assert [(each["view"], each["differences"]) for each in json.loads(done.stdout)] == [
        ("jury", []),
        ("public", []),
    ]


@rounds(2)
def test_event_that_overtakes_all_before_it_waits_for_none_of_them(
    cluster: Topology, cluster_scene: Scene, rounds: int
) -> None:
    with cluster_scene.play() as play, producing(cluster) as sender:
        for _ in range(rounds):
            cluster.kill("relay")
            with play.judges as judges:
                judges.until_more(SHEETS)
            publish(sender, logged(play)[-1:])
            play.check()

            cluster.restart("relay")
            with play.judges as judges:
                judges.until_more(SHEETS)
            play.check()


@rounds(1)
def test_worker_that_wakes_after_its_boards_were_given_away_moves_nothing_back(
    cluster: Topology, cluster_scene: Scene, rounds: int
) -> None:
    with cluster_scene.play() as play:
        board = partition_of(play.contest.id, PARTITIONS)
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                owner, other = owners(cluster, board)
                os.killpg(owner.pid, signal.SIGSTOP)
                try:
                    wait_for_partition(other, board)
                    judges.until_more(SHEETS)
                finally:
                    os.killpg(owner.pid, signal.SIGCONT)
                judges.until_more(SHEETS)
            play.check()
            owner.wait_ready()


@contextmanager
def producing(cluster: Topology) -> Iterator[KafkaProducer]:
    settings: dict[str, Any] = {
        name.removeprefix("LEITAI_").lower(): value
        for name, value in cluster.environment("relay").items()
        if name.startswith("LEITAI_")
    }
    sender = producer(Settings(**settings))
    yield sender
    sender.close()


def publish(sender: KafkaProducer, events: Iterable[LoggedEvent]) -> None:
    for event in events:
        key, value, headers = to_kafka(event.body, event.chain)
        sender.send(event.topic.named(PREFIX), value=value, key=key, headers=headers)
    sender.flush(60)


def logged(play: Play) -> list[LoggedEvent]:
    """Everything that the log has of the board, the scores last."""
    topics = sorted(BOARD_TOPICS, key=lambda topic: topic is Topic.SCORES)
    with play.scene.database.reading() as session:
        return [event for topic in topics for event in log.read_board(session, play.contest.id, topic)]


def owners(cluster: Topology, partition: int) -> tuple[Part, Part]:
    """The worker that has the partition, and the other one."""
    first, second = cluster.parts("worker")
    found: list[tuple[Part, Part]] = []

    def known() -> bool:
        found.extend(pair for pair in ((first, second), (second, first)) if partition in partitions(pair[0]))
        return bool(found)

    wait_until(known, seconds=120, what="a worker has the board's partition")
    return found[-1]


def wait_for_partition(worker: Part, partition: int) -> None:
    wait_until(
        lambda: partition in partitions(worker), seconds=120, what=f"{worker.name} has partition {partition}"
    )


def partitions(worker: Part) -> list[int]:
    assert isinstance(worker, ServiceProcess)
    address = f"http://127.0.0.1:{worker.local_port(8110)}/ready"
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            found: list[int] = json.load(answer)["partitions"]
            return found
    except (urllib.error.URLError, OSError):
        return []
