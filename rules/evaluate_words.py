"""The sentences of groups and attempts."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from rules.results import Cell, Missing
from rules.rounding import show
from rules.scheme_index import Placed
from rules.scheme_nodes import Attempts, Group
from rules.text import Text

MISSING: Mapping[Missing, Text] = {
    "waiting": Text("待评", "not marked yet"),
    "remark": Text("分差过大，待重评", "the marks are too far apart, mark again"),
    "absent": Text("未参加", "did not take part"),
    "refused": Text("评分裁判不足", "too few judges marked"),
}
_FUNCTIONS = {
    "sum": Text("相加", "sum"),
    "weighted_sum": Text("加权相加", "weighted sum"),
    "mean": Text("平均", "mean"),
    "best": Text("取最好", "best"),
    "best_k": Text("取最好 {k} 项之和", "sum of the best {k}"),
    "last": Text("取最后", "last"),
    "last_k": Text("取最后 {k} 次之和", "sum of the last {k}"),
    "highest_only": Text("只取最高一项，不累计", "only the highest counts"),
    "product": Text("相乘", "product"),
}


def say_group(
    placed: Placed, group: Group, cells: Sequence[Cell], titles: Mapping[str, Text], value: Decimal
) -> Text:
    """How a group came to its value from its parts."""
    zh, en = [], []
    for term, cell in zip(placed.terms, cells, strict=True):
        title = titles[term.placed.path]
        found = shown(cell)
        sign, factor = "−" if term.factor < 0 else "", abs(term.factor)
        weight = "" if factor == 1 else f" × {show(factor)}"
        carried = Text("（带入）", " (carried)") if term.carried else Text("", "")
        zh.append(f"{sign}{title.zh}{carried.zh} {found.zh}{weight}")
        en.append(f"{sign}{title.en}{carried.en} {found.en}{weight}")
    word = _word(group.function, group.k)
    return Text(f"{'、'.join(zh)}，{word.zh}得 {show(value)}", f"{', '.join(en)}; {word.en} is {show(value)}")


def say_attempts(attempts: Attempts, cells: Sequence[Cell], value: Decimal) -> Text:
    """How the attempts became one value."""
    said = [(attempt_title(attempts, cell.attempt), shown(cell)) for cell in cells]
    word = _word(attempts.function, attempts.k)
    return Text(
        f"{'、'.join(f'{title.zh} {found.zh}' for title, found in said)}，{word.zh}得 {show(value)}",
        f"{', '.join(f'{title.en} {found.en}' for title, found in said)}; {word.en} is {show(value)}",
    )


def attempt_title(attempts: Attempts, number: int) -> Text:
    """第 2 次 / attempt 2, or with the scheme's own word: 第 2 季度 / quarter 2."""
    title = attempts.title or Text("次", "attempt")
    return Text(f"第 {number} {title.zh}", f"{title.en} {number}")


def shown(cell: Cell) -> Text:
    """A cell's value, or why there is none."""
    if cell.value is None:
        return MISSING[cell.missing or "waiting"]
    return Text(show(cell.value), show(cell.value))


def _word(function: str, k: int | None) -> Text:
    word = _FUNCTIONS[function]
    return Text(word.zh.format(k=k), word.en.format(k=k))
