"""What the parts of one node must hold: conversions, attempts, scale and panel."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rules.convert import Clamp, Coefficient, Table
from rules.convert_base import Conversion
from rules.panel import LEAST_FOR_TRIMMING, Panel
from rules.problems import Refusal
from rules.rounding import EXACT
from rules.scheme_checks_words import no
from rules.scheme_index import Placed
from rules.scheme_nodes import Aspect, Attempts, Group, Scale


def check_conversions(placed: Placed) -> Iterator[Refusal]:
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
        yield no(
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
            yield no(
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
            yield no(
                path,
                "clamp_bounds",
                "封顶保底须给 min 或 max，且 min 不大于 max",
                "a clamp needs min or max, and min not above max",
                "补上或改正 min、max",
                "give or correct min and max",
                key,
            )


def check_attempts(placed: Placed) -> Iterator[Refusal]:
    attempts = placed.node.attempts
    if attempts is None:
        return
    above = placed.parent.repeated if placed.parent else None
    if above is not None:
        yield no(
            placed.path,
            "attempts_nested",
            f"它已在多次进行的“{above.path}”之内，不能再分次",
            f"it lies in {above.path!r}, which has attempts already",
            "只在一层写 attempts",
            "put attempts on one level only",
            "attempts",
        )
    yield from check_k(placed.path, "attempts.k", attempts, attempts.count, ("best_k", "last_k"))


def check_k(
    path: str, key: str, node: Attempts | Group, count: int, functions: tuple[str, ...]
) -> Iterator[Refusal]:
    needs = node.function in functions
    if needs != (node.k is not None) or (node.k is not None and node.k > count):
        yield no(
            path,
            "k",
            f"{node.function} 的 k 应在 1 到 {count} 之间" if needs else f"{node.function} 不用 k",
            f"{node.function} needs k from 1 to {count}" if needs else f"{node.function} takes no k",
            f"写 k: 1 到 {count} 之间的整数" if needs else "删去 k",
            f"write k as a whole number from 1 to {count}" if needs else "remove k",
            key,
        )


def _bad(  # noqa: PLR0917 - as `no`
    path: str, rule: str, zh: str, en: str, way_zh: str, way_en: str
) -> Refusal:
    return no(path, rule, zh, en, way_zh, way_en, "scale")


def check_scale(path: str, aspect: Aspect, scale: Scale) -> Iterator[Refusal]:
    marks = [level.mark for level in scale.levels]
    fixed = bool(marks) or scale.yes_no
    if scale.yes_no and (marks or scale.max is not None or scale.step is not None):
        yield _bad(
            path,
            "yes_no",
            "是否题不能再有分值范围",
            "yes/no takes no range",
            "删去其余各键",
            "remove the other keys",
        )
    if len(set(marks)) != len(marks):
        yield _bad(
            path,
            "levels",
            "档次的分重复",
            "two levels have the same mark",
            "每档一个分",
            "one mark for each level",
        )
    if aspect.kind == "judgement" and not fixed and scale.max is None:
        yield _bad(
            path,
            "max_missing",
            "主观评分须有最高分或档次",
            "a judgement needs a highest mark or levels",
            "写 max 或 levels",
            "give max or levels",
        )
    yield from _range(path, scale, marks)


def _range(path: str, scale: Scale, marks: Sequence[Decimal]) -> Iterator[Refusal]:
    if scale.max is None:
        return
    if scale.max <= scale.min:
        yield _bad(
            path,
            "range",
            "最高分不大于最低分",
            "max is not above min",
            "改正 min、max",
            "correct min and max",
        )
    elif scale.step is not None and EXACT.remainder(scale.max - scale.min, scale.step):
        yield _bad(
            path,
            "step",
            f"步长 {scale.step} 不能整除 {scale.max} − {scale.min}",
            f"step {scale.step} does not divide {scale.max} − {scale.min}",
            "换一个能整除的步长",
            "choose a step that divides the range",
        )
    if any(not scale.min <= mark <= scale.max for mark in marks):
        yield _bad(
            path,
            "levels",
            "档次的分在范围之外",
            "a level lies outside the range",
            "改正档次的分",
            "correct the level",
        )


def check_panel(path: str, panel: Panel) -> Iterator[Refusal]:
    drops = sum(panel.drops)
    given = panel.drop_high is not None or panel.drop_low is not None
    if given and not panel.trims:
        yield no(
            path,
            "drops_unused",
            f"{panel.function} 不去掉最高最低分",
            f"{panel.function} drops no marks",
            "改用 trimmed_mean 或 trimmed_sum，或删去 drop_high、drop_low",
            "use trimmed_mean or trimmed_sum, or remove drop_high and drop_low",
            "panel",
        )
    if panel.trims and not drops:
        yield no(
            path,
            "drops_missing",
            "没有要去掉的分",
            "nothing is trimmed",
            "写 drop_high、drop_low，或改用 mean、sum",
            "give drop_high and drop_low, or use mean or sum",
            "panel",
        )
    yield from _sizes(path, panel, drops)


def _sizes(path: str, panel: Panel, drops: int) -> Iterator[Refusal]:
    needed = max(LEAST_FOR_TRIMMING, drops + 1) if panel.trims else 1
    for key in ("judges", "min_judges"):
        size = getattr(panel, key)
        if size is not None and size < needed:
            yield no(
                path,
                "drops_eat_panel",
                f"去掉 {drops} 个分后，{key} = {size} 名裁判不够，至少 {needed} 名",
                f"with {drops} marks dropped {key} = {size} is too few, at least {needed} are needed",
                f"把 {key} 提高到 {needed}，或少去几个分",
                f"raise {key} to {needed} or drop fewer marks",
                f"panel.{key}",
            )
    if panel.judges is not None and panel.judges < panel.least:
        yield no(
            path,
            "min_judges",
            "最少裁判数大于裁判总数",
            "min_judges is above judges",
            "减小 min_judges",
            "lower min_judges",
            "panel.min_judges",
        )
