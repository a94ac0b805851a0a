"""Contributions from a real Kafka: entered once, also when they are told again after a restart."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from kafka import KafkaProducer
from starlette.testclient import TestClient

from schemas.cloudevents import to_kafka
from schemas.envelope import Envelope, canonical, encode
from schemas.events.contributions import ContributionEarned
from schemas.events.registrations import BoardOpened
from schemas.registry import dataschema, event_type
from services.kit.ids import new_id
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret
from services.relay.topics import create_topics
from services.scoring.app import create
from services.scoring.consumer import Listener
from tests.services.scoring.contest import NOW, Contest, a_board
from tests.services.scoring.test_contributions import CAMPAIGN, SCHEME, UNION, earned, sheets, stand

pytestmark = pytest.mark.cluster


@pytest.fixture
def campaign(
    postgres_tables_url: str, kafka_bootstrap: str, topic_prefix: str, tmp_path: Path
) -> Iterator[Contest]:
    settings = Settings(
        data=tmp_path,
        secret=make_secret(),
        database_url=postgres_tables_url,
        kafka_bootstrap=kafka_bootstrap,
        topic_prefix=topic_prefix,
    )
    create_topics(settings)
    runtime = replace(Runtime.of(settings), clock=lambda: NOW)
    with TestClient(create(runtime)) as client:
        contest = Contest(runtime, client, [NOW])
        contest.tell(BoardOpened(board=a_board(id=CAMPAIGN, kind="campaign")), board=CAMPAIGN)
        contest.put(f"/boards/{CAMPAIGN}/scheme", {"data": SCHEME})
        stand(contest, "near", UNION)
        yield contest
    runtime.database.close()


def tell(contest: Contest, *facts: ContributionEarned | bytes) -> None:
    settings = contest.runtime.settings
    producer = KafkaProducer(bootstrap_servers=settings.kafka_bootstrap, acks="all")
    topic = f"{settings.topic_prefix}.contributions"
    for fact in facts:
        if isinstance(fact, bytes):
            producer.send(topic, fact).get(30)
            continue
        envelope = Envelope(
            id=new_id(),
            source="/streams/contributions",
            type=event_type(ContributionEarned),
            subject=fact.subject,
            time=NOW,
            partitionkey=fact.board,
            dataschema=dataschema(ContributionEarned),
            sequence=0,
            actor="streams",
            data=msgspec.Raw(canonical(fact)),
        )
        key, value, headers = to_kafka(encode(envelope), "")
        producer.send(topic, value, key, headers).get(30)
    producer.close()


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_contributions_are_entered_once_and_nonsense_does_not_stop_them(campaign: Contest) -> None:
    tell(campaign, earned("c-1"), b"nonsense", earned("c-1"), earned("c-2", points="4"))
    until(lambda: len(sheets(campaign)) >= 2)

    second = Listener(campaign.runtime)
    second.start()
    tell(campaign, earned("c-2", points="4"), earned("c-3", points="1"))
    until(lambda: len(sheets(campaign)) >= 3)
    second.stop()

    assert sorted(sheets(campaign)) == [
        ("near", "c-1", "10", False),
        ("near", "c-2", "4", False),
        ("near", "c-3", "1", False),
    ]
