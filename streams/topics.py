"""The topics that a worker stands on: waited for at its start, and guarded against being replaced.

A broker that lost its data and got its topics anew counts offsets from 0 again. Faust takes what is below
the offsets it has read for repeats, and stays away from topics that were missing for a moment. A worker
that begins anew has neither trouble; what an old one still commits is of another consumer group, so that
the new one leaves nothing out.
"""

import asyncio
import hashlib
import time
from collections.abc import Mapping

import structlog
from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.topics import BOARD_TOPICS
from services.kit.settings import Settings

_SECONDS = 3.0
_REQUEST_SECONDS = 5.0
_log = structlog.get_logger(__name__)


class TopicsReplaced(Exception):
    """The broker's topics are not those that this worker began on."""


def wait_for_topics(settings: Settings) -> Mapping[str, str]:
    """Wait until the board topics exist; the id that the broker knows each by."""
    while True:
        try:
            found = topic_ids(settings)
            if len(found) == len(BOARD_TOPICS):
                return found
            _log.warning("worker waits for topics", found=sorted(found))
        except (KafkaError, OSError) as error:
            _log.warning("worker waits for Kafka", error=repr(error))
        time.sleep(_SECONDS)


def generation(topics: Mapping[str, str]) -> str:
    """A name for these very topics, which others of the same names do not get."""
    return hashlib.sha256("\n".join(sorted(topics.values())).encode()).hexdigest()[:8]


async def guard(settings: Settings, began: Mapping[str, str]) -> None:
    """Runs until cancelled. Raises TopicsReplaced once the topics have other ids, or are gone."""
    while True:
        await asyncio.sleep(_SECONDS)
        try:
            found = await asyncio.to_thread(topic_ids, settings)
        except (KafkaError, OSError):
            continue  # an outage; what is there afterwards counts
        if found != began:
            raise TopicsReplaced(f"began on {began}, found {found}")


def topic_ids(settings: Settings) -> Mapping[str, str]:
    """The ids of those board topics that exist. Raises KafkaError."""
    names = {topic.named(settings.topic_prefix) for topic in BOARD_TOPICS}
    admin = KafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        client_id="leitai-topics",
        request_timeout_ms=int(_REQUEST_SECONDS * 1000),
    )
    try:
        described = admin.describe_topics(sorted(names))
    finally:
        admin.close()
    return {each["name"]: str(each["topic_id"]) for each in described if not each["error_code"]}
