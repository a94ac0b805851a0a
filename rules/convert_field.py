"""Conversions that look at the whole field: points by place, and the standard scale."""

from decimal import Decimal
from typing import ClassVar, Literal

from pydantic import Field

from rules.convert_base import Around, Conversion, Span
from rules.rounding import settle, show
from rules.scale import CENTRE, NORMAL, SPREAD
from rules.scheme_types import Exact
from rules.text import Text


class RankPoints(Conversion):
    """Points by place in the field (名次分): the first place takes the first entry of `points`, and so on.

    Equal values share the points of the better place, or with `ties: mean` the mean of the places they fill.
    """

    field_wide: ClassVar[bool] = True
    op: Literal["rank_points"]
    points: tuple[Exact, ...] = Field(min_length=1)
    otherwise: Exact = Decimal(0)
    direction: Literal["desc", "asc"] = "desc"
    ties: Literal["shared", "mean"] = "shared"

    def apply(self, value: Decimal, around: Around) -> Decimal | None:
        better, equal = around.peers(self).place(settle(value), self.direction == "desc")
        if self.ties == "shared":
            return self._at(better)
        return sum((self._at(better + index) for index in range(equal)), Decimal(0)) / equal

    def _at(self, index: int) -> Decimal:
        return self.points[index] if index < len(self.points) else self.otherwise

    def say(self, before: Decimal, after: Decimal) -> Text:
        return Text(
            f"{show(before)} 在全场的名次折合 {show(after)} 分",
            f"the place of {show(before)} in the field gives {show(after)} points",
        )

    def span(self, _low: Decimal | None, _high: Decimal | None) -> Span:
        points = (*self.points, self.otherwise)
        return min(points), max(points)


class StandardScale(Conversion):
    """centre + spread × (x − median) / (1.4826 × MAD); everyone takes the centre where MAD is 0 (标准分)."""

    field_wide: ClassVar[bool] = True
    op: Literal["standard_scale"]
    centre: Exact = CENTRE
    spread: Exact = SPREAD

    def apply(self, value: Decimal, around: Around) -> Decimal | None:
        peers = around.peers(self)
        if peers.deviation == 0:
            return self.centre
        return self.centre + self.spread * (value - peers.median) / (NORMAL * peers.deviation)

    def say(self, before: Decimal, after: Decimal) -> Text:
        return Text(
            f"{show(before)} 折合标准分 {show(after)}",
            f"{show(before)} is {show(after)} on the standard scale",
        )

    def span(self, _low: Decimal | None, _high: Decimal | None) -> Span:
        return None, None
