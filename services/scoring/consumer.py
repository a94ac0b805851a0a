"""What scoring listens to: contributions, from Kafka in a cluster; in one process the host calls directly."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import structlog
from kafka import KafkaConsumer
from prometheus_client import Counter
from starlette.concurrency import run_in_threadpool

from schemas.cloudevents import from_kafka
from schemas.events.contributions import ContributionEarned
from schemas.registry import UnknownFact, decode_fact
from schemas.topics import Topic
from services.kit.runtime import Runtime
from services.scoring.repository import boards
from services.scoring.service.contributions import boards_waiting, enter_contribution, retry

__all__ = ["Listener", "enter_contribution", "listening", "retry_waiting"]

_POLL_MS = 200
_PAUSE_SECONDS = 1.0
_RETRY_SECONDS = 2.0
_log = structlog.get_logger("leitai.scoring.consumer")
_unreadable = Counter("leitai_contributions_unreadable_total", "Contributions that nobody here could read")


def retry_waiting(runtime: Runtime, seen: dict[str, Any]) -> None:
    """Try waiting contributions again on the boards whose log has moved since `seen`, which is kept up."""
    with runtime.database.reading() as session:
        waiting = boards_waiting(session)
        now = boards.positions(session, waiting)
    for board in waiting:
        if seen.get(board) != now.get(board):
            with runtime.database.transaction() as session:
                retry(session, board, runtime.clock)
            seen[board] = now.get(board)


class Listener:
    """Two threads: one enters what Kafka brings, one tries again what could not be entered."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime, self._stop = runtime, threading.Event()
        self._threads = [threading.Thread(target=self._retry, name="contributions-retry", daemon=True)]
        if runtime.settings.kafka_bootstrap:
            self._threads.append(
                threading.Thread(target=self._listen, name="contributions-kafka", daemon=True)
            )

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _retry(self) -> None:
        seen: dict[str, Any] = {}
        while not self._stop.wait(_RETRY_SECONDS):
            try:
                retry_waiting(self._runtime, seen)
            except Exception as error:  # the same
                _log.warning("contributions wait", error=repr(error))

    def _listen(self) -> None:
        while not self._stop.is_set():
            try:
                self._consume()
            except Exception as error:  # whatever it is, a listener that ends in silence loses what follows
                _log.warning("contributions wait", error=repr(error))
                self._stop.wait(_PAUSE_SECONDS)

    def _consume(self) -> None:
        """Enter messages until stopped; the offset follows the transaction, so that nothing is lost."""
        settings = self._runtime.settings
        consumer = KafkaConsumer(
            Topic.CONTRIBUTIONS.named(settings.topic_prefix),
            bootstrap_servers=settings.kafka_bootstrap.split(","),
            group_id=f"{settings.topic_prefix}.scoring",
            enable_auto_commit=False,
            auto_offset_reset="earliest",
        )
        try:
            while not self._stop.is_set():
                polled = consumer.poll(timeout_ms=_POLL_MS)
                for messages in polled.values():
                    for message in messages:
                        self._take(message)
                if polled:
                    consumer.commit()
        finally:
            consumer.close(autocommit=False)

    def _take(self, message: Any) -> None:
        fact = _read(message)
        if fact is not None:
            with self._runtime.database.transaction() as session:
                enter_contribution(session, fact, self._runtime.clock)


@asynccontextmanager
async def listening(runtime: Runtime) -> AsyncIterator[None]:
    """Listen while the service runs."""
    listener = Listener(runtime)
    listener.start()
    yield
    await run_in_threadpool(listener.stop)


def _read(message: Any) -> ContributionEarned | None:
    """The contribution in a message; one that cannot be read is said loudly and left behind."""
    try:
        fact = decode_fact(from_kafka(message.value, message.headers))
    except (ValueError, UnknownFact, msgspec.MsgspecError) as error:
        _unreadable.inc()
        _log.error(
            "contribution cannot be read",
            error=repr(error),
            partition=message.partition,
            offset=message.offset,
        )
        return None
    return fact if isinstance(fact, ContributionEarned) else None
