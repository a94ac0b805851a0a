"""How strict each judge was: a report, which changes no result.

**Deviation** is a mark minus the mean of all the panel's marks in the same cell. A **corrected** mark is
where the judge's mark would stand had all judges the same mean and spread: mean + z × SD of all marks of the
aspect, z = (mark − the judge's mean) / the judge's SD (population SD). It says something only if every judge
saw about the same entries, enough of them, and told them apart; where not, it is left out with the reason.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal, localcontext
from statistics import mean, pstdev

from rules.results import Cell, Evaluation
from rules.text import Text

DIGITS = Decimal("0.001")


@dataclass(frozen=True, slots=True)
class Guards:
    """When corrected marks are valid: marks per judge at least, and the share of cells that each marked."""

    min_marks: int = 5
    coverage: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class CorrectedMark:
    entry: str
    attempt: int
    judge: str
    raw: Decimal
    corrected: Decimal | None


@dataclass(frozen=True, slots=True)
class AspectSeverity:
    """One aspect: raw beside corrected marks; `invalid` says why none are corrected."""

    path: str
    marks: tuple[CorrectedMark, ...]
    invalid: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class SpreadAlarm:
    """One cell in which the panel's marks lay further apart than allowed, and who held the ends."""

    path: str
    entry: str
    attempt: int
    lowest: Decimal
    highest: Decimal
    low_judges: tuple[str, ...]
    high_judges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class JudgeSeverity:
    """One judge over all aspects. `deviation` above 0 is generous; `distance` is its size without the sign.

    `dropped_high` and `dropped_low` count marks that trimming left out; `alarms` where the judge held an end.
    """

    judge: str
    marks: int
    deviation: Decimal
    distance: Decimal
    dropped_high: int
    dropped_low: int
    alarms: int


@dataclass(frozen=True, slots=True)
class SeverityReport:
    judges: tuple[JudgeSeverity, ...]
    aspects: tuple[AspectSeverity, ...]
    alarms: tuple[SpreadAlarm, ...]


@dataclass(slots=True)
class _Sums:
    """One judge's. Deviations by the size of the panel, and as many times too large: so they are exact."""

    marks: int = 0
    deviation: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    distance: dict[int, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    dropped_high: int = 0
    dropped_low: int = 0


@dataclass(slots=True)
class _Given:
    """What judges gave on one aspect: in how many cells, and how often each mark."""

    cells: int = 0
    marks: dict[str, Counter[Decimal]] = field(default_factory=lambda: defaultdict(Counter))


class Severity:
    """The report while evaluations come and are replaced: one costs its own marks, not the board's.

    `max_spread` by aspect path raises alarms, as the scheme's panels have it.
    """

    def __init__(self, max_spread: Mapping[str, Decimal] | None = None, guards: Guards | None = None) -> None:
        self._limits, self._guards = max_spread or {}, guards or Guards()
        self._cells: dict[str, list[Cell]] = {}
        self._alarms: dict[str, list[SpreadAlarm]] = {}
        self._sums: dict[str, _Sums] = defaultdict(_Sums)
        self._given: dict[str, _Given] = defaultdict(_Given)

    def put(self, evaluation: Evaluation) -> None:
        """Count an entry, in place of what was known of it."""
        entry = evaluation.entry
        cells = [cell for _, cell in sorted(evaluation.cells.items()) if cell.marks]
        with localcontext(prec=50):
            for cell in self._cells.get(entry, ()):
                self._count(cell, -1)
            for cell in cells:
                self._count(cell, 1)
        self._cells[entry] = cells
        self._alarms[entry] = list(self._too_wide(entry, cells))

    def judges(self) -> tuple[JudgeSeverity, ...]:
        """Every judge who marked. Numbers have three decimals."""
        ends = Counter(judge for alarm in self.alarms() for judge in (*alarm.low_judges, *alarm.high_judges))
        with localcontext(prec=50):
            return tuple(
                JudgeSeverity(
                    judge=judge,
                    marks=sums.marks,
                    deviation=_mean(sums.deviation, sums.marks),
                    distance=_mean(sums.distance, sums.marks),
                    dropped_high=sums.dropped_high,
                    dropped_low=sums.dropped_low,
                    alarms=ends[judge],
                )
                for judge, sums in sorted(self._sums.items())
                if sums.marks
            )

    def alarms(self) -> tuple[SpreadAlarm, ...]:
        """By entry."""
        return tuple(alarm for _, alarms in sorted(self._alarms.items()) for alarm in alarms)

    def invalid(self) -> dict[str, tuple[Text, ...]]:
        """Why judges cannot be compared, by aspect; nothing where they can."""
        return {
            path: tuple(_invalid(given, self._guards))
            for path, given in sorted(self._given.items())
            if given.cells
        }

    def marked(self, path: str) -> list[tuple[str, Cell]]:
        """The cells of an aspect that have marks, each with its entry."""
        every = sorted(self._cells.items())
        return [(entry, cell) for entry, cells in every for cell in cells if cell.path == path]

    def _count(self, cell: Cell, times: int) -> None:
        marks, aspect = cell.marks, self._given[cell.path]
        size, total = len(marks), sum(given.mark for given in marks)
        aspect.cells += times
        for given in marks:
            off = size * given.mark - total
            sums = self._sums[given.judge]
            sums.marks += times
            sums.deviation[size] += times * off
            sums.distance[size] += times * abs(off)
            sums.dropped_high += times * (off > 0 and not given.used)
            sums.dropped_low += times * (off < 0 and not given.used)
            aspect.marks[given.judge][given.mark] += times

    def _too_wide(self, entry: str, cells: Iterable[Cell]) -> Iterator[SpreadAlarm]:
        for cell in cells:
            limit = self._limits.get(cell.path)
            low, high = min(g.mark for g in cell.marks), max(g.mark for g in cell.marks)
            if limit is not None and high - low > limit:
                ends = (tuple(g.judge for g in cell.marks if g.mark == end) for end in (low, high))
                yield SpreadAlarm(cell.path, entry, cell.attempt, low, high, *ends)


def severity_report(
    evaluations: Iterable[Evaluation],
    max_spread: Mapping[str, Decimal] | None = None,
    guards: Guards | None = None,
) -> SeverityReport:
    """The report on every judge who marked in these evaluations, with corrected marks."""
    found = Severity(max_spread, guards)
    for evaluation in evaluations:
        found.put(evaluation)
    with localcontext(prec=50):
        aspects = tuple(_aspect(path, found.marked(path), why) for path, why in found.invalid().items())
    return SeverityReport(found.judges(), aspects, found.alarms())


def _aspect(path: str, marked: list[tuple[str, Cell]], invalid: tuple[Text, ...]) -> AspectSeverity:
    by_judge: dict[str, list[Decimal]] = {}
    for _, cell in marked:
        for given in cell.marks:
            by_judge.setdefault(given.judge, []).append(given.mark)
    every = [mark for marks in by_judge.values() for mark in marks]
    middle, spread = mean(every), pstdev(every)
    own = {judge: (mean(marks), pstdev(marks)) for judge, marks in by_judge.items()}

    def corrected(judge: str, mark: Decimal) -> Decimal:
        judge_mean, judge_spread = own[judge]
        return _rounded(middle + (mark - judge_mean) / judge_spread * spread)

    marks = tuple(
        CorrectedMark(entry, cell.attempt, g.judge, g.mark, None if invalid else corrected(g.judge, g.mark))
        for entry, cell in marked
        for g in cell.marks
    )
    return AspectSeverity(path, marks, invalid)


def _invalid(given: _Given, guards: Guards) -> Iterable[Text]:
    by_judge = {judge: present for judge, marks in given.marks.items() if (present := +marks)}
    if len(by_judge) < 2:
        yield Text("只有一名裁判，无从比较", "only one judge: nothing to compare with")
    for judge, marks in sorted(by_judge.items()):
        if (count := marks.total()) < guards.min_marks:
            yield Text(
                f"裁判 {judge} 只打了 {count} 个分，少于 {guards.min_marks} 个",
                f"judge {judge} gave only {count} marks, fewer than {guards.min_marks}",
            )
        elif count < guards.coverage * given.cells:
            yield Text(
                f"裁判 {judge} 打了 {given.cells} 个中的 {count} 个，各裁判所评对象不同",
                f"judge {judge} marked {count} of {given.cells}: the judges did not see the same entries",
            )
        elif len(marks) == 1:
            yield Text(
                f"裁判 {judge} 给分全部相同，标准差为 0",
                f"judge {judge} gave all the same mark: standard deviation 0",
            )


def _mean(by_size: Mapping[int, Decimal], marks: int) -> Decimal:
    return _rounded(sum((total / size for size, total in by_size.items()), Decimal(0)) / marks)


def _rounded(x: Decimal) -> Decimal:
    return x.quantize(DIGITS, ROUND_HALF_UP)
