"""The topics on the broker: made, never altered, and watched, for a broker may lose what it had."""

from collections.abc import Mapping

from kafka import KafkaConsumer, TopicPartition
from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError, UnknownTopicOrPartitionError

from schemas.topics import SEQUENCED, Topic
from services.kit.settings import Settings

_COMPACTED = {"cleanup.policy": "compact"}
_KEPT = {"cleanup.policy": "delete", "retention.ms": str(7 * 24 * 3600 * 1000)}


def create_topics(settings: Settings) -> list[str]:
    """Make the topics that are missing, all with the same number of partitions; returns their names."""
    admin = KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap.split(","), client_id="leitai-topics")
    try:
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
                admin.create_topics(wanted)
            except TopicAlreadyExistsError:
                return []
        return missing
    finally:
        admin.close()


class Watch:
    """Looks at the ends of the log's topics. They never go back, unless the broker lost what it had."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._names = {topic.named(settings.topic_prefix): topic for topic in SEQUENCED}
        self._ends: dict[TopicPartition, int] = {}
        self._back: set[Topic] = set()

    def saw(self, at: TopicPartition, offset: int) -> None:
        """The broker put an event at this offset."""
        if 0 <= offset < self._ends.get(at, 0):
            self._back.add(self._names[at.topic])
        self._ends[at] = max(offset + 1, self._ends.get(at, 0))

    def look(self) -> set[Topic]:
        """Topics that are empty or lost something since the last look. Missing ones are made.

        Raises KafkaError.
        """
        create_topics(self._settings)
        ends = _ends(self._settings)
        gone = {self._names[each.topic] for each, end in ends.items() if end < self._ends.get(each, 0)}
        filled = {self._names[each.topic] for each, end in ends.items() if end}
        found = self._back | gone | (set(SEQUENCED) - filled)
        self._ends, self._back = dict(ends), set()
        return found


def _ends(settings: Settings) -> Mapping[TopicPartition, int]:
    consumer = KafkaConsumer(bootstrap_servers=settings.kafka_bootstrap.split(","), client_id="leitai-watch")
    try:
        partitions: list[TopicPartition] = []
        for topic in SEQUENCED:
            name = topic.named(settings.topic_prefix)
            numbers = consumer.partitions_for_topic(name)
            if not numbers:
                raise UnknownTopicOrPartitionError(name)
            partitions += [TopicPartition(name, number) for number in numbers]
        found: Mapping[TopicPartition, int] = consumer.end_offsets(partitions)
        return found
    finally:
        consumer.close()
