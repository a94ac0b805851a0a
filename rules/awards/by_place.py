"""Awards by the place itself (1 to 5 first prize, 6 to 20 second) and by a threshold on a value."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from rules.awards.counting import read_level
from rules.awards.fill import Seats, fill
from rules.awards.lists import Outcome
from rules.awards.pool import Pool, Terms, read_terms
from rules.fields import Fields
from rules.results import Row
from rules.text import Text


@dataclass(frozen=True, slots=True)
class PlaceRange:
    level: str
    label: Text
    first: int
    last: int | None


@dataclass(frozen=True, slots=True)
class PlaceRanges:
    """`ties: out` keeps out those on a shared place that reaches beyond the range's end."""

    terms: Terms
    ranges: tuple[PlaceRange, ...]

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(found.level for found in self.ranges)

    def give(self, pool: Pool) -> Outcome:
        reach = _reach(pool)

        def accepts(found: PlaceRange) -> Callable[[Row], bool]:
            def within(row: Row) -> bool:
                end = reach[row.entry] if self.terms.ties == "out" else row.place or 0
                return (row.place or 0) >= found.first and (found.last is None or end <= found.last)

            return within

        seats = [Seats(found.level, found.label, None, accepts(found)) for found in self.ranges]
        return fill(seats, self.terms, pool)


@dataclass(frozen=True, slots=True)
class Threshold:
    level: str
    label: Text
    at_least: Decimal
    count: int | None


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Levels by what a node's value reaches, the highest first; `count` limits a level to its best."""

    terms: Terms
    path: str
    included: bool
    levels: tuple[Threshold, ...]

    @property
    def id(self) -> str:
        return self.terms.rule

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(found.level for found in self.levels)

    def give(self, pool: Pool) -> Outcome:
        def accepts(found: Threshold) -> Callable[[Row], bool]:
            def reaches(row: Row) -> bool:
                value = value_of(row, self.path)
                if value is None:
                    return False
                return value >= found.at_least if self.included else value > found.at_least

            return reaches

        seats = [Seats(found.level, found.label, found.count, accepts(found)) for found in self.levels]
        return fill(seats, self.terms, pool)


def value_of(row: Row, path: str) -> Decimal | None:
    """A row's total, or the value of one of its nodes."""
    if not path:
        return row.total
    cell = row.evaluation.cells.get(path)
    return cell.value if cell else None


def load_places(fields: Fields, rule: str) -> PlaceRanges:
    terms = read_terms(fields, rule)
    if terms.ties == "chain":
        fields.refuse(
            "ties",
            "ties",
            Text("名次段不能再比较", "ranges of places cannot compare further"),
            Text("把比较项写进 ranking.keys，或改用 counts", "put the keys into ranking.keys, or use counts"),
        )
    ranges: list[PlaceRange] = []
    for level in fields.children("levels", least=1):
        level_id, label = read_level(level)
        first = level.whole("from", least=1)
        last = level.whole("to", least=first) if level.has("to") else None
        ranges.append(PlaceRange(level_id, label, first, last))
        level.finish()
    return PlaceRanges(terms, tuple(ranges))


def load_thresholds(fields: Fields, rule: str) -> Thresholds:
    levels: list[Threshold] = []
    for level in fields.children("levels", least=1):
        level_id, label = read_level(level)
        count = level.whole("count", least=1) if level.has("count") else None
        levels.append(Threshold(level_id, label, level.number("at_least"), count))
        level.finish()
    for i in range(1, len(levels)):
        if levels[i].at_least >= levels[i - 1].at_least:
            fields.refuse(
                f"levels.{i}.at_least",
                "order",
                Text("应低于上一级", "must be below the level before"),
                Text("从高到低排列各级", "list the levels from the highest down"),
            )
    included = fields.choice("boundary", ("included", "excluded"), "included") == "included"
    # A level's count is its own: who reaches a higher level but found it full goes on to the next.
    terms = read_terms(fields, rule, shrink="keep")
    return Thresholds(terms, fields.string("path"), included, tuple(levels))


def _reach(pool: Pool) -> dict[str, int]:
    """The last place that each entry's group covers: two on 2 cover 2 and 3 (2 where places are dense)."""
    groups = pool.groups()
    reach: dict[str, int] = {}
    for i, group in enumerate(groups):
        place = group[0].place or 0
        following = groups[i + 1][0].place if i + 1 < len(groups) else None
        end = following - 1 if following is not None else place + len(group) - 1
        reach |= {row.entry: end for row in group}
    return reach
