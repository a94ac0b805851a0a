"""What a scheme must hold beyond the shape of its data: weights, panels, scales, carries, gates."""

from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules.convert import Clamp, Coefficient, Conversion, Table
from rules.gates import Band, Gate
from rules.panel import LEAST_FOR_TRIMMING, Panel
from rules.problems import Refusal
from rules.rounding import EXACT, show
from rules.scheme_index import ADDITIVE, SUBTRACTING, Index, Placed
from rules.scheme_nodes import Aspect, Attempts, Group, Scale
from rules.scheme_span import highest
from rules.text import Text


def check_scheme(index: Index, gates: Sequence[Gate], bands: Sequence[Band]) -> Iterator[Refusal]:
    """Every fault of a scheme whose data has the right shape."""
    circles = tuple(_cycles(index))
    if circles:
        yield from circles
        return
    for placed in index.root.walk():
        yield from _conversions(placed)
        yield from _attempts(placed)
        if isinstance(placed.node, Aspect):
            yield from _scale(placed.path, placed.node, placed.node.scale)
            yield from _panel(placed.path, placed.node.panel)
        else:
            yield from _group(placed, placed.node)
            yield from _weights(placed, placed.node)
            yield from _carries(placed, placed.node, index)
    yield from _gates(index, gates, bands)


def _no(  # noqa: PLR0917 - where, which rule, what is wrong and the way out in both languages
    path: str, rule: str, zh: str, en: str, way_zh: str, way_en: str, key: str = ""
) -> Refusal:
    return Refusal(path, rule, Text(zh, en), Text(way_zh, way_en), key)


def _conversions(placed: Placed) -> Iterator[Refusal]:
    node, path = placed.node, placed.path
    lists: list[tuple[str, Sequence[Conversion]]] = [("then", node.then)]
    if isinstance(node, Aspect):
        lists.append(("each", node.each))
    if node.attempts is not None:
        lists.append(("attempts.then", node.attempts.then))
    for key, conversions in lists:
        for number, conversion in enumerate(conversions):
            yield from _conversion(path, f"{key}.{number}", conversion)


def _conversion(path: str, key: str, conversion: Conversion) -> Iterator[Refusal]:
    if isinstance(conversion, Coefficient) and (conversion.value is None) == (not conversion.brought):
        yield _no(
            path,
            "coefficient_missing",
            "系数要么给定 value，要么由参赛者带来（brought: true）",
            "a coefficient has either a value or is brought by the entry (brought: true)",
            '写 value: "1.5" 或 brought: true，二者取一',
            'write value: "1.5" or brought: true, one of the two',
            key,
        )
    if isinstance(conversion, Table):
        bounds = [row.at_least if row.at_least is not None else row.at_most for row in conversion.rows]
        sides = {(row.at_least is None, row.at_most is None) for row in conversion.rows}
        if len(sides) != 1 or sides & {(True, True), (False, False)} or len(set(bounds)) != len(bounds):
            yield _no(
                path,
                "table_rows",
                "分档表各行须都用 at_least 或都用 at_most，且不重复",
                "the rows of a table must all say at_least or all say at_most, each bound once",
                "统一各行的写法，删去重复的界",
                "use one of the two in every row and remove repeated bounds",
                key,
            )
    if isinstance(conversion, Clamp):
        low, high = conversion.min, conversion.max
        if (low is None and high is None) or (low is not None and high is not None and low > high):
            yield _no(
                path,
                "clamp_bounds",
                "封顶保底须给 min 或 max，且 min 不大于 max",
                "a clamp needs min or max, and min not above max",
                "补上或改正 min、max",
                "give or correct min and max",
                key,
            )


def _attempts(placed: Placed) -> Iterator[Refusal]:
    attempts = placed.node.attempts
    if attempts is None:
        return
    above = placed.parent.repeated if placed.parent else None
    if above is not None:
        yield _no(
            placed.path,
            "attempts_nested",
            f"它已在多次进行的“{above.path}”之内，不能再分次",
            f"it lies in {above.path!r}, which has attempts already",
            "只在一层写 attempts",
            "put attempts on one level only",
            "attempts",
        )
    yield from _k(placed.path, "attempts.k", attempts, attempts.count, ("best_k", "last_k"))


def _k(
    path: str, key: str, node: Attempts | Group, count: int, functions: tuple[str, ...]
) -> Iterator[Refusal]:
    needs = node.function in functions
    if needs != (node.k is not None) or (node.k is not None and node.k > count):
        yield _no(
            path,
            "k",
            f"{node.function} 的 k 应在 1 到 {count} 之间" if needs else f"{node.function} 不用 k",
            f"{node.function} needs k from 1 to {count}" if needs else f"{node.function} takes no k",
            f"写 k: 1 到 {count} 之间的整数" if needs else "删去 k",
            f"write k as a whole number from 1 to {count}" if needs else "remove k",
            key,
        )


def _scale(path: str, aspect: Aspect, scale: Scale) -> Iterator[Refusal]:
    def no(rule: str, zh: str, en: str, way_zh: str, way_en: str) -> Refusal:
        return _no(path, rule, zh, en, way_zh, way_en, "scale")

    marks = [level.mark for level in scale.levels]
    fixed = bool(marks) or scale.yes_no
    if scale.yes_no and (marks or scale.max is not None or scale.step is not None):
        yield no(
            "yes_no",
            "是否题不能再有分值范围",
            "yes/no takes no range",
            "删去其余各键",
            "remove the other keys",
        )
    if len(set(marks)) != len(marks):
        yield no(
            "levels", "档次的分重复", "two levels have the same mark", "每档一个分", "one mark for each level"
        )
    if aspect.kind == "judgement" and not fixed and scale.max is None:
        yield no(
            "max_missing",
            "主观评分须有最高分或档次",
            "a judgement needs a highest mark or levels",
            "写 max 或 levels",
            "give max or levels",
        )
    if scale.max is None:
        return
    if scale.max <= scale.min:
        yield no(
            "range", "最高分不大于最低分", "max is not above min", "改正 min、max", "correct min and max"
        )
    elif scale.step is not None and EXACT.remainder(scale.max - scale.min, scale.step):
        yield no(
            "step",
            f"步长 {scale.step} 不能整除 {scale.max} − {scale.min}",
            f"step {scale.step} does not divide {scale.max} − {scale.min}",
            "换一个能整除的步长",
            "choose a step that divides the range",
        )
    if any(not scale.min <= mark <= scale.max for mark in marks):
        yield no(
            "levels",
            "档次的分在范围之外",
            "a level lies outside the range",
            "改正档次的分",
            "correct the level",
        )


def _panel(path: str, panel: Panel) -> Iterator[Refusal]:
    drops = sum(panel.drops)
    given = panel.drop_high is not None or panel.drop_low is not None
    if given and not panel.trims:
        yield _no(
            path,
            "drops_unused",
            f"{panel.function} 不去掉最高最低分",
            f"{panel.function} drops no marks",
            "改用 trimmed_mean 或 trimmed_sum，或删去 drop_high、drop_low",
            "use trimmed_mean or trimmed_sum, or remove drop_high and drop_low",
            "panel",
        )
    if panel.trims and not drops:
        yield _no(
            path,
            "drops_missing",
            "没有要去掉的分",
            "nothing is trimmed",
            "写 drop_high、drop_low，或改用 mean、sum",
            "give drop_high and drop_low, or use mean or sum",
            "panel",
        )
    needed = max(LEAST_FOR_TRIMMING, drops + 1) if panel.trims else 1
    for key in ("judges", "min_judges"):
        size = getattr(panel, key)
        if size is not None and size < needed:
            yield _no(
                path,
                "drops_eat_panel",
                f"去掉 {drops} 个分后，{key} = {size} 名裁判不够，至少 {needed} 名",
                f"with {drops} marks dropped {key} = {size} is too few, at least {needed} are needed",
                f"把 {key} 提高到 {needed}，或少去几个分",
                f"raise {key} to {needed} or drop fewer marks",
                f"panel.{key}",
            )
    if panel.judges is not None and panel.judges < panel.least:
        yield _no(
            path,
            "min_judges",
            "最少裁判数大于裁判总数",
            "min_judges is above judges",
            "减小 min_judges",
            "lower min_judges",
            "panel.min_judges",
        )


def _group(placed: Placed, group: Group) -> Iterator[Refusal]:
    path = placed.path
    for name, count in Counter(child.id for child in group.children).items():
        if count > 1:
            yield _no(
                f"{path}.{name}" if path else name,
                "duplicate_id",
                f"同一组内有 {count} 个“{name}”",
                f"{count} nodes of one group are called {name!r}",
                "给它们不同的 id",
                "give them different ids",
                "id",
            )
    if placed.parent is not None and "id" not in group.model_fields_set:
        yield _no(path, "missing", "缺少 id", "id is missing", "补上 id", "add an id", "id")
    if group.stage and placed.parent and placed.parent.stage is not None:
        yield _no(
            path,
            "stage_nested",
            "阶段不能套阶段",
            "a stage lies in a stage",
            "只留一层 stage",
            "keep one",
            "stage",
        )
    yield from _k(path, "k", group, len(group.children), ("best_k",))
    for child in placed.children:
        if child.node.kind == "deduction" and group.function not in SUBTRACTING:
            yield _no(
                child.path,
                "deduction_place",
                f"{group.function} 的组里不能放扣分项",
                f"a deduction cannot be part of a {group.function}",
                "把扣分项放到 sum 组里",
                "put the deduction into a sum group",
                "kind",
            )


def _weights(placed: Placed, group: Group) -> Iterator[Refusal]:
    weighted = group.function == "weighted_sum"
    for child in placed.children:
        weight = child.node.weight
        if weighted and weight is None:
            yield _no(
                child.path,
                "weight_missing",
                "加权组里的每一项都要有权重",
                "every part of a weighted sum needs a weight",
                '写 weight，如 "0.3"；"0" 表示不计入',
                'give a weight such as "0.3"; "0" counts nothing',
                "weight",
            )
        if not weighted and group.function != "mean" and weight not in (None, Decimal(0)):
            yield _no(
                child.path,
                "weight_unused",
                f"{group.function} 不用权重",
                f"{group.function} takes no weights",
                "把组改为 weighted_sum，或删去 weight",
                "make the group a weighted_sum or remove the weight",
                "weight",
            )
    if group.sum_check is None:
        return
    found = _checked_sum(placed, group)
    if found != group.sum_check:
        what = (
            Text("权重", "the weights")
            if weighted or group.function == "mean"
            else Text("满分", "full marks")
        )
        shown = Text("无法确定", "cannot be told") if found is None else Text(show(found), show(found))
        yield _no(
            placed.path,
            "sum_check",
            f"{what.zh}合计 {shown.zh}，应为 {show(group.sum_check)}",
            f"{what.en} sum to {shown.en}, not {show(group.sum_check)}",
            "改正各项，或改正 sum_check",
            "correct the parts or sum_check",
            "sum_check",
        )


def _checked_sum(placed: Placed, group: Group) -> Decimal | None:
    if group.function in ("weighted_sum", "mean"):
        return sum((abs(term.factor) for term in placed.terms if term.factor > 0), Decimal(0))
    tops = [highest(term.placed) for term in placed.terms if term.factor > 0]
    known = [top for top in tops if top is not None]
    return sum(known, Decimal(0)) if len(known) == len(tops) else None


def _carries(placed: Placed, group: Group, index: Index) -> Iterator[Refusal]:
    for number, carry in enumerate(group.carry):
        source = index.nodes.get(carry.path)
        key = f"carry.{number}"
        if group.function not in ADDITIVE and carry.weight is not None:
            yield _no(
                placed.path,
                "weight_unused",
                f"{group.function} 不用权重",
                f"{group.function} takes no weights",
                "删去 carry 的 weight",
                "remove the weight of the carry",
                key,
            )
        if source is None:
            yield _unknown_path(placed.path, carry.path, key)
        elif source.repeated is not None and source.repeated is not source:
            yield _in_attempts(placed.path, carry.path, key)


def _cycles(index: Index) -> Iterator[Refusal]:
    done: set[str] = set()

    def visit(placed: Placed, trail: tuple[str, ...]) -> Iterator[Refusal]:
        if placed.path in trail:
            loop = " → ".join(path or "root" for path in (*trail[trail.index(placed.path) :], placed.path))
            yield _no(
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


def _gates(index: Index, gates: Sequence[Gate], bands: Sequence[Band]) -> Iterator[Refusal]:
    names = [band.id for band in bands]
    for kind, ids in (("gates", [gate.id for gate in gates]), ("bands", names)):
        for name, count in Counter(ids).items():
            if count > 1:
                yield _no(
                    f"{kind}.{name}",
                    "duplicate_id",
                    "id 重复",
                    "the id is used twice",
                    "换一个 id",
                    "use another",
                    "id",
                )
    for gate in gates:
        at = f"gates.{gate.id}"
        for number, condition in enumerate(gate.require):
            key = f"require.{number}"
            source = index.nodes.get(condition.path)
            if source is None:
                yield _unknown_path(at, condition.path, key)
            elif source.repeated is not None and source.repeated is not source:
                yield _in_attempts(at, condition.path, key)
            if len(condition.bounds) != 1:
                yield _no(
                    at,
                    "condition",
                    "条件须恰有一个界",
                    "a condition needs exactly one bound",
                    "用 at_least、at_most、above、below、equals 之一",
                    "use one of at_least, at_most, above, below, equals",
                    key,
                )
        if (gate.effect == "cap") != (gate.cap is not None):
            yield _no(
                at,
                "cap",
                "封顶与 effect 不符",
                "cap and effect differ",
                "effect: cap 时写 cap",
                "cap goes with effect: cap",
            )
        if (gate.effect == "band") != (gate.band is not None) or (gate.band and gate.band not in names):
            known = ", ".join(names) or "–"
            yield _no(
                at,
                "band",
                f"档次“{gate.band}”不存在或与 effect 不符",
                f"band {gate.band!r} is not one of the bands or does not go with the effect",
                f"可用的档次：{known}",
                f"bands: {known}",
                "band",
            )


def _unknown_path(at: str, path: str, key: str) -> Refusal:
    return _no(
        at,
        "unknown_path",
        f"方案里没有“{path}”",
        f"the scheme has no node {path!r}",
        "写从根的子项开始、用点连接的路径",
        "write the path from the root's child on, joined by dots",
        key,
    )


def _in_attempts(at: str, path: str, key: str) -> Refusal:
    return _no(
        at,
        "path_in_attempts",
        f"“{path}”在多次进行的项之内，没有唯一的值",
        f"{path!r} lies inside a node with attempts and has no single value",
        "改用带 attempts 的那一项的路径",
        "use the path of the node that has the attempts",
        key,
    )
