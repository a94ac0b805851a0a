"""Publishing: the oldest events first, in order per board, stopping a board at its first failure."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

import structlog
from kafka import KafkaProducer
from kafka.errors import KafkaError
from prometheus_client import Counter

from schemas.cloudevents import to_kafka
from services.kit.database import Database
from services.kit.log import LoggedEvent
from services.kit.settings import Settings
from services.relay.repository import mark_published, only_relay, unpublished

_GROUP = 500
_IDLE_SECONDS = 0.005
_STANDBY_SECONDS = 1.0
_FAILED_SECONDS = 1.0
_SEND_SECONDS = 30.0

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
        delivery_timeout_ms=int(_SEND_SECONDS * 1000),
        request_timeout_ms=int(_SEND_SECONDS * 500),
    )


def publish(
    sender: KafkaProducer, topic: Callable[[LoggedEvent], str], events: Sequence[LoggedEvent]
) -> list[int]:
    """Send events and wait; the offsets of those that Kafka has, none behind a failure of its own board."""
    failed: set[str] = set()
    sent: list[tuple[LoggedEvent, Any]] = []
    for event in events:
        if event.board in failed:
            continue
        key, value, headers = to_kafka(event.body, event.chain)
        try:
            sent.append((event, sender.send(topic(event), value=value, key=key, headers=headers)))
        except KafkaError as error:
            _refused(event, error)
            failed.add(event.board)
    done: list[int] = []
    for event, future in sent:
        try:
            future.get(_SEND_SECONDS)
        except KafkaError as error:
            _refused(event, error)
            failed.add(event.board)
        if event.board not in failed:
            done.append(event.offset)
            _relayed.labels(event.topic.value).inc()
    return done


def relay_once(database: Database, sender: KafkaProducer, prefix: str) -> int | None:
    """Publish the oldest group of unpublished events: how many Kafka took, None where there were none."""
    with database.reading() as session:
        events = unpublished(session, _GROUP)
    if not events:
        return None
    done = publish(sender, lambda event: event.topic.named(prefix), events)
    if done:
        with database.transaction() as session:
            mark_published(session, done)
    return len(done)


def run(settings: Settings, stop: threading.Event) -> None:
    """Relay until `stop` is set. Waits as a standby while another process is the relay."""
    database = Database(settings.database, pool_size=2)
    try:
        while not stop.is_set():
            with only_relay(database) as taken:
                if taken:
                    _lead(settings, database, stop)
            stop.wait(_STANDBY_SECONDS)
    finally:
        database.close()


def _lead(settings: Settings, database: Database, stop: threading.Event) -> None:
    sender = producer(settings)
    _log.info("relaying", kafka=settings.kafka_bootstrap)
    try:
        while not stop.is_set():
            published = relay_once(database, sender, settings.topic_prefix)
            if published is None:
                stop.wait(_IDLE_SECONDS)
            elif published == 0:
                stop.wait(_FAILED_SECONDS)
    finally:
        sender.close(timeout=_SEND_SECONDS)


def _refused(event: LoggedEvent, error: KafkaError) -> None:
    _log.error(
        "not published",
        board=event.board,
        topic=event.topic.value,
        sequence=event.sequence,
        error=repr(error),
    )
