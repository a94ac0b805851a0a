"""A scheme (评分方案): how marks become a number. `load_scheme` is the only way in.

The reference of every key is docs/scheme.md.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from pydantic import Field, ValidationError

from rules.gates import Band, Gate
from rules.problems import SchemeRefused
from rules.scheme_checks import check_scheme
from rules.scheme_index import Index, Placed, index_of
from rules.scheme_limits import Limit, limit_of
from rules.scheme_nodes import Aspect, Group
from rules.scheme_problems import refuse_floats, refuse_invalid
from rules.scheme_types import Id, Part, Raw, Title
from rules.text import Text


class Scheme(Part):
    """A checked scheme. `ranking` and `awards` stay data for the parts that read them."""

    id: Id
    title: Title | None = None
    root: Group
    gates: tuple[Gate, ...] = ()
    bands: tuple[Band, ...] = ()
    ranking: Raw = Field(default_factory=dict)
    awards: list[Raw] = Field(default_factory=list)

    @cached_property
    def index(self) -> Index:
        """Every node in its place."""
        return index_of(self.root)

    def node(self, path: str) -> Placed:
        """The node at a path ("" = the root). Raises KeyError for a path that the scheme does not have."""
        return self.index.nodes[path]

    def nodes(self) -> Iterator[Placed]:
        """Every node, parents before children, in the order of the scheme."""
        return self.index.root.walk()

    def aspects(self) -> Iterator[Placed]:
        """Every leaf, in the order of the scheme."""
        return iter(self.index.aspects.values())

    def stages(self) -> tuple[Placed, ...]:
        """What a sheet can cover: the marked stages, and the root where aspects lie outside them."""
        marked = tuple(placed for placed in self.nodes() if placed.stage is placed)
        outside = any(placed.stage is None for placed in self.aspects())
        return (self.index.root, *marked) if outside else marked

    @cached_property
    def field_wide(self) -> bool:
        """Whether some value depends on the other entries, so that entries must be evaluated together."""
        return any(
            conversion.field_wide
            for placed in self.nodes()
            for conversion in (
                *placed.node.then,
                *(placed.node.attempts.then if placed.node.attempts else ()),
                *(placed.node.each if isinstance(placed.node, Aspect) else ()),
            )
        )

    @cached_property
    def titles(self) -> Mapping[str, Text]:
        """What people call each node; the root is 总分 where it has no title."""
        named = {placed.path: placed.title for placed in self.nodes()}
        named[""] = self.root.title or Text("总分", "total")
        return named

    @cached_property
    def band_ranks(self) -> Mapping[str, int]:
        """The rank of each band by id, 0 the highest."""
        return {band.id: rank for rank, band in enumerate(self.bands)}

    @cached_property
    def limits(self) -> Mapping[str, Mapping[str, Limit]]:
        """What may be marked: stage path → aspect path → limit."""
        return {
            placed.path: {
                leaf.path: limit_of(leaf) for leaf in placed.walk() if leaf.path in self.index.aspects
            }
            for placed in {"": self.index.root, **{stage.path: stage for stage in self.stages()}}.values()
        }

    def to_data(self) -> dict[str, Any]:
        """JSON-able data that `load_scheme` reads back to an equal scheme; numbers are strings."""
        return self.model_dump(mode="json", exclude_defaults=True)


def load_scheme(data: Mapping[str, Any]) -> Scheme:
    """Read JSON-like data (numbers as strings or integers) into a scheme.

    Raises SchemeRefused with every fault found, each with the path of its node and the way out.
    """
    refuse_floats(data)
    try:
        scheme = Scheme.model_validate(data)
    except ValidationError as error:
        raise SchemeRefused(refuse_invalid(error, data)) from None
    refusals = tuple(check_scheme(scheme.index, scheme.gates, scheme.bands))
    if refusals:
        raise SchemeRefused(refusals)
    return scheme


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scheme data, for editors."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Scheme.model_json_schema(mode="validation"),
    }
