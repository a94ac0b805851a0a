"""Conversions (换算): what happens to a number between a mark and the sum it goes into.

Each is one step of a pipeline, in the order in which the scheme lists it: rounding, coefficient, base value,
linear, step table, plan completion, deduct from full, clamp, and two that look at the whole field: points by
rank and the standard scale.
"""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from rules.convert_base import Around, Conversion, Span
from rules.convert_field import RankPoints, StandardScale
from rules.rounding import MOST_DIGITS, Mode, round_to, settle, show
from rules.scheme_types import Exact, Part
from rules.text import Text

_MODES = {"half_up": Text("四舍五入", "half up"), "half_even": Text("四舍六入五成双", "half even")}


class Round(Conversion):
    """Round (修约) here, and only here."""

    op: Literal["round"]
    digits: int = Field(ge=0, le=MOST_DIGITS)
    mode: Mode = "half_up"

    def apply(self, value: Decimal, _: Around) -> Decimal | None:
        return round_to(value, self.digits, self.mode)

    def say(self, before: Decimal, after: Decimal) -> Text:
        mode = _MODES[self.mode]
        return Text(
            f"{show(before)} {mode.zh}保留 {self.digits} 位小数得 {show(after)}",
            f"{show(before)} rounded {mode.en} to {self.digits} decimals is {show(after)}",
        )

    def span(self, low: Decimal | None, high: Decimal | None) -> Span:
        return (
            None if low is None else round_to(low, self.digits, self.mode),
            None if high is None else round_to(high, self.digits, self.mode),
        )


class Coefficient(Conversion):
    """Times a constant, or what the entry brings (难度系数); divided by `per`, as in 30 points per 9."""

    op: Literal["coefficient"]
    value: Exact | None = None
    brought: bool = False
    key: str | None = None
    per: Exact = Field(default=Decimal(1), gt=0)

    def apply(self, value: Decimal, around: Around) -> Decimal | None:
        factor = self.value if self.value is not None else around.factor(self.key)
        return None if factor is None else value * factor / self.per

    def say(self, before: Decimal, after: Decimal) -> Text:
        if self.value is None:
            return Text(
                f"{show(before)} 乘以该项难度系数得 {show(after)}",
                f"{show(before)} times the coefficient brought is {show(after)}",
            )
        value = show(self.value) if self.per == 1 else f"{show(self.value)}/{show(self.per)}"
        return Text(
            f"{show(before)} × 系数 {value} = {show(after)}",
            f"{show(before)} × coefficient {value} = {show(after)}",
        )

    def span(self, low: Decimal | None, high: Decimal | None) -> Span:
        if self.value is None:
            return None, None
        factor = self.value

        def scaled(end: Decimal | None) -> Decimal | None:
            return None if end is None else end * factor / self.per

        return _ordered(scaled(low), scaled(high), factor < 0)


class Base(Conversion):
    """Plus the base value that the entry brings (基础分)."""

    op: Literal["base"]
    key: str | None = None

    def apply(self, value: Decimal, around: Around) -> Decimal | None:
        base = around.factor(self.key)
        return None if base is None else base + value

    def say(self, before: Decimal, after: Decimal) -> Text:
        return Text(
            f"基础分 {show(after - before)} 加 {show(before)} 得 {show(after)}",
            f"base value {show(after - before)} plus {show(before)} is {show(after)}",
        )

    def span(self, _low: Decimal | None, _high: Decimal | None) -> Span:
        return None, None


class Linear(Conversion):
    """(x − origin) × slope + offset."""

    op: Literal["linear"]
    slope: Exact = Decimal(1)
    origin: Exact = Decimal(0)
    offset: Exact = Decimal(0)

    def apply(self, value: Decimal, _: Around) -> Decimal | None:
        return (value - self.origin) * self.slope + self.offset

    def say(self, before: Decimal, after: Decimal) -> Text:
        total = f"({show(before)} − {self.origin}) × {self.slope} + {self.offset} = {show(after)}"
        return Text(f"按线性换算 {total}", f"linear: {total}")

    def span(self, low: Decimal | None, high: Decimal | None) -> Span:
        def move(end: Decimal | None) -> Decimal | None:
            return None if end is None else (end - self.origin) * self.slope + self.offset

        return _ordered(move(low), move(high), self.slope < 0)


class TableRow(Part):
    """One row of a step table: from here up, or up to here, so many points."""

    at_least: Exact | None = None
    at_most: Exact | None = None
    points: Exact


class Table(Conversion):
    """A step table (分档): the best row whose bound holds; rows all say `at_least` or all say `at_most`."""

    op: Literal["table"]
    rows: tuple[TableRow, ...] = Field(min_length=1)
    otherwise: Exact = Decimal(0)

    def apply(self, value: Decimal, _: Around) -> Decimal | None:
        settled = settle(value)
        reached = [row for row in self.rows if row.at_least is not None and settled >= row.at_least]
        if reached:
            return max(reached, key=lambda row: row.at_least or Decimal(0)).points
        within = [row for row in self.rows if row.at_most is not None and settled <= row.at_most]
        return min(within, key=lambda row: row.at_most or Decimal(0)).points if within else self.otherwise

    def say(self, before: Decimal, after: Decimal) -> Text:
        return Text(
            f"{show(before)} 按分档表得 {show(after)}",
            f"{show(before)} gives {show(after)} by the step table",
        )

    def span(self, _low: Decimal | None, _high: Decimal | None) -> Span:
        points = [self.otherwise, *(row.points for row in self.rows)]
        return min(points), max(points)


class Completion(Conversion):
    """Plan completion (计划完成率): x / plan × full, at most full; above the plan, points for each step.

    `plan` is a constant, or what the entry brings under `key`. Above the plan every `over_each` percent gives
    `over_points`, whole steps only if `over_whole`, at most `over_cap`.
    """

    op: Literal["completion"]
    full: Exact = Decimal(100)
    plan: Exact | None = Field(default=None, gt=0)
    key: str | None = None
    over_each: Exact = Field(default=Decimal(1), gt=0)
    over_points: Exact = Decimal(0)
    over_cap: Exact | None = None
    over_whole: bool = False

    def apply(self, value: Decimal, around: Around) -> Decimal | None:
        plan = self.plan if self.plan is not None else around.factor(self.key)
        if plan is None or plan <= 0:
            return None
        if value <= plan:
            return value * self.full / plan
        steps = settle((value - plan) * 100 / plan / self.over_each)
        over = (steps // 1 if self.over_whole else steps) * self.over_points
        return self.full + (over if self.over_cap is None else min(over, self.over_cap))

    def say(self, before: Decimal, after: Decimal) -> Text:
        return Text(
            f"实际 {show(before)} 按计划完成率得 {show(after)}",
            f"{show(before)} against the plan gives {show(after)}",
        )

    def span(self, low: Decimal | None, _high: Decimal | None) -> Span:
        over = Decimal(0) if not self.over_points else self.over_cap
        lowest = Decimal(0) if low is not None and low >= 0 else None
        return lowest, None if over is None else self.full + over


class DeductFromFull(Conversion):
    """Full marks minus so many points for each unit of x, not below the floor (倒扣)."""

    op: Literal["deduct_from_full"]
    full: Exact
    each: Exact = Decimal(1)
    floor: Exact = Decimal(0)

    def apply(self, value: Decimal, _: Around) -> Decimal | None:
        return max(self.full - value * self.each, self.floor)

    def say(self, before: Decimal, after: Decimal) -> Text:
        return Text(
            f"满分 {show(self.full)} 扣 {show(before)} × {show(self.each)}，得 {show(after)}",
            f"{show(self.full)} less {show(before)} × {show(self.each)} is {show(after)}",
        )

    def span(self, low: Decimal | None, _high: Decimal | None) -> Span:
        return self.floor, None if low is None else self.full - low * self.each


class Clamp(Conversion):
    """Not below `min`, not above `max` (封顶、保底)."""

    op: Literal["clamp"]
    min: Exact | None = None
    max: Exact | None = None

    def apply(self, value: Decimal, _: Around) -> Decimal | None:
        if self.max is not None and value > self.max:
            return self.max
        return self.min if self.min is not None and value < self.min else value

    def say(self, before: Decimal, after: Decimal) -> Text:
        if before == after:
            return Text(f"{show(before)} 未触及封顶或保底", f"{show(before)} is inside the limits")
        word = Text("封顶", "capped") if after < before else Text("保底", "raised")
        return Text(
            f"{show(before)} {word.zh}为 {show(after)}", f"{show(before)} is {word.en} to {show(after)}"
        )

    def span(self, low: Decimal | None, high: Decimal | None) -> Span:
        lowest = self.min if low is None else low if self.min is None else max(low, self.min)
        highest = self.max if high is None else high if self.max is None else min(high, self.max)
        return lowest, highest


AnyConversion = Annotated[
    Round
    | Coefficient
    | Base
    | Linear
    | Table
    | Completion
    | DeductFromFull
    | Clamp
    | RankPoints
    | StandardScale,
    Field(discriminator="op"),
]


def _ordered(low: Decimal | None, high: Decimal | None, turned: bool) -> Span:
    return (high, low) if turned else (low, high)
