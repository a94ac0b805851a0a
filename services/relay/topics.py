"""The topics on the broker: made, never altered."""

from kafka.admin import KafkaAdminClient, NewTopic
from kafka.errors import TopicAlreadyExistsError

from schemas.topics import Topic
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
