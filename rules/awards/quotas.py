"""Seats with quotas by category: at least 35 % front line, at most 20 % heads of units, at most 2 of a unit.

Seats go down the board, passing over those whom an upper limit stops. Then, for each lower limit that is not
met, the best one of that category moves up and the last one who is not needed for another lower limit
gives way. Shares are of the seats: lower limits are rounded up, upper ones down.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil, floor

from rules.awards.counting import read_level, read_share
from rules.awards.lists import AwardLevel, Facts, LeftOut, Outcome, Winner
from rules.awards.pool import Pool, Terms, read_field
from rules.fields import Fields
from rules.results import Row
from rules.text import Text


@dataclass(frozen=True, slots=True)
class Quota:
    """Bounds on how many of a category win; `least` 0 and `most` None bind nothing."""

    category: str
    label: Text
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Quotas:
    terms: Terms
    level: str
    label: Text
    seats: int
    quotas: tuple[Quota, ...]

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        return (self.level,)

    def give(self, pool: Pool) -> Outcome:
        few = self.terms.too_few(pool)
        if few is not None:
            return Outcome((AwardLevel(self.id, self.level, self.label, ()),), notes=few.notes)
        choice = _Choice(self, pool)
        choice.go_down_the_board()
        for quota in self.quotas:
            choice.meet(quota)
        winners = tuple(choice.winner(row) for row in choice.order if row.entry in choice.chosen)
        level = AwardLevel(self.id, self.level, self.label, winners)
        return Outcome((level,), tuple(choice.left_out()), tuple(choice.notes()))


class _Choice:
    """Who sits in the seats while the quotas are worked in."""

    def __init__(self, rule: Quotas, pool: Pool) -> None:
        self.rule = rule
        self.facts: Facts = pool.facts
        self.order = pool.candidates
        self.position = {row.entry: i for i, row in enumerate(self.order)}
        self.own = {row.entry: pool.facts.categories_of(row.entry) for row in self.order}
        self.chosen: dict[str, Row] = {}
        self.categories: Counter[str] = Counter()
        self.units: Counter[str] = Counter()
        self.lifted: dict[str, Quota] = {}
        self.stopped: dict[str, Text] = {}
        self.displaced: dict[str, Quota] = {}

    def go_down_the_board(self) -> None:
        for row in self.order:
            if len(self.chosen) == self.rule.seats:
                return
            limit = self._limit(row)
            if limit is None:
                self._seat(row)
            else:
                self.stopped[row.entry] = limit

    def meet(self, quota: Quota) -> None:
        while self.categories[quota.category] < quota.least and self._exchange(quota):
            pass

    def winner(self, row: Row) -> Winner:
        ahead = self.order[: self.position[row.entry]]
        moved_up = len(ahead) >= self.rule.seats
        passed = tuple(other.entry for other in ahead if moved_up and other.entry not in self.chosen)
        reason = Text(
            f"第 {row.place} 名，名额 {self.rule.seats}", f"place {row.place}, seats {self.rule.seats}"
        )
        if moved_up and row.entry in self.lifted:
            quota = self.lifted[row.entry]
            reason = Text(
                f"{reason.zh}，因{quota.label.zh}不少于 {quota.least} 个递补",
                f"{reason.en}, moved up so that {quota.label.en} has its {quota.least}",
            )
        elif moved_up:
            reason = Text(
                f"{reason.zh}，因前面有人受上限所限递补",
                f"{reason.en}, moved up past those over an upper limit",
            )
        return Winner(row.entry, row.place, reason, moved_up=moved_up, passed=passed)

    def left_out(self) -> Iterable[LeftOut]:
        for row in self.order:
            if row.entry in self.chosen:
                continue
            if row.entry in self.displaced:
                quota = self.displaced[row.entry]
                yield LeftOut(
                    self.rule.id,
                    row.entry,
                    Text(
                        f"第 {row.place} 名，为{quota.label.zh}不少于 {quota.least} 个让出",
                        f"place {row.place}, gave way so that {quota.label.en} has its {quota.least}",
                    ),
                )
            elif row.entry in self.stopped:
                yield LeftOut(self.rule.id, row.entry, self.stopped[row.entry])

    def notes(self) -> Iterable[Text]:
        for quota in self.rule.quotas:
            count = self.categories[quota.category]
            bounds = f"≥ {quota.least}" + ("" if quota.most is None else f", ≤ {quota.most}")
            missed = count < quota.least
            yield Text(
                f"{quota.label.zh}：{count}（{bounds}）" + ("，人选不足，未达到" if missed else ""),
                f"{quota.label.en}: {count} ({bounds})"
                + (", too few candidates to meet it" if missed else ""),
            )

    def _exchange(self, quota: Quota) -> bool:
        """The best one of the category moves up, for as low a row as can be spared, or into a free seat."""
        rising = [row for row in self.order if row.entry not in self.chosen and self._in(row, quota)]
        if len(self.chosen) < self.rule.seats:
            free = next((row for row in rising if self._limit(row) is None), None)
            if free is not None:
                self._seat(free)
            return free is not None
        from_below = sorted(self.chosen.values(), key=lambda row: self.position[row.entry], reverse=True)
        return any(
            self._replaced(other, row, quota)
            for other in from_below
            if self._spare(other, quota)
            for row in rising
        )

    def _replaced(self, falling: Row, rising: Row, quota: Quota) -> bool:
        self._unseat(falling)
        if self._limit(rising) is not None:
            self._seat(falling)
            return False
        self._seat(rising)
        self.lifted[rising.entry] = self.displaced[falling.entry] = quota
        return True

    def _seat(self, row: Row) -> None:
        self.chosen[row.entry] = row
        self.categories.update(self.own[row.entry])
        self.units[self.facts.unit(row.entry)] += 1

    def _unseat(self, row: Row) -> None:
        del self.chosen[row.entry]
        self.categories.subtract(self.own[row.entry])
        self.units[self.facts.unit(row.entry)] -= 1

    def _spare(self, row: Row, quota: Quota) -> bool:
        if self._in(row, quota):
            return False
        needed = (other for other in self.rule.quotas if other.least and self._in(row, other))
        return all(self.categories[other.category] > other.least for other in needed)

    def _limit(self, row: Row) -> Text | None:
        """The upper limit that keeps a row out, if any."""
        for quota in self.rule.quotas:
            full = quota.most is not None and self.categories[quota.category] >= quota.most
            if full and self._in(row, quota):
                return Text(
                    f"第 {row.place} 名，{quota.label.zh}已满 {quota.most} 个",
                    f"place {row.place}, but {quota.label.en} is full with {quota.most}",
                )
        unit, most = self.facts.unit(row.entry), self.rule.terms.per_unit
        if most is not None and unit and self.units[unit] >= most:
            return Text(
                f"第 {row.place} 名，{unit} 已满 {most} 个名额",
                f"place {row.place}, but {unit} already has its {most}",
            )
        return None

    def _in(self, row: Row, quota: Quota) -> bool:
        return quota.category in self.own[row.entry]


def load_quotas(fields: Fields, rule: str) -> Quotas:
    seats = fields.whole("seats", least=1)
    quotas: list[Quota] = []
    for item in fields.children("quotas", least=1):
        category = item.string("category", None)
        least = item.whole("least", 0) if item.has("least") else _least(item, seats)
        most = item.whole("most") if item.has("most") else None
        if item.has("most_share"):
            most = floor(seats * read_share(item, "most_share"))
        if most is not None and most < least:
            item.refuse("category", "quota", Text("上限小于下限", "has an upper limit below its lower one"))
        quotas.append(Quota(category, item.label(Text(category or "-", category or "-")), least, most))
        item.finish()
    per_unit = fields.child("per_unit").whole("max", least=1) if fields.has("per_unit") else None
    terms = Terms(
        rule, per_unit=per_unit, minimum_field=fields.whole("minimum_field", 0), field=read_field(fields)
    )
    level = fields.child("level")
    level_id, label = read_level(level)
    level.finish()
    return Quotas(terms, level_id, label, seats, tuple(quotas))


def _least(fields: Fields, seats: int) -> int:
    return ceil(seats * read_share(fields, "least_share")) if fields.has("least_share") else 0
