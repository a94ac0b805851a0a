"""How strict each judge was: a report, which changes no result.

**Deviation** is a mark minus the mean of all the panel's marks in the same cell. A **corrected** mark is
where the judge's mark would stand had all judges the same mean and spread: mean + z × SD of all marks of the
aspect, z = (mark − the judge's mean) / the judge's SD (population SD). It says something only if every judge
saw about the same entries, enough of them, and told them apart; where not, it is left out with the reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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


def severity_report(
    evaluations: Iterable[Evaluation],
    max_spread: Mapping[str, Decimal] | None = None,
    guards: Guards | None = None,
) -> SeverityReport:
    """The report on every judge who marked in these evaluations.

    `max_spread` by aspect path raises alarms, as the scheme's panels have it. Numbers have three decimals.
    """
    with localcontext(prec=50):
        marked = [
            (evaluation.entry, cell)
            for evaluation in sorted(evaluations, key=lambda one: one.entry)
            for _, cell in sorted(evaluation.cells.items())
            if cell.marks
        ]
        alarms = _alarms(marked, max_spread or {})
        paths = sorted({cell.path for _, cell in marked})
        aspects = (
            _aspect(path, [m for m in marked if m[1].path == path], guards or Guards()) for path in paths
        )
        return SeverityReport(_judges(marked, alarms), tuple(aspects), alarms)


def _judges(marked: list[tuple[str, Cell]], alarms: tuple[SpreadAlarm, ...]) -> tuple[JudgeSeverity, ...]:
    deviations: dict[str, list[Decimal]] = {}
    dropped: dict[str, list[Decimal]] = {}
    for _, cell in marked:
        middle = mean(given.mark for given in cell.marks)
        for given in cell.marks:
            deviations.setdefault(given.judge, []).append(given.mark - middle)
            if not given.used:
                dropped.setdefault(given.judge, []).append(given.mark - middle)
    ends = [judge for alarm in alarms for judge in (*alarm.low_judges, *alarm.high_judges)]
    return tuple(
        JudgeSeverity(
            judge=judge,
            marks=len(found),
            deviation=_rounded(mean(found)),
            distance=_rounded(mean(abs(x) for x in found)),
            dropped_high=sum(x > 0 for x in dropped.get(judge, ())),
            dropped_low=sum(x < 0 for x in dropped.get(judge, ())),
            alarms=ends.count(judge),
        )
        for judge, found in sorted(deviations.items())
    )


def _alarms(marked: list[tuple[str, Cell]], limits: Mapping[str, Decimal]) -> tuple[SpreadAlarm, ...]:
    found = []
    for entry, cell in marked:
        limit = limits.get(cell.path)
        low, high = min(g.mark for g in cell.marks), max(g.mark for g in cell.marks)
        if limit is not None and high - low > limit:
            ends = (tuple(g.judge for g in cell.marks if g.mark == end) for end in (low, high))
            found.append(SpreadAlarm(cell.path, entry, cell.attempt, low, high, *ends))
    return tuple(found)


def _aspect(path: str, marked: list[tuple[str, Cell]], guards: Guards) -> AspectSeverity:
    by_judge: dict[str, list[Decimal]] = {}
    for _, cell in marked:
        for given in cell.marks:
            by_judge.setdefault(given.judge, []).append(given.mark)
    invalid = tuple(_invalid(by_judge, len(marked), guards))
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


def _invalid(by_judge: Mapping[str, list[Decimal]], cells: int, guards: Guards) -> Iterable[Text]:
    if len(by_judge) < 2:
        yield Text("只有一名裁判，无从比较", "only one judge: nothing to compare with")
    for judge, marks in sorted(by_judge.items()):
        if len(marks) < guards.min_marks:
            yield Text(
                f"裁判 {judge} 只打了 {len(marks)} 个分，少于 {guards.min_marks} 个",
                f"judge {judge} gave only {len(marks)} marks, fewer than {guards.min_marks}",
            )
        elif len(marks) < guards.coverage * cells:
            yield Text(
                f"裁判 {judge} 打了 {cells} 个中的 {len(marks)} 个，各裁判所评对象不同",
                f"judge {judge} marked {len(marks)} of {cells}: the judges did not see the same entries",
            )
        elif not pstdev(marks):
            yield Text(
                f"裁判 {judge} 给分全部相同，标准差为 0",
                f"judge {judge} gave all the same mark: standard deviation 0",
            )


def _rounded(x: Decimal) -> Decimal:
    return x.quantize(DIGITS, ROUND_HALF_UP)
