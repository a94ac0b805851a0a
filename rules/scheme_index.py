"""The tree of a scheme laid out once: every node with its path, and what the hot paths look up."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from rules.panel import PanelPlan
from rules.scheme_nodes import Aspect, Group
from rules.text import Text

ADDITIVE = ("sum", "weighted_sum", "mean")
SUBTRACTING = ("sum", "weighted_sum")


@dataclass(slots=True, eq=False)
class Placed:
    """A node in its place. `repeated` is the node with attempts that it is or lies in; `stage` likewise."""

    path: str
    node: Aspect | Group
    parent: "Placed | None"
    repeated: "Placed | None"
    stage: "Placed | None"
    children: tuple["Placed", ...] = ()
    terms: tuple["Term", ...] = ()
    panel: PanelPlan | None = None

    @property
    def title(self) -> Text:
        """What people call it; the last part of its path where the scheme gives no title."""
        return self.node.title or Text(self.node.id, self.node.id)

    def walk(self) -> Iterator["Placed"]:
        """This node and all below it, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def within(self, other: "Placed") -> bool:
        """Whether it is `other` or lies below it."""
        return self is other or (self.parent is not None and self.parent.within(other))


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that a group combines, with the factor (weight, and −1 for deductions) it counts with."""

    placed: Placed
    factor: Decimal
    carried: bool = False


@dataclass(slots=True)
class Index:
    """Every node by path; `aspects` only the leaves."""

    root: Placed
    nodes: dict[str, Placed] = field(default_factory=dict)
    aspects: dict[str, Placed] = field(default_factory=dict)


def index_of(root: Group) -> Index:
    """Lay out a tree. Duplicate ids and unknown carries are left out: the checks refuse them."""
    placed = _place(root, "", None)
    index = Index(placed)
    for each in placed.walk():
        index.nodes.setdefault(each.path, each)
        if isinstance(each.node, Aspect):
            index.aspects.setdefault(each.path, each)
    for each in placed.walk():
        each.terms = _terms(each, index)
    return index


def _place(node: Aspect | Group, path: str, parent: Placed | None) -> Placed:
    placed = Placed(
        path,
        node,
        parent,
        None if parent is None else parent.repeated,
        None if parent is None else parent.stage,
    )
    if node.attempts is not None:
        placed.repeated = placed
    if isinstance(node, Aspect):
        placed.panel = node.panel.compile()
        return placed
    if node.stage:
        placed.stage = placed
    placed.children = tuple(
        _place(child, f"{path}.{child.id}" if path else child.id, placed) for child in node.children
    )
    return placed


def _terms(placed: Placed, index: Index) -> tuple[Term, ...]:
    if not isinstance(placed.node, Group):
        return ()
    own = [Term(child, _factor(child.node, placed.node)) for child in placed.children]
    carried = [
        Term(index.nodes[carry.path], Decimal(1) if carry.weight is None else carry.weight, carried=True)
        for carry in placed.node.carry
        if carry.path in index.nodes
    ]
    return (*own, *carried)


def _factor(node: Aspect | Group, group: Group) -> Decimal:
    weight = Decimal(1) if node.weight is None else node.weight
    return -weight if node.kind == "deduction" and group.function in SUBTRACTING else weight
