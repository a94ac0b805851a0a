"""The relay on a real broker: what is committed is published, and published again if Kafka lost it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from kafka import KafkaConsumer, TopicPartition
from sqlalchemy.exc import SQLAlchemyError

from schemas.cloudevents import from_kafka
from schemas.events.registrations import NumbersDrawn
from schemas.events.scores import BoardFrozen
from schemas.registry import Fact
from schemas.topics import Topic
from services.kit import log, tables
from services.kit.database import Database
from services.kit.settings import Settings, make_secret
from services.relay.repository import only_relay
from services.relay.service import producer, relay_once, restore
from services.relay.topics import Watch, create_topics
from tests.parts import Kafka, delete_topics

pytestmark = pytest.mark.cluster


class Relay:
    """One relay's work, step by step."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.database = Database(settings.database)
        tables.METADATA.create_all(self.database.engine)
        create_topics(settings)
        self.watch = Watch(settings)
        self.watch.look()

    def append(self, *facts: Fact, board: str = "b") -> None:
        with self.database.transaction() as session:
            for fact in facts:
                log.append(session, fact, board=board, source="s", actor="a", time=datetime.now(UTC))

    def publish(self) -> int:
        """Publish to the end; how many."""
        sender = producer(self.settings)
        try:
            done = 0
            prefix = self.settings.topic_prefix
            while published := relay_once(self.database, sender, prefix, self.watch.saw):
                done += published
            return done
        finally:
            sender.close()

    def restore(self) -> int:
        """Notice what Kafka lost; how many events are to be published again."""
        return restore(self.database, self.watch)

    def delete_topics(self) -> None:
        names = [topic.named(self.settings.topic_prefix) for topic in Topic]
        delete_topics(self.settings.kafka_bootstrap, names)

    def read(self, topic: Topic) -> list[int]:
        """The sequences on a topic."""
        name = topic.named(self.settings.topic_prefix)
        consumer = KafkaConsumer(bootstrap_servers=self.settings.kafka_bootstrap, enable_auto_commit=False)
        try:
            partitions = [TopicPartition(name, number) for number in range(self.settings.topic_partitions)]
            consumer.assign(partitions)
            consumer.seek_to_beginning(*partitions)
            ends = consumer.end_offsets(partitions)
            found: list[int] = []
            while any(consumer.position(each) < ends[each] for each in partitions):
                for records in consumer.poll(timeout_ms=200).values():
                    found += [from_kafka(record.value, record.headers).sequence for record in records]
            return found
        finally:
            consumer.close()


@pytest.fixture
def relay(kafka: Kafka, topic_prefix: str, tmp_path: Path) -> Iterator[Relay]:
    settings = Settings(
        data=tmp_path,
        secret=make_secret(),
        kafka_bootstrap=kafka.bootstrap,
        topic_prefix=topic_prefix,
        topic_partitions=3,
    )
    relay = Relay(settings)
    yield relay
    relay.database.close()


def frozen(times: int) -> list[Fact]:
    return [BoardFrozen(board="b", reason=str(number)) for number in range(times)]


def test_what_is_committed_is_published_once_and_in_its_order(relay: Relay) -> None:
    relay.append(*frozen(5))

    assert (relay.publish(), relay.publish()) == (5, 0)
    assert relay.read(Topic.SCORES) == [1, 2, 3, 4, 5]


def test_empty_topics_of_a_log_that_published_nothing_are_no_loss(relay: Relay) -> None:
    relay.append(*frozen(5))

    assert relay.restore() == 0


def test_kafka_that_lost_its_topics_gets_them_and_the_whole_log_again(relay: Relay) -> None:
    relay.append(*frozen(3), NumbersDrawn(board="b", numbers={"e": 1}))
    relay.publish()
    relay.append(*frozen(2))
    relay.delete_topics()

    assert relay.restore() == 4
    assert relay.publish() == 6
    assert relay.read(Topic.SCORES) == [1, 2, 3, 4, 5]
    assert relay.read(Topic.REGISTRATIONS) == [1]


def test_loss_is_noticed_by_a_relay_that_was_away_meanwhile(relay: Relay) -> None:
    relay.append(*frozen(3))
    relay.publish()
    relay.delete_topics()
    create_topics(relay.settings)
    relay.watch = Watch(relay.settings)

    assert relay.restore() == 3


def test_loss_is_noticed_where_more_was_published_since(relay: Relay) -> None:
    relay.append(*frozen(3))
    relay.publish()
    relay.delete_topics()
    create_topics(relay.settings)
    relay.append(*frozen(5))
    relay.publish()

    assert relay.restore() == 8
    assert relay.publish() == 8
    assert relay.read(Topic.SCORES) == [4, 5, 6, 7, 8, *range(1, 9)]


def test_loss_that_could_not_be_mended_at_once_is_not_forgotten(relay: Relay, tmp_path: Path) -> None:
    relay.append(*frozen(3))
    relay.publish()
    relay.delete_topics()
    create_topics(relay.settings)
    relay.append(*frozen(5))
    relay.publish()

    with pytest.raises(SQLAlchemyError):
        restore(Database(f"sqlite:///{tmp_path / 'nowhere' / 'leitai.db'}"), relay.watch)

    assert relay.restore() == 8
    assert relay.restore() == 0


def test_nothing_is_published_again_while_nothing_is_lost(relay: Relay) -> None:
    relay.append(*frozen(3), NumbersDrawn(board="b", numbers={"e": 1}))
    relay.publish()

    assert [relay.restore() for _ in range(3)] == [0, 0, 0]


def test_only_one_relay_leads_a_database(postgres_url: str) -> None:
    one, other = Database(postgres_url), Database(postgres_url)
    with only_relay(one) as first, only_relay(other) as second:
        assert first is not None
        assert second is None
        first.confirm()
    with only_relay(other) as second:
        assert second is not None
    one.close()
    other.close()
