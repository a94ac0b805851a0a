"""Topics as the broker knows them: by ids, which tell a topic from a later one of the same name.

A broker that lost its data and got its topics anew counts offsets from 0 again: what a reader remembers or
committed of the old ones points into the middle of the new ones, or behind them. So a reader begins anew
once the ids are others, in a consumer group of its generation: what an old reader still commits is of
another group, and the new one leaves nothing out.
"""

import hashlib
from collections.abc import Collection, Mapping

from kafka.admin import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.topics import Topic
from services.kit.settings import Settings

LOOK_SECONDS = 3.0
"""How often a reader looks whether its topics are still those that it began on."""

_REQUEST_SECONDS = 5.0


class TopicsMissing(Exception):
    """The broker does not have these topics, or not yet."""


class TopicsReplaced(Exception):
    """The broker's topics are not those that this reader began on."""


def topic_ids(settings: Settings, topics: Collection[Topic]) -> Mapping[str, str]:
    """The id of each topic by its name on the broker.

    Raises TopicsMissing if one is not there, KafkaError or OSError if the broker does not answer within
    seconds.
    """
    return _ask(settings, [topic.named(settings.topic_prefix) for topic in topics])


def generation(ids: Mapping[str, str]) -> str:
    """A name for these very topics, which others of the same names do not get."""
    return hashlib.sha256("\n".join(sorted(ids.values())).encode()).hexdigest()[:8]


def confirm_topics(settings: Settings, began: Mapping[str, str]) -> None:
    """Raises TopicsReplaced once the topics have other ids, TopicsMissing once they are gone.

    An outage raises nothing: what is there afterwards counts.
    """
    try:
        found = _ask(settings, began)
    except (KafkaError, OSError):
        return
    if found != began:
        raise TopicsReplaced(f"began on {began}, found {found}")


def _ask(settings: Settings, names: Collection[str]) -> Mapping[str, str]:
    admin = KafkaAdminClient(
        bootstrap_servers=settings.kafka_bootstrap.split(","),
        client_id="leitai-topics",
        request_timeout_ms=int(_REQUEST_SECONDS * 1000),
        bootstrap_timeout_ms=int(_REQUEST_SECONDS * 1000),
    )
    try:
        described = admin.describe_topics(sorted(names))
    finally:
        admin.close()
    found = {each["name"]: str(each["topic_id"]) for each in described if not each["error_code"]}
    if missing := set(names) - found.keys():
        raise TopicsMissing(f"not on the broker: {sorted(missing)}")
    return found
