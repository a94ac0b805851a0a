"""The topics on the broker: made, never altered, and watched, for a broker may lose what it had."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic, OffsetSpec
from kafka.errors import TopicAlreadyExistsError, for_code
from kafka.structs import OffsetAndTimestamp

from schemas.topics import SEQUENCED, Topic
from services.kit.settings import Settings

_COMPACTED = {"cleanup.policy": "compact"}
_KEPT = {"cleanup.policy": "delete", "retention.ms": str(7 * 24 * 3600 * 1000)}


def create_topics(settings: Settings) -> list[str]:
    """Make the topics that are missing, all with the same number of partitions; returns their names."""
    with _admin(settings) as admin:
        return _create_missing(admin, settings)


class Watch:
    """Looks at the ends of the log's topics. They never go back, unless the broker lost what it had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._names = {topic.named(settings.topic_prefix): topic for topic in SEQUENCED}
        self._ends: dict[TopicPartition, int] = {}
        self._lost: set[Topic] = set()

    def saw(self, at: TopicPartition, offset: int) -> None:
        """The broker put an event at this offset."""
        if 0 <= offset < self._ends.get(at, 0):
            self._lost.add(self._names[at.topic])
        self._ends[at] = max(offset + 1, self._ends.get(at, 0))

    def look(self) -> set[Topic]:
        """Topics that are empty, or lost something that `mended` was not told of yet. Missing ones are made.

        Raises KafkaError.
        """
        with _admin(self._settings) as admin:
            _create_missing(admin, self._settings)
            ends = _ends(admin, self._names)
        self._lost |= {self._names[each.topic] for each, end in ends.items() if end < self._ends.get(each, 0)}
        self._ends = ends
        filled = {self._names[each.topic] for each, end in ends.items() if end}
        return self._lost | (set(SEQUENCED) - filled)

    def mended(self) -> None:
        """What the last look found is to be published again, whatever happens now."""
        self._lost.clear()


@contextmanager
def _admin(settings: Settings) -> Iterator[KafkaAdminClient]:
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap.split(","), client_id="leitai-topics")
    try:
        yield admin
    finally:
        admin.close()


def _create_missing(admin: KafkaAdminClient, settings: Settings) -> list[str]:
    missing = sorted({topic.named(settings.topic_prefix) for topic in Topic} - set(admin.list_topics()))
    compacted = Topic.STANDINGS.named(settings.topic_prefix)
    wanted = [
        NewTopic(
            name,
            settings.topic_partitions,
            settings.kafka_replication,
            topic_configs=_COMPACTED if name == compacted else _KEPT,
        )
        for name in missing
    ]
    if wanted:
        try:
            admin.create_topics(wanted, wait_for_metadata=True)
        except TopicAlreadyExistsError:
            return []
    return missing


def _ends(admin: KafkaAdminClient, names: Iterable[str]) -> dict[TopicPartition, int]:
    """Asked by the client that is open: a consumer would hold the relay up for a tenth of a second."""
    asked: dict[TopicPartition, OffsetSpec] = {}
    for topic in admin.describe_topics(list(names)):
        if topic["error_code"]:
            raise for_code(topic["error_code"])(topic["name"])
        for partition in topic["partitions"]:
            asked[TopicPartition(topic["name"], partition["partition_index"])] = OffsetSpec.LATEST
    found: Mapping[TopicPartition, OffsetAndTimestamp] = admin.list_partition_offsets(asked)
    return {at: place.offset for at, place in found.items()}
