"""Gates (一票否决, 刚性考核): conditions looked at before points, and the bands (档次) that they fix."""

import operator
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from rules.results import Cell, GateResult
from rules.rounding import settle, show
from rules.scheme_types import Exact, Id, Part, Title
from rules.text import Text

_COMPARISONS: Mapping[str, tuple[Callable[[Decimal, Decimal], bool], Text]] = {
    "at_least": (operator.ge, Text("不低于", "at least")),
    "at_most": (operator.le, Text("不高于", "at most")),
    "above": (operator.gt, Text("高于", "above")),
    "below": (operator.lt, Text("低于", "below")),
    "equals": (operator.eq, Text("等于", "exactly")),
}


class Band(Part):
    """A band; the first of the list is the highest, and no points lift an entry out of its band."""

    id: Id
    title: Title | None = None


class Condition(Part):
    """The value of a node compared with one bound."""

    path: str
    at_least: Exact | None = None
    at_most: Exact | None = None
    above: Exact | None = None
    below: Exact | None = None
    equals: Exact | None = None

    @property
    def bounds(self) -> list[tuple[str, Decimal]]:
        """The comparisons given; a legal condition has exactly one."""
        named = {name: getattr(self, name) for name in _COMPARISONS}
        return [(name, bound) for name, bound in named.items() if bound is not None]

    def holds(self, value: Decimal) -> bool:
        name, bound = self.bounds[0]
        return _COMPARISONS[name][0](settle(value), bound)

    def say(self, title: Text, value: Decimal | None) -> Text:
        name, bound = self.bounds[0]
        word = _COMPARISONS[name][1]
        found = Text("未评", "not marked") if value is None else Text(show(value), show(value))
        return Text(
            f"“{title.zh}”应{word.zh} {show(bound)}，现为 {found.zh}",
            f"{title.en} must be {word.en} {show(bound)} and is {found.en}",
        )


class Gate(Part):
    """All (or any) of `require` must hold, or the entry is barred, its total capped or its band lowered."""

    id: Id
    title: Title | None = None
    require: tuple[Condition, ...] = Field(min_length=1)
    match: Literal["all", "any"] = "all"
    effect: Literal["bar", "cap", "band"] = "bar"
    cap: Exact | None = None
    band: str | None = None
    unknown: Literal["pass", "fail"] = "pass"


class Ruling(NamedTuple):
    """What the gates leave of an entry."""

    total: Decimal | None
    band: int
    barred: bool
    results: tuple[GateResult, ...]


def apply_gates(
    gates: Sequence[Gate],
    bands: Mapping[str, int],
    titles: Mapping[str, Text],
    cells: Mapping[str, Cell],
    total: Decimal | None,
) -> Ruling:
    """Look at every gate, in order; the worst band and the lowest cap of the failed ones count."""
    band, barred = 0, False
    results = []
    for gate in gates:
        result = _look(gate, titles, cells)
        results.append(result)
        if result.passed:
            continue
        barred |= gate.effect == "bar"
        if gate.effect == "band" and gate.band is not None:
            band = max(band, bands[gate.band])
        if gate.effect == "cap" and gate.cap is not None and total is not None:
            total = min(total, gate.cap)
    return Ruling(total, band, barred, tuple(results))


def _look(gate: Gate, titles: Mapping[str, Text], cells: Mapping[str, Cell]) -> GateResult:
    held, said = [], []
    for condition in gate.require:
        cell = cells.get(condition.path)
        value = None if cell is None else cell.value
        held.append(gate.unknown == "pass" if value is None else condition.holds(value))
        said.append(condition.say(titles[condition.path], value))
    passed = all(held) if gate.match == "all" else any(held)
    title = gate.title or Text(gate.id, gate.id)
    verdict = Text("通过", "passed") if passed else _CONSEQUENCES[gate.effect]
    zh, en = "；".join(text.zh for text in said), "; ".join(text.en for text in said)
    return GateResult(
        gate.id,
        passed,
        gate.effect,
        Text(f"{title.zh}：{zh}，{verdict.zh}", f"{title.en}: {en}; {verdict.en}"),
    )


_CONSEQUENCES = {
    "bar": Text("一票否决", "the entry is barred"),
    "cap": Text("总分封顶", "the total is capped"),
    "band": Text("降档", "the band is lowered"),
}
