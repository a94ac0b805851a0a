"""A scheme ready for use: compiled once, with what the hot path looks up."""

from collections.abc import Mapping
from typing import Any

from rules.awards import AwardRules, load_awards
from rules.ranking import Ranking, load_ranking
from rules.scheme import Scheme, load_scheme
from rules.scheme_nodes import Aspect

MARKED_KINDS = ("measurement", "judgement")
"""The kinds of aspects that every judge's sheet must mention; others come by other ways or count 0."""


class Ruleset:
    """A scheme with its ranking and award rules."""

    def __init__(self, scheme: Scheme, ranking: Ranking, awards: AwardRules) -> None:
        self.scheme, self.ranking, self.awards = scheme, ranking, awards
        self._required: dict[tuple[str, int], frozenset[str]] = {}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> "Ruleset":
        """Raises SchemeRefused."""
        scheme = load_scheme(data)
        ranking = load_ranking(scheme.ranking, [placed.path for placed in scheme.nodes()])
        return cls(scheme, ranking, load_awards(scheme.awards))

    @property
    def limits_spread(self) -> bool:
        """Whether any panel asks for marking again where its marks lie too far apart."""
        aspects = self.scheme.index.aspects.values()
        return any(each.panel is not None and each.panel.max_spread is not None for each in aspects)

    def required(self, stage: str, attempt: int) -> frozenset[str]:
        """The aspects that a judge's sheet of this stage and attempt must mention."""
        found = self._required.get((stage, attempt))
        if found is None:
            limits = self.scheme.limits.get(stage, {})
            found = self._required[stage, attempt] = frozenset(
                path for path, limit in limits.items() if attempt <= limit.attempts and self._asks(path)
            )
        return found

    def _asks(self, path: str) -> bool:
        node = self.scheme.node(path).node
        return isinstance(node, Aspect) and node.kind in MARKED_KINDS and node.default is None
