"""The topics of the platform and what each one's key is."""

from enum import StrEnum


class Topic(StrEnum):
    """A topic by its short name; `named` puts the deployment's prefix before it.

    All topics are keyed by board id and have the same number of partitions (co-partitioned), except
    `STANDINGS`, keyed by board and entry, and compacted.
    """

    REGISTRATIONS = "registrations"
    SCORES = "scores"
    SUGGESTIONS = "suggestions"
    CONTRIBUTIONS = "contributions"
    STANDINGS = "standings"
    AWARDS = "awards"
    DEAD = "dead"

    def named(self, prefix: str = "leitai") -> str:
        return f"{prefix}.{self.value}"


SEQUENCED = (Topic.REGISTRATIONS, Topic.SCORES, Topic.SUGGESTIONS, Topic.AWARDS)
"""Topics whose events carry a gapless sequence per board (D1) and live in the outbox."""

BOARD_TOPICS = (Topic.REGISTRATIONS, Topic.SCORES, Topic.SUGGESTIONS)
"""Topics that feed a board's standings."""
