"""Publishing: the oldest events first, in order per board, stopping a board at its first failure."""

import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from kafka import KafkaProducer, TopicPartition
from kafka.errors import KafkaError, KafkaTimeoutError
from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from schemas.cloudevents import to_kafka
from services.kit.database import Database
from services.kit.log import LoggedEvent
from services.kit.settings import Settings
from services.relay.repository import Lead, mark_published, only_relay, publish_again, unpublished
from services.relay.topics import Watch

Saw = Callable[[TopicPartition, int], None]

_GROUP = 500
_IDLE_SECONDS = 0.005
_GATHER_SECONDS = 0.04
"""What is appended so soon after a group waits for more: a group costs as much as a dozen more of its events,
here, in Kafka and in its readers. What comes alone is published at once."""

_STANDBY_SECONDS = 1.0
_LOOK_SECONDS = 5.0
_CLOSE_SECONDS = 5.0
_METADATA_SECONDS = 5.0
_SEND_SECONDS = 10.0

_log = structlog.get_logger("leitai.relay")
_relayed = Counter("leitai_relayed_events_total", "Events published to Kafka", ("topic",))


def producer(settings: Settings) -> KafkaProducer:
    """An idempotent producer that waits for every replica in sync. Same partitioner as Java's (murmur2)."""
    return KafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        client_id="leitai-relay",
        enable_idempotence=True,
        acks="all",
        linger_ms=0,
        max_block_ms=int(_METADATA_SECONDS * 1000),
        delivery_timeout_ms=int(_SEND_SECONDS * 1000),
        request_timeout_ms=int(_SEND_SECONDS * 500),
    )


def publish(
    sender: KafkaProducer,
    topic: Callable[[LoggedEvent], str],
    events: Sequence[LoggedEvent],
    saw: Saw | None = None,
) -> list[int]:
    """Send events and wait; the offsets of those that Kafka has, none behind a failure of its own board.

    `saw` is told where in Kafka each one is.
    """
    failed: set[str] = set()
    sent: list[tuple[LoggedEvent, Any]] = []
    for event in events:
        if event.board in failed:
            continue
        key, value, headers = to_kafka(event.body, event.chain)
        try:
            sent.append((event, sender.send(topic(event), value=value, key=key, headers=headers)))
        except KafkaTimeoutError as error:
            _refused(event, error)
            break  # the broker is away, or its topic is: the others would only wait as long
        except KafkaError as error:
            _refused(event, error)
            failed.add(event.board)
    done: list[int] = []
    until = time.monotonic() + _SEND_SECONDS
    for event, future in sent:
        try:
            placed = future.get(max(0.0, until - time.monotonic()))
            if saw is not None:
                saw(placed.topic_partition, placed.offset)
        except KafkaError as error:
            _refused(event, error)
            failed.add(event.board)
        if event.board not in failed:
            done.append(event.offset)
            _relayed.labels(event.topic.value).inc()
    return done


def relay_once(database: Database, sender: KafkaProducer, prefix: str, saw: Saw | None = None) -> int | None:
    """Publish the oldest group of unpublished events: how many Kafka took, None where there were none."""
    with database.reading() as session:
        events = unpublished(session, _GROUP)
    if not events:
        return None
    done = publish(sender, lambda event: event.topic.named(prefix), events, saw)
    if done:
        # What a crash unmarks is published again, and its readers tell by the number that they have it.
        with database.transaction(durable=False) as session:
            mark_published(session, done)
    return len(done)


def restore(database: Database, watch: Watch) -> int:
    """What the broker lost is published again, all of it: readers tell by the number what they have.

    How many events that is. A loss is remembered until it is mended, whatever this raises.
    """
    suspect = watch.look()
    again = 0
    if suspect:
        with database.transaction() as session:
            again = publish_again(session, suspect)
    watch.mended()
    if again:
        _log.error("Kafka lost events, which are published again", topics=sorted(suspect), events=again)
    return again


def run(settings: Settings, stop: threading.Event) -> None:
    """Relay until `stop` is set. Outages are waited out; a standby waits while another process leads."""
    database = Database(settings.database, pool_size=2)
    watch = Watch(settings)
    try:
        while not stop.is_set():
            try:
                with only_relay(database) as lead:
                    if lead is not None:
                        _lead(settings, database, lead, watch, stop)
            except (KafkaError, SQLAlchemyError, OSError) as error:
                _log.warning("relay waits", error=repr(error))
            stop.wait(_STANDBY_SECONDS)
    finally:
        database.close()


def _lead(settings: Settings, database: Database, lead: Lead, watch: Watch, stop: threading.Event) -> None:
    """Publish until `stop` is set, or until Kafka takes nothing: then a new producer must begin anew."""
    sender = producer(settings)
    _log.info("relaying", kafka=settings.kafka_bootstrap)
    look = 0.0
    try:
        while not stop.is_set():
            if time.monotonic() >= look:
                lead.confirm()
                restore(database, watch)
                look = time.monotonic() + _LOOK_SECONDS
            published = relay_once(database, sender, settings.topic_prefix, watch.saw)
            if published == 0:
                return
            stop.wait(_IDLE_SECONDS if published is None else _GATHER_SECONDS)
    finally:
        sender.close(timeout=_CLOSE_SECONDS)


def _refused(event: LoggedEvent, error: KafkaError) -> None:
    _log.error(
        "not published",
        board=event.board,
        topic=event.topic.value,
        sequence=event.sequence,
        error=repr(error),
    )
