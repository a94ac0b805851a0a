"""The cluster under load: each process is killed in turn, and nothing is lost."""

import random

import pytest

from tests.faults.scene import SOAK_ROUNDS, Scene, rounds
from tests.parts.topology import Topology

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]

SHEETS = 40
IN_THE_WAY = ("nginx", "scoring", "leaderboard", "relay", "worker", "valkey", "kafka", "postgres")
BESIDE = ("identity", "registration", "suggestions", "awards")


@rounds(2)
@pytest.mark.parametrize("victim", IN_THE_WAY)
def test_killed_process_loses_no_acknowledged_sheet(
    cluster: Topology, cluster_scene: Scene, victim: str, rounds: int
) -> None:
    with cluster_scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                cluster.kill(victim)
                cluster.part(victim).launch()
                judges.until_more(SHEETS)
            play.check()
    cluster.part(victim).wait_ready()


@rounds(1)
def test_judges_mark_on_while_the_other_services_are_killed(
    cluster: Topology, cluster_scene: Scene, rounds: int
) -> None:
    with cluster_scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                for service in BESIDE:
                    cluster.kill(service)
                unanswered = judges.unanswered + judges.away
                judges.until_more(SHEETS)
                assert judges.unanswered + judges.away == unanswered
            play.check()
            for service in BESIDE:
                cluster.part(service).launch()
            for service in BESIDE:
                cluster.part(service).wait_ready()


@rounds(1)
def test_relay_killed_again_and_again_publishes_everything(
    cluster: Topology, cluster_scene: Scene, rounds: int
) -> None:
    with cluster_scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                for _ in range(5):
                    cluster.restart("relay")
                    judges.until_more(SHEETS // 4)
                    cluster.kill("relay")
                judges.until_more(SHEETS)
            cluster.restart("relay")
            play.check()


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_storm_of_kills_loses_no_acknowledged_sheet(cluster: Topology, cluster_scene: Scene) -> None:
    with cluster_scene.play() as play:
        for number in range(SOAK_ROUNDS):
            chance = random.Random(number)
            victims = chance.sample(IN_THE_WAY, chance.randint(2, 4))
            with play.judges as judges:
                judges.until_more(SHEETS)
                for victim in victims:
                    cluster.kill(victim)
                for victim in chance.sample(victims, len(victims)):
                    cluster.part(victim).launch()
                judges.until_more(SHEETS)
            for victim in victims:
                cluster.part(victim).wait_ready()
            play.check()
