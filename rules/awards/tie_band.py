"""Medals with a tie band, as WorldSkills gives them: who is close enough shares the medal.

Gold: the best, and all within the band below. Two golds: no silver, and bronze for the next (with all within
the band below). Three golds or more: no silver, bronze only for those within the band of the last gold. One
gold: silver for the next and all within the band below; several silvers stand for silver and bronze, so that
bronze is only for those within the band of the last silver.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.awards.by_place import value_of
from rules.awards.counting import read_level
from rules.awards.lists import AwardLevel, Outcome, Winner
from rules.awards.pool import Pool, Terms, read_field
from rules.fields import Fields
from rules.results import Row
from rules.text import Text

Level = tuple[str, Text]


@dataclass(frozen=True, slots=True)
class TieBand:
    terms: Terms
    band: Decimal
    path: str
    levels: tuple[Level, Level, Level]

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(level for level, _ in self.levels)

    def give(self, pool: Pool) -> Outcome:
        few = self.terms.too_few(pool)
        if few is not None:
            return Outcome(tuple(self._level(i, (), None) for i in range(3)), notes=few.notes)
        known = [row for row in pool.candidates if value_of(row, self.path) is not None]
        rows = sorted(known, key=self._value, reverse=True)
        golds = self._near(rows[:1], rows)
        after = rows[len(golds) :]
        silvers = self._near(after[:1], after) if len(golds) == 1 else []
        after = after[len(silvers) :]
        third = after[:1] if len(golds) + len(silvers) == 2 else (silvers or golds)[-1:]
        return Outcome(
            levels=(
                self._level(0, golds, golds[:1]),
                self._level(1, silvers, silvers[:1]),
                self._level(2, self._near(third, after), third),
            ),
            notes=tuple(self._notes(len(golds), len(silvers))),
        )

    def _level(self, i: int, rows: Sequence[Row], measure_from: Sequence[Row] | None) -> AwardLevel:
        level, label = self.levels[i]
        winners = tuple(
            Winner(row.entry, row.place, self._reason(row, first))
            for row in rows
            for first in measure_from or ()
        )
        return AwardLevel(self.terms.rule, level, label, winners)

    def _reason(self, row: Row, first: Row) -> Text:
        value, best = self._value(row), self._value(first)
        if row is first:
            return Text(f"第 {row.place} 名，{value:f}", f"place {row.place}, {value:f}")
        return Text(
            f"第 {row.place} 名，{value:f}，与 {best:f} 相差 {best - value:f}，不超过 {self.band:f}",
            f"place {row.place}, {value:f}: {best - value:f} from {best:f}, within {self.band:f}",
        )

    def _notes(self, golds: int, silvers: int) -> Iterable[Text]:
        gold, silver, bronze = (label for _, label in self.levels)
        if golds > 1:
            yield Text(f"{gold.zh} {golds} 个，不设{silver.zh}", f"{golds} of {gold.en}, so no {silver.en}")
        if golds + silvers > 2:
            last = silver if silvers else gold
            yield Text(
                f"{bronze.zh}只授予与最后一个{last.zh}相差不超过 {self.band:f} 者",
                f"{bronze.en} only within {self.band:f} of the last {last.en}",
            )

    def _value(self, row: Row) -> Decimal:
        return value_of(row, self.path) or Decimal(0)

    def _near(self, last: Sequence[Row], rows: Sequence[Row]) -> list[Row]:
        if not last:
            return []
        floor = self._value(last[-1]) - self.band
        return [row for row in rows if self._value(row) >= floor]


def load_tie_band(fields: Fields, rule: str) -> TieBand:
    levels = []
    for level in fields.children("levels", least=3):
        levels.append(read_level(level))
        level.finish()
    if len(levels) != 3:
        fields.refuse("levels", "levels", Text("应有金、银、铜三级", "must be three: gold, silver, bronze"))
        levels = [("-", Text("-", "-"))] * 3
    band = fields.number("band")
    if band < 0:
        fields.refuse("band", "band", Text("不能小于 0", "must not be below 0"))
    terms = Terms(rule, minimum_field=fields.whole("minimum_field", 0), field=read_field(fields))
    return TieBand(terms, band, fields.string("path"), (levels[0], levels[1], levels[2]))
