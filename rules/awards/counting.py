"""How many win: fixed counts, shares of the field, a ratio under a cap."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import Literal, cast, get_args

from rules.awards.fill import Seats, fill
from rules.awards.lists import Outcome
from rules.awards.pool import Pool, Terms, read_terms
from rules.fields import Fields
from rules.text import Text

Rounding = Literal["floor", "half_up", "ceil"]
_MODES = {"floor": ROUND_FLOOR, "half_up": ROUND_HALF_UP, "ceil": ROUND_CEILING}


@dataclass(frozen=True, slots=True)
class Counts:
    """Fixed counts: 1/3/6. A count of None is all that are left."""

    terms: Terms
    seats: tuple[Seats, ...]

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(seat.level for seat in self.seats)

    def give(self, pool: Pool) -> Outcome:
        return fill(self.seats, self.terms, pool)


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the field, each rounded by itself: 10 %, 20 %, 30 %."""

    terms: Terms
    levels: tuple[tuple[str, Text, Decimal], ...]
    rounding: Rounding

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(level for level, _, _ in self.levels)

    def give(self, pool: Pool) -> Outcome:
        size = pool.size(self.terms.field)
        seats, notes = [], []
        for level, label, share in self.levels:
            count, shown = portion(size, share, self.rounding)
            seats.append(Seats(level, label, count))
            notes.append(Text(f"{label.zh}：{shown}", f"{label.en}: {shown}"))
        return fill(seats, self.terms, pool, notes)


@dataclass(frozen=True, slots=True)
class Ratio:
    """Counts in a ratio (1:2:3) that together stay under a share of the field; `rest` reaches to a share.

    The cap is rounded to whole seats, and the ratio taken as often as it fits into them whole.
    """

    terms: Terms
    levels: tuple[tuple[str, Text, int], ...]
    cap: Decimal
    rounding: Rounding
    rest: tuple[str, Text, Decimal] | None

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        rest = (self.rest[0],) if self.rest else ()
        return (*(level for level, _, _ in self.levels), *rest)

    def give(self, pool: Pool) -> Outcome:
        size = pool.size(self.terms.field)
        capped, shown = portion(size, self.cap, self.rounding)
        times = capped // sum(part for _, _, part in self.levels)
        seats = [Seats(level, label, part * times) for level, label, part in self.levels]
        used = sum(seat.count or 0 for seat in seats)
        parts = ":".join(str(part) for _, _, part in self.levels)
        counts = "/".join(str(seat.count) for seat in seats)
        notes = [
            Text(
                f"名额上限 {shown}；{parts} → {counts}，共用 {used}",
                f"cap {shown}; {parts} → {counts}, {used} used",
            )
        ]
        if self.rest:
            level, label, share = self.rest
            until, shown = portion(size, share, self.rounding)
            seats.append(Seats(level, label, max(until - used, 0)))
            notes.append(
                Text(f"{label.zh}：至第 {until} 名（{shown}）", f"{label.en}: to place {until} ({shown})")
            )
        return fill(seats, self.terms, pool, notes)


def portion(size: int, share: Decimal, rounding: Rounding) -> tuple[int, str]:
    """A share of a whole number as a whole number, and how it came to be: `47 × 0.20 = 9.4 → 9`."""
    raw = size * share
    count = int(raw.to_integral_value(_MODES[rounding]))
    return count, f"{size} × {share} = {raw.normalize():f} → {count}"


def load_counts(fields: Fields, rule: str) -> Counts:
    terms = read_terms(fields, rule)
    seats: list[Seats] = []
    for level in fields.children("levels", least=1):
        level_id, label = read_level(level)
        seats.append(Seats(level_id, label, level.whole("count", least=1) if level.has("count") else None))
        level.finish()
    for i, seat in enumerate(seats[:-1]):
        if seat.count is None:
            fields.refuse(
                f"levels.{i}.count",
                "count",
                Text("除最后一级外都要写数量", "every level but the last needs a count"),
            )
    return Counts(terms, tuple(seats))


def load_shares(fields: Fields, rule: str) -> Shares:
    terms = read_terms(fields, rule)
    levels = []
    for level in fields.children("levels", least=1):
        levels.append((*read_level(level), read_share(level, "share")))
        level.finish()
    return Shares(terms, tuple(levels), read_rounding(fields))


def load_ratio(fields: Fields, rule: str) -> Ratio:
    terms = read_terms(fields, rule)
    levels: list[tuple[str, Text, int]] = []
    for level in fields.children("levels", least=1):
        levels.append((*read_level(level), level.whole("part", least=1)))
        level.finish()
    rest = None
    if fields.has("rest"):
        below = fields.child("rest")
        rest = (*read_level(below), read_share(below, "until"))
        below.finish()
    return Ratio(terms, tuple(levels), read_share(fields, "cap"), read_rounding(fields), rest)


def read_level(fields: Fields) -> tuple[str, Text]:
    level = fields.string("id", None) or "-"
    return level, fields.label(Text(level, level))


def read_share(fields: Fields, name: str) -> Decimal:
    """A share between 0 and 1."""
    share = fields.number(name)
    if not 0 <= share <= 1:
        fields.refuse(
            name,
            "share",
            Text("应在 0 与 1 之间", "must be between 0 and 1"),
            Text('20% 写成 "0.20"', 'write 20 % as "0.20"'),
        )
    return share


def read_rounding(fields: Fields) -> Rounding:
    return cast(Rounding, fields.choice("rounding", get_args(Rounding), "floor"))
