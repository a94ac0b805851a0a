"""What a scheme must hold beyond the shape of its data: weights, panels, scales, carries, gates."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules.gates import Band, Gate
from rules.problems import Refusal
from rules.rounding import show
from rules.scheme_checks_parts import check_attempts, check_conversions, check_k, check_panel, check_scale
from rules.scheme_checks_words import in_attempts, no, unknown_path
from rules.scheme_index import ADDITIVE, SUBTRACTING, Index, Placed
from rules.scheme_nodes import Aspect, Group
from rules.scheme_span import highest
from rules.text import Text

_WEIGHTED = ("weighted_sum", "mean")


def check_scheme(index: Index, gates: Sequence[Gate], bands: Sequence[Band]) -> Iterator[Refusal]:
    """Every fault of a scheme whose data has the right shape."""
    circles = tuple(check_cycles(index))
    if circles:
        yield from circles
        return
    for placed in index.root.walk():
        yield from check_conversions(placed)
        yield from check_attempts(placed)
        if isinstance(placed.node, Aspect):
            yield from check_scale(placed.path, placed.node, placed.node.scale)
            yield from check_panel(placed.path, placed.node.panel)
        else:
            yield from check_group(placed, placed.node)
            yield from check_weights(placed, placed.node)
            yield from check_carries(placed, placed.node, index)
    yield from check_gates(index, gates, bands)


def check_group(placed: Placed, group: Group) -> Iterator[Refusal]:
    path = placed.path
    for name, count in Counter(child.id for child in group.children).items():
        if count > 1:
            yield no(
                f"{path}.{name}" if path else name,
                "duplicate_id",
                f"同一组内有 {count} 个“{name}”",
                f"{count} nodes of one group are called {name!r}",
                "给它们不同的 id",
                "give them different ids",
                "id",
            )
    if placed.parent is not None and "id" not in group.model_fields_set:
        yield no(path, "missing", "缺少 id", "id is missing", "补上 id", "add an id", "id")
    if group.stage and placed.parent and placed.parent.stage is not None:
        yield no(
            path,
            "stage_nested",
            "阶段不能套阶段",
            "a stage lies in a stage",
            "只留一层 stage",
            "keep one",
            "stage",
        )
    yield from check_k(path, "k", group, len(group.children), ("best_k",))
    for child in placed.children:
        if child.node.kind == "deduction" and group.function not in SUBTRACTING:
            yield no(
                child.path,
                "deduction_place",
                f"{group.function} 的组里不能放扣分项",
                f"a deduction cannot be part of a {group.function}",
                "把扣分项放到 sum 组里",
                "put the deduction into a sum group",
                "kind",
            )


def check_weights(placed: Placed, group: Group) -> Iterator[Refusal]:
    weighted = group.function == "weighted_sum"
    for child in placed.children:
        weight = child.node.weight
        if weighted and weight is None:
            yield no(
                child.path,
                "weight_missing",
                "加权组里的每一项都要有权重",
                "every part of a weighted sum needs a weight",
                '写 weight，如 "0.3"；"0" 表示不计入',
                'give a weight such as "0.3"; "0" counts nothing',
                "weight",
            )
        if not weighted and group.function != "mean" and weight not in (None, Decimal(0)):
            yield no(
                child.path,
                "weight_unused",
                f"{group.function} 不用权重",
                f"{group.function} takes no weights",
                "把组改为 weighted_sum，或删去 weight",
                "make the group a weighted_sum or remove the weight",
                "weight",
            )
    if group.sum_check is not None:
        yield from _check_sum(placed, group, group.sum_check)


def _check_sum(placed: Placed, group: Group, wanted: Decimal) -> Iterator[Refusal]:
    found = _checked_sum(placed, group)
    if found == wanted:
        return
    what = Text("权重", "the weights") if group.function in _WEIGHTED else Text("满分", "full marks")
    shown = Text("无法确定", "cannot be told") if found is None else Text(show(found), show(found))
    yield no(
        placed.path,
        "sum_check",
        f"{what.zh}合计 {shown.zh}，应为 {show(wanted)}",
        f"{what.en} sum to {shown.en}, not {show(wanted)}",
        "改正各项，或改正合计校验",
        "correct the parts, or the sum check",
        "sum_check",
    )


def _checked_sum(placed: Placed, group: Group) -> Decimal | None:
    if group.function in _WEIGHTED:
        return sum((abs(term.factor) for term in placed.terms if term.factor > 0), Decimal(0))
    tops = [highest(term.placed) for term in placed.terms if term.factor > 0]
    known = [top for top in tops if top is not None]
    return sum(known, Decimal(0)) if len(known) == len(tops) else None


def check_carries(placed: Placed, group: Group, index: Index) -> Iterator[Refusal]:
    for number, carry in enumerate(group.carry):
        source = index.nodes.get(carry.path)
        key = f"carry.{number}"
        if group.function not in ADDITIVE and carry.weight is not None:
            yield no(
                placed.path,
                "weight_unused",
                f"{group.function} 不用权重",
                f"{group.function} takes no weights",
                "删去 carry 的 weight",
                "remove the weight of the carry",
                key,
            )
        if source is None:
            yield unknown_path(placed.path, carry.path, key)
        elif source.repeated is not None and source.repeated is not source:
            yield in_attempts(placed.path, carry.path, key)


def check_cycles(index: Index) -> Iterator[Refusal]:
    done: set[str] = set()

    def visit(placed: Placed, trail: tuple[str, ...]) -> Iterator[Refusal]:
        if placed.path in trail:
            loop = " → ".join(path or "root" for path in (*trail[trail.index(placed.path) :], placed.path))
            yield no(
                placed.path,
                "carry_cycle",
                f"带入成环：{loop}",
                f"the carry goes round in a circle: {loop}",
                "去掉其中一个 carry",
                "remove one of the carries",
                "carry",
            )
        elif placed.path not in done:
            for term in placed.terms:
                yield from visit(term.placed, (*trail, placed.path))
            done.add(placed.path)

    yield from visit(index.root, ())


def check_gates(index: Index, gates: Sequence[Gate], bands: Sequence[Band]) -> Iterator[Refusal]:
    names = [band.id for band in bands]
    for kind, ids in (("gates", [gate.id for gate in gates]), ("bands", names)):
        for name, count in Counter(ids).items():
            if count > 1:
                yield no(
                    f"{kind}.{name}",
                    "duplicate_id",
                    "id 重复",
                    "the id is used twice",
                    "换一个 id",
                    "use another",
                    "id",
                )
    for gate in gates:
        yield from _conditions(f"gates.{gate.id}", gate, index)
        yield from _effect(f"gates.{gate.id}", gate, names)


def _conditions(at: str, gate: Gate, index: Index) -> Iterator[Refusal]:
    for number, condition in enumerate(gate.require):
        key = f"require.{number}"
        source = index.nodes.get(condition.path)
        if source is None:
            yield unknown_path(at, condition.path, key)
        elif source.repeated is not None and source.repeated is not source:
            yield in_attempts(at, condition.path, key)
        if len(condition.bounds) != 1:
            yield no(
                at,
                "condition",
                "条件须恰有一个界",
                "a condition needs exactly one bound",
                "用 at_least、at_most、above、below、equals 之一",
                "use one of at_least, at_most, above, below, equals",
                key,
            )


def _effect(at: str, gate: Gate, names: Sequence[str]) -> Iterator[Refusal]:
    if (gate.effect == "cap") != (gate.cap is not None):
        yield no(
            at,
            "cap",
            "封顶与 effect 不符",
            "cap and effect differ",
            "effect: cap 时写 cap",
            "cap goes with effect: cap",
        )
    if (gate.effect == "band") != (gate.band is not None) or (gate.band and gate.band not in names):
        known = ", ".join(names) or "–"
        yield no(
            at,
            "band",
            f"档次“{gate.band}”不存在或与 effect 不符",
            f"band {gate.band!r} is not one of the bands or does not go with the effect",
            f"可用的档次：{known}",
            f"bands: {known}",
            "band",
        )
