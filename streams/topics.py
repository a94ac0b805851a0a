"""The topics that a worker stands on: waited for at its start, and guarded against being replaced.

Faust takes what is below the offsets it has read for repeats, and stays away from topics that were missing
for a moment. A worker that begins anew has neither trouble.
"""

import asyncio
import time
from collections.abc import Mapping

import structlog
from kafka.errors import KafkaError

from schemas.topics import BOARD_TOPICS, Topic
from services.kit.settings import Settings
from services.kit.topics import LOOK_SECONDS, TopicsMissing, confirm_topics, topic_ids

STANDS_ON = (*BOARD_TOPICS, Topic.CONTRIBUTIONS)
"""What it reads, and contributions: lost ones are told again by a worker that reads from the start, only."""

_log = structlog.get_logger(__name__)


def wait_for_topics(settings: Settings) -> Mapping[str, str]:
    """Wait until the topics exist; the id that the broker knows each by."""
    while True:
        try:
            return topic_ids(settings, STANDS_ON)
        except (TopicsMissing, KafkaError, OSError) as error:
            _log.warning("worker waits for its topics", error=repr(error))
        time.sleep(LOOK_SECONDS)


async def guard(settings: Settings, began: Mapping[str, str]) -> None:
    """Runs until cancelled, or until `confirm_topics` raises."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await asyncio.to_thread(confirm_topics, settings, began)
