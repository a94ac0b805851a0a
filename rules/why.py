"""Why one row stands above another, in one sentence."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

from rules.ranking import BARRED, DISQUALIFIED, MARKED, UNMARKED, UNRANKED, WITHDRAWN
from rules.ranking_data import Ranking
from rules.results import Measured, Row
from rules.rounding import show
from rules.text import Text
from rules.tiekeys import Key

_BEHIND = {
    UNMARKED: Text("尚无成绩", "has no marks yet"),
    UNRANKED: Text("打星参赛，不占名次", "takes part unranked and takes no place"),
    BARRED: Text("未通过刚性考核，不参加排名", "was barred by a gate and takes no place"),
    WITHDRAWN: Text("已退赛", "has withdrawn"),
    DISQUALIFIED: Text("已取消成绩", "was disqualified"),
}


def why_above(ranking: Ranking, a: Row, b: Row, names: Mapping[str, str] | None = None) -> Text:
    """One sentence on which of two different rows of a board stands above the other, and by what.

    It is about the same two rows whichever is given first. `names` are shown for entries; else their ids are.
    """
    above, below = (a, b) if a.order < b.order else (b, a)
    known = names or {}
    first, second = known.get(above.entry, above.entry), known.get(below.entry, below.entry)
    if above.key[0] != below.key[0]:
        behind = _BEHIND[below.key[0]]
        return Text(
            f"{second}{behind.zh}，列于{first}之后", f"{second} {behind.en}, so is listed after {first}"
        )
    if above.evaluation.band != below.evaluation.band and above.values:
        return _by_band(above, below, first, second)
    for i, (key, mine, other) in enumerate(_compared_values(ranking, above, below)):
        if mine != other:
            same = _same(ranking.keys[:i], above.values[:i])
            return _by_key(key, (mine, other), same, (first, second))
    if above.status != below.status:
        return Text(
            f"{second}与{first}成绩相同，打星参赛，列于其后",
            f"{second} equals {first} and takes part unranked, so is listed after",
        )
    return _by_listing(ranking, above, below, first, second)


def _compared_values(ranking: Ranking, above: Row, below: Row) -> Iterable[tuple[Key, Measured, Measured]]:
    # Rows of a class that is not compared by keys have no values.
    return zip(ranking.keys, above.values, below.values, strict=False)


def _by_band(above: Row, below: Row, first: str, second: str) -> Text:
    mine, other = above.evaluation.band + 1, below.evaluation.band + 1
    return Text(
        f"刚性考核定档：{first}在第 {mine} 档，{second}在第 {other} 档，档次先于分数，{first}列前",
        f"{first} is in band {mine}, {second} in band {other}; bands come before points: {first} is above",
    )


def _by_key(key: Key, values: tuple[Measured, Measured], same: Text | None, names: tuple[str, str]) -> Text:
    first, second = names
    compared = _compared(key, *values)
    if same is None:
        return Text(
            f"{first}{key.label.zh} {compared.zh}（{second}），{first}列前",
            f"{first} is above {second}: {key.label.en} {compared.en}",
        )
    return Text(
        f"{first}与{second}{same.zh}，按{key.label.zh} {compared.zh}，{first}列前",
        f"{first} and {second} are equal on {same.en}; by {key.label.en} {compared.en}, {first} is above",
    )


def _compared(key: Key, mine: Measured, other: Measured) -> Text:
    left, right = _shown(mine), _shown(other)
    if other is None or other == ():
        return Text(f"{left.zh} 先于无记录者", f"{left.en} against none")
    if isinstance(mine, tuple):
        return Text(f"{left.zh} 优于 {right.zh}", f"{left.en} against {right.en}")
    if key.by in ("earlier", "decision"):
        return Text(f"{left.zh} 先于 {right.zh}", f"{left.en} before {right.en}")
    if key.by in ("time", "count"):
        few = Text("多于", "more than") if key.descending else Text("少于", "less than")
        return Text(f"{left.zh} {few.zh} {right.zh}", f"{left.en}, {few.en} {right.en}")
    side = Text("高于", "higher than") if key.descending else Text("低于", "lower than")
    return Text(f"{left.zh} {side.zh} {right.zh}", f"{left.en}, {side.en} {right.en}")


def _same(keys: tuple[Key, ...], values: tuple[Measured, ...]) -> Text | None:
    if not keys:
        return None
    said = [_equal(key.label, value) for key, value in zip(keys, values, strict=True)]
    return Text("、".join(text.zh for text in said), ", ".join(text.en for text in said))


def _equal(label: Text, value: Measured) -> Text:
    if value is None or value == ():
        return Text(f"均无{label.zh}", f"{label.en} (neither has any)")
    shown = _shown(value)
    return Text(f"{label.zh}同为 {shown.zh}", f"{label.en} {shown.en}")


def _by_listing(ranking: Ranking, above: Row, below: Row, first: str, second: str) -> Text:
    listed = _draw(above, below, first)
    if above.key[0] != MARKED or above.place is None or below.place is None:
        return Text(
            f"{first}与{second}均不占名次，{listed.zh}", f"neither takes a place by marks; {listed.en}"
        )
    same = _same(ranking.keys, above.values) or Text("", "")
    shared = (
        Text("本榜名次不并列", "places are not shared on this board")
        if ranking.places == "1234"
        else Text(f"并列第 {above.place} 名", f"share place {above.place}")
    )
    return Text(
        f"{first}与{second}{same.zh}，{shared.zh}，{listed.zh}",
        f"{first} and {second} are equal on {same.en}; {shared.en}; {listed.en}",
    )


def _draw(above: Row, below: Row, first: str) -> Text:
    if above.number == below.number:
        return Text(f"按编号{first}列前", f"{first} is listed first by id")
    if not below.number:
        return Text(f"{first}已抽签，列前", f"{first} is listed first, having drawn a number")
    return Text(
        f"按抽签号 {above.number} 在 {below.number} 之前，{first}列前",
        f"{first} is listed first by draw number, {above.number} before {below.number}",
    )


def _shown(value: Measured) -> Text:
    if value is None:
        return Text("无", "none")
    if isinstance(value, Decimal):
        return Text(show(value), show(value))
    return Text("、".join(map(show, value)) or "无", ", ".join(map(show, value)) or "none")
