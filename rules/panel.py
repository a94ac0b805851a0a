"""A panel (裁判组): how the marks of several judges become one value."""

from collections.abc import Sequence
from decimal import Decimal
from operator import itemgetter
from statistics import median
from typing import Literal

import msgspec
from pydantic import Field

from rules.results import Missing
from rules.rounding import show
from rules.scheme_types import Exact, Part
from rules.text import Text

LEAST_FOR_TRIMMING = 3
_ZERO = Decimal(0)
_MARK = itemgetter(0)
_COUNTS = ("零", "一", "两", "三", "四", "五", "六", "七", "八", "九", "十")
_FUNCTIONS = {
    "mean": Text("平均", "mean"),
    "sum": Text("合计", "sum"),
    "median": Text("中位数", "median"),
    "trimmed_mean": Text("平均", "mean"),
    "trimmed_sum": Text("合计", "sum"),
}


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """What the panel says: a value or why there is none yet, and the places of the marks it dropped."""

    value: Decimal | None
    missing: Missing | None = None
    complete: bool = True
    low: Sequence[int] = ()
    high: Sequence[int] = ()


class Panel(Part):
    """How marks are combined.

    `judges` is the size of the panel where the scheme fixes it; `min_judges` is the fewest marks that give a
    value. A judge who is missing or abstains is waited for, left out once `min_judges` marked (`present`), or
    counts as 0 (`zero`). Marks further apart than `max_spread` must be given again.
    """

    function: Literal["mean", "sum", "median", "trimmed_mean", "trimmed_sum"] = "mean"
    drop_high: int | None = Field(default=None, ge=0)
    drop_low: int | None = Field(default=None, ge=0)
    judges: int | None = Field(default=None, ge=1)
    min_judges: int | None = Field(default=None, ge=1)
    max_spread: Exact | None = Field(default=None, ge=0)
    missing: Literal["wait", "present", "zero"] = "wait"

    @property
    def trims(self) -> bool:
        return self.function in ("trimmed_mean", "trimmed_sum")

    @property
    def drops(self) -> tuple[int, int]:
        """How many of the lowest and of the highest marks are left out."""
        if not self.trims:
            return 0, 0
        return (
            1 if self.drop_low is None else self.drop_low,
            1 if self.drop_high is None else self.drop_high,
        )

    @property
    def least(self) -> int:
        """The fewest marks that give a value."""
        return self.min_judges or (max(LEAST_FOR_TRIMMING, sum(self.drops) + 1) if self.trims else 1)

    def compile(self) -> "PanelPlan":
        return PanelPlan(self)


class PanelPlan:
    """A panel with its settings looked up once, for the hot path."""

    __slots__ = ("expected", "function", "least", "low", "max_spread", "missing", "panel", "up")

    def __init__(self, panel: Panel) -> None:
        self.panel = panel
        self.low, self.up = panel.drops
        self.least = panel.least
        self.expected = panel.judges or panel.least
        self.max_spread = panel.max_spread
        self.missing = panel.missing
        self.function = panel.function

    def judge(self, given: Sequence[Decimal | None], raw: Sequence[Decimal | None]) -> Verdict:
        """Combine converted marks `given`; `raw` are the same marks as the judges gave them."""
        marks = [mark for mark in given if mark is not None]
        seen = len(given)
        if self.missing == "zero" and len(marks) < seen:
            given = [Decimal(0) if mark is None else mark for mark in given]
            marks = [mark for mark in given if mark is not None]
        if len(marks) < self.least:
            return Verdict(None, "refused" if seen >= self.expected else "waiting", False)
        if self.missing != "present" and len(marks) < self.expected:
            return Verdict(None, "waiting", False)
        if self.max_spread is not None and _spread(raw) > self.max_spread:
            return Verdict(None, "remark", False)
        complete = seen >= self.expected
        if self.low or self.up:
            return self._trimmed(given, len(marks), complete)
        return Verdict(self._combine(marks), None, complete)

    def _trimmed(self, given: Sequence[Decimal | None], count: int, complete: bool) -> Verdict:
        by_mark = [(mark, index) for index, mark in enumerate(given) if mark is not None]
        by_mark.sort(key=_MARK)
        stop = count - self.up
        kept = [mark for mark, _ in by_mark[self.low : stop]]
        low = [index for _, index in by_mark[: self.low]]
        high = [index for _, index in by_mark[stop:]]
        return Verdict(self._combine(kept), None, complete, low, high)

    def _combine(self, marks: Sequence[Decimal]) -> Decimal:
        if self.function == "median":
            return median(marks)
        total = sum(marks, _ZERO)
        return total if self.function in ("sum", "trimmed_sum") else total / len(marks)

    def say(self, given: Sequence[Decimal | None], verdict: Verdict) -> Text:
        """The sentence of a panel that came to a value."""
        marks = [mark for mark in given if mark is not None]
        assert verdict.value is not None
        if len(given) == 1 and len(marks) == 1:
            return Text(f"评分 {show(marks[0])}", f"the mark is {show(marks[0])}")
        zh = f"{_people(len(marks))}名裁判 " + "、".join(map(show, marks))
        en = f"{len(marks)} judges gave " + ", ".join(map(show, marks))
        if len(marks) < len(given):
            zh += f"，{_people(len(given) - len(marks))}名未评"
            en += f", {len(given) - len(marks)} gave none"
        if verdict.low or verdict.high:
            zh, en = zh + "，去掉" + self._dropped(given, verdict).zh, en + self._dropped(given, verdict).en
        word = _FUNCTIONS[self.function]
        return Text(f"{zh}，{word.zh} {show(verdict.value)}", f"{en}; {word.en} {show(verdict.value)}")

    @staticmethod
    def _dropped(given: Sequence[Decimal | None], verdict: Verdict) -> Text:
        def marks(places: Sequence[int]) -> str:
            return "、".join(show(given[place] or Decimal(0)) for place in places)

        sides = [(verdict.high, "最高", "highest"), (verdict.low, "最低", "lowest")]
        zh = " 和".join(f"{word} {marks(places)}" for places, word, _ in sides if places)
        en = " and ".join(f"the {word} {marks(places)}" for places, _, word in sides if places)
        return Text(zh, f", without {en}")


def _spread(marks: Sequence[Decimal | None]) -> Decimal:
    known = [mark for mark in marks if mark is not None]
    return max(known) - min(known)


def _people(count: int) -> str:
    return _COUNTS[count] if count < len(_COUNTS) else str(count) + " "
