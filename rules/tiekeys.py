"""The keys that a ranking compares in turn, each a small rule over one entry's evaluation.

| by | compares |
|---|---|
| node | the value of a scheme node; of one of its attempts with `attempt` |
| best_attempts | the parts of a node from the best down: best, then second best … |
| count | how many parts of a node (or, `of: marks`, judges' marks in it) are in a range |
| time | a named time of the contender |
| earlier | in which attempt the best value of a node was reached |
| firsts | countback: more firsts over the parts of a node (or its judges), then more seconds … |
| decision | what a play-off or committee decided |

The **parts** of a node are its attempts if it has any, else its children.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from rules.keys import NOTHING, encode_decimal
from rules.results import Cell, Contender, Evaluation, Measured
from rules.text import Text

By = Literal["node", "best_attempts", "count", "time", "earlier", "firsts", "decision"]
Compare = Literal["rounded", "exact"]

Survey = Mapping[str, Mapping[str, tuple[Decimal, ...]]]
"""What keys that depend on the whole field found: key id → entry → its places, best first."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key. `path` is a node, or the name of a time; `low` says that in its parts less is better."""

    id: str
    by: By
    label: Text
    path: str = ""
    descending: bool = True
    attempt: int | None = None
    of: Literal["parts", "marks"] = "parts"
    low: bool = False
    at_least: Decimal | None = None
    at_most: Decimal | None = None

    @property
    def field_wide(self) -> bool:
        return self.by == "firsts"


def measure(
    key: Key, compare: Compare, evaluation: Evaluation, contender: Contender, survey: Survey | None
) -> Measured:
    """What `key` finds for one entry; None where there is nothing. Field-wide keys need the survey."""
    if key.by == "node":
        return _node(key, compare, evaluation)
    if key.by == "time":
        return contender.times.get(key.path)
    if key.by == "decision":
        return contender.decisions.get(key.id)
    if key.by == "count":
        return Decimal(sum(_in_range(key, x) for x in columns(key, evaluation).values()))
    if key.by == "earlier":
        return _earlier(key, evaluation)
    if key.by == "best_attempts":
        return tuple(sorted(columns(key, evaluation).values(), reverse=key.descending))
    if survey is None:
        raise ValueError(f"the key {key.id} depends on the field: pass the survey of all entries")
    return survey[key.id].get(evaluation.entry, ())


def encode(key: Key, measured: Measured) -> str:
    """The sort text of what `key` found; a list that ends earlier stands behind a longer one."""
    if isinstance(measured, tuple):
        return "".join(encode_decimal(x, key.descending) for x in measured) + NOTHING
    return encode_decimal(measured, key.descending)


def places_of_field(key: Key, evaluations: Iterable[Evaluation]) -> Mapping[str, tuple[Decimal, ...]]:
    """For countback: every entry's places (1,2,2,4) in each column of the field, best first."""
    by_column: dict[str, list[tuple[Decimal, str]]] = {}
    for evaluation in evaluations:
        for column, value in columns(key, evaluation).items():
            by_column.setdefault(column, []).append((value, evaluation.entry))
    places: dict[str, list[Decimal]] = {}
    for cells in by_column.values():
        cells.sort(reverse=not key.low)
        place, last = 0, None
        for position, (value, entry) in enumerate(cells, 1):
            place, last = (place if value == last else position), value
            places.setdefault(entry, []).append(Decimal(place))
    return {entry: tuple(sorted(found)) for entry, found in places.items()}


def columns(key: Key, evaluation: Evaluation) -> dict[str, Decimal]:
    """The values that a key counts or compares, by part (or by judge)."""
    if key.of == "marks":
        cell = _cell(key, evaluation)
        return {given.judge: given.mark for given in cell.marks} if cell else {}
    parts = _parts(key.path, evaluation)
    return {name: cell.value for name, cell in parts if cell.value is not None and cell.marked}


def _parts(path: str, evaluation: Evaluation) -> list[tuple[str, Cell]]:
    attempts = [(name, cell) for name, cell in evaluation.cells.items() if name.startswith(f"{path}#")]
    if attempts:
        return sorted(attempts, key=lambda found: found[1].attempt)
    below = f"{path}." if path else ""
    return [
        (name, cell)
        for name, cell in evaluation.cells.items()
        if name and name.startswith(below) and not set(".#") & set(name[len(below) :])
    ]


def _cell(key: Key, evaluation: Evaluation) -> Cell | None:
    name = key.path if key.attempt is None else f"{key.path}#{key.attempt}"
    return evaluation.cells.get(name)


def _node(key: Key, compare: Compare, evaluation: Evaluation) -> Decimal | None:
    cell = _cell(key, evaluation)
    whole = not key.path and key.attempt is None
    value = evaluation.total if whole else cell.value if cell else None
    # A gate may have lowered the total below its cell: then there is nothing more exact behind it.
    if compare == "exact" and cell is not None and cell.value == value:
        return cell.value if cell.exact is None else cell.exact
    return value


def _earlier(key: Key, evaluation: Evaluation) -> Decimal | None:
    values = list(columns(key, evaluation).values())
    if not values:
        return None
    best = min(values) if key.low else max(values)
    return Decimal(values.index(best) + 1)


def _in_range(key: Key, x: Decimal) -> bool:
    return (key.at_least is None or x >= key.at_least) and (key.at_most is None or x <= key.at_most)
