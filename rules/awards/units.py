"""Awards for units from their members' places on one board or several: 团体奖, 优秀组织奖.

The tables by sum, by average per trade (board) entered and by number of entries are always made, apart:
an average is fairer where units enter different numbers of trades. One of them decides the levels.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby
from typing import Literal, cast, get_args

from rules.awards.counting import read_level
from rules.awards.lists import AwardLevel, Outcome, Placing, UnitLine, UnitTable, Winner
from rules.awards.pool import Pool
from rules.fields import Fields
from rules.text import Text

By = Literal["sum", "average", "entries"]
_DIGITS = Decimal("0.0001")
_WORDS = {
    "sum": Text("总积分", "points"),
    "average": Text("各工种平均积分", "average points per trade"),
    "entries": Text("参赛数", "entries"),
}


@dataclass(frozen=True, slots=True)
class UnitRule:
    """`by_level` (`rule.level` → points) goes before `by_place`; `placed` is for all others with a place.

    `best` counts only that many of a unit's highest points on each board.
    """

    id: str
    by: By
    by_place: Mapping[int, Decimal]
    by_level: Mapping[str, Decimal]
    placed: Decimal
    best: int | None
    ties_in: bool
    levels: tuple[tuple[str, Text, int], ...]

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(level for level, _, _ in self.levels)

    def give(self, pool: Pool) -> Outcome:
        placings = sorted((*self._own(pool), *pool.facts.placings), key=lambda p: (p.unit, p.board))
        lines = [
            self._line(unit, list(found)) for unit, found in groupby(placings, key=lambda p: p.unit) if unit
        ]
        tables = tuple(UnitTable(self.id, by, _ranked(lines, by)) for by in get_args(By))
        deciding = next(table for table in tables if table.by == self.by)
        levels, notes = self._levels(deciding.lines)
        return Outcome(tuple(levels), notes=tuple(notes), tables=tables)

    def _own(self, pool: Pool) -> Iterable[Placing]:
        won = {
            w.entry: level.id
            for level in reversed(pool.given)
            for w in level.winners
            if level.of == "entries"
        }
        for row in pool.rows:
            if row.place is not None or row.status == "competing":
                unit = pool.facts.unit(row.entry)
                yield Placing(pool.facts.board, unit, row.place, won.get(row.entry, ""))

    def _line(self, unit: str, placings: Sequence[Placing]) -> UnitLine:
        points = Decimal(0)
        trades = 0
        for _, found in groupby(placings, key=lambda p: p.board):
            trades += 1
            points += sum(sorted(map(self._points, found), reverse=True)[: self.best], Decimal(0))
        average = (points / trades).quantize(_DIGITS, ROUND_HALF_UP)
        return UnitLine(unit, 0, points, trades, len(placings), average)

    def _points(self, placing: Placing) -> Decimal:
        if placing.place is None:
            return Decimal(0)
        by_place = self.by_place.get(placing.place, self.placed)
        return self.by_level.get(placing.level, by_place)

    def _levels(self, lines: Sequence[UnitLine]) -> tuple[list[AwardLevel], list[Text]]:
        groups = [list(group) for _, group in groupby(lines, key=lambda line: line.place)]
        levels, notes, taken, end = [], [], 0, 0
        for level, label, count in self.levels:
            end += count
            winners: list[Winner] = []
            while groups and taken < end:
                if len(groups[0]) > end - taken:
                    notes.append(_tie_note(label, groups[0], end - taken, self.ties_in))
                    if not self.ties_in:
                        break
                group = groups.pop(0)
                taken += len(group)
                winners += (Winner(line.unit, line.place, self._reason(line)) for line in group)
            levels.append(AwardLevel(self.id, level, label, tuple(winners), "units"))
        return levels, notes

    def _reason(self, line: UnitLine) -> Text:
        value, words = _value(line, self.by), _WORDS[self.by]
        return Text(f"{words.zh} {value:f}，第 {line.place} 名", f"{words.en} {value:f}, place {line.place}")


def load_units(fields: Fields, rule: str) -> UnitRule:
    levels: list[tuple[str, Text, int]] = []
    for level in fields.children("levels"):
        levels.append((*read_level(level), level.whole("count", least=1)))
        level.finish()
    by = cast(By, fields.choice("by", get_args(By), "sum"))
    points = fields.child("points")
    by_place = points.child("places").numbers() if points.has("places") else {}
    if not all(place.isdigit() for place in by_place):
        points.refuse("places", "places", Text("键应是名次", "the keys must be places"))
        by_place = {}
    loaded = UnitRule(
        id=rule,
        by=by,
        by_place={int(place): found for place, found in by_place.items()},
        by_level=points.child("levels").numbers() if points.has("levels") else {},
        placed=points.number("placed", Decimal(0)),
        best=fields.whole("best", least=1) if fields.has("best") else None,
        ties_in=fields.choice("ties", ("in", "out"), "in") == "in",
        levels=tuple(levels),
    )
    points.finish()
    return loaded


def _ranked(lines: Sequence[UnitLine], by: By) -> tuple[UnitLine, ...]:
    ordered = sorted(lines, key=lambda line: (-_value(line, by), line.unit))
    ranked: list[UnitLine] = []
    for position, line in enumerate(ordered, 1):
        equal = ranked and _value(ranked[-1], by) == _value(line, by)
        ranked.append(replace(line, place=ranked[-1].place if equal else position))
    return tuple(ranked)


def _value(line: UnitLine, by: By) -> Decimal:
    return {"sum": line.points, "average": line.average, "entries": Decimal(line.entries)}[by]


def _tie_note(label: Text, tied: Sequence[UnitLine], room: int, all_in: bool) -> Text:
    return Text(
        f"{label.zh}：第 {tied[0].place} 名 {len(tied)} 个单位并列，余额 {room}，"
        + ("全部列入" if all_in else "均不列入"),
        f"{label.en}: {len(tied)} units tied on place {tied[0].place} for {room} left: "
        + ("all in" if all_in else "none in"),
    )
