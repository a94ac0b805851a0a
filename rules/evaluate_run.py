"""One entry's way through the scheme, and the field that it runs in."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.convert_base import Conversion, Peers
from rules.evaluate_parts import Base, combine_attempts, combine_group
from rules.evaluate_words import say_attempts, say_group
from rules.problems import Refusal
from rules.results import Cell, EntryInput, Step
from rules.rounding import settle
from rules.scheme import Scheme
from rules.scheme_index import Placed
from rules.scheme_nodes import Aspect
from rules.text import Text

Marks = dict[str, dict[str, Decimal | None]]
"""Cell key → judge → mark; judges in their own order, whatever the order of the sheets."""


class Run:
    """The cells of one entry, each made once. `attempt` is 0 outside nodes with attempts."""

    __slots__ = ("cells", "entry", "explain", "field", "marks", "refusals", "scheme")

    def __init__(self, scheme: Scheme, entry: EntryInput, field: "Field", explain: bool) -> None:
        self.scheme = scheme
        self.entry = entry
        self.field = field
        self.explain = explain
        self.marks = _collect(scheme, entry)
        self.cells: dict[str, Cell] = {}
        self.refusals: dict[str, Refusal] = {}

    def cell(self, placed: Placed, attempt: int) -> Cell:
        """The cell of a node; a node with attempts combines them where `attempt` is 0."""
        key = f"{placed.path}#{attempt}" if attempt else placed.path
        cell = self.cells.get(key)
        if cell is None:
            cell = self.cells[key] = self._make(placed, attempt, key)
        return cell

    def _make(self, placed: Placed, attempt: int, key: str) -> Cell:
        steps: list[Step] | None = [] if self.explain else None
        base = self.base(placed, attempt, steps)
        value, missing, complete, exact = base.value, base.missing, base.complete, None
        attempts = placed.node.attempts
        then = placed.node.then if attempts is None or attempt else attempts.then
        if then and value is not None:
            value, exact = self._then(placed, attempt, key, then).rounded(value, steps)
            if value is None:
                missing, complete = "waiting", False
        said = () if steps is None else tuple(steps)
        given, dropped, marked = base.given, base.dropped, base.marked
        return Cell(placed.path, attempt or 1, value, missing, complete, given, dropped, said, marked, exact)

    def _then(self, placed: Placed, attempt: int, key: str, then: Sequence[Conversion]) -> "Around":
        def start(run: Run) -> Decimal | None:
            return run.base(placed, attempt).value

        return Around(self, placed, attempt, (key, "then"), then, start)

    def base(self, placed: Placed, attempt: int, steps: list[Step] | None = None) -> Base:
        """The value before the node's own conversions."""
        node = placed.node
        if self.entry.absent and self._is_absent(placed, attempt):
            for child in placed.children:
                if attempt or child.repeated is None or child.repeated is child:
                    self.cell(child, attempt)
            return Base(None, "absent", True, False)
        if node.attempts is not None and not attempt:
            cells = [self.cell(placed, number) for number in range(1, node.attempts.count + 1)]
            base = combine_attempts(node.attempts, cells)
            if steps is not None and base.value is not None:
                text = say_attempts(node.attempts, cells, base.value)
                steps.append(Step(f"attempts.{node.attempts.function}", base.value, text))
            return base
        if isinstance(node, Aspect):
            return self._aspect(placed, node, attempt, steps)
        cells = [self.cell(term.placed, 0 if term.carried else attempt) for term in placed.terms]
        base = combine_group(placed, node, cells)
        if steps is not None and base.value is not None:
            text = say_group(placed, node, cells, self.scheme.titles, base.value)
            steps.append(Step(node.function, base.value, text))
        return base

    def _aspect(self, placed: Placed, node: Aspect, attempt: int, steps: list[Step] | None) -> Base:
        key = f"{placed.path}#{attempt}" if attempt else placed.path
        given = self.marks.get(key)
        if given is None:
            return self._unmarked(node, steps)
        assert placed.panel is not None
        raw = list(given.values())
        marks = self._each(placed, node, attempt, key, steps) if node.each else raw
        verdict = placed.panel.judge(marks, raw)
        if verdict.missing == "refused":
            self.refusals[key] = _too_few(placed, attempt, raw)
        if steps is not None and verdict.value is not None:
            steps.append(Step(node.panel.function, verdict.value, placed.panel.say(marks, verdict)))
        return Base(
            verdict.value, verdict.missing, verdict.complete, True, given, (*verdict.low, *verdict.high)
        )

    @staticmethod
    def _unmarked(node: Aspect, steps: list[Step] | None) -> Base:
        default = node.default
        if default is None:
            return Base(None, "waiting", False, False)
        if steps is not None:
            text = Text(f"无人评分，按 {default} 计", f"nobody marked it, it counts {default}")
            steps.append(Step("unmarked", default, text))
        return Base(default, None, True, False)

    def _each(
        self, placed: Placed, node: Aspect, attempt: int, key: str, steps: list[Step] | None
    ) -> list[Decimal | None]:
        def start(judge: str) -> Callable[[Run], Decimal | None]:
            return lambda run: run.mark_of(key, judge)

        converted = []
        for judge, mark in self.marks[key].items():
            around = Around(self, placed, attempt, (key, judge), node.each, start(judge))
            converted.append(None if mark is None else around.through(mark, steps))
        return converted

    def mark_of(self, key: str, judge: str) -> Decimal | None:
        """What one judge gave, None if nothing."""
        return self.marks.get(key, {}).get(judge)

    def _is_absent(self, placed: Placed, attempt: int) -> bool:
        node: Placed | None = placed
        while node is not None:
            if node.path in self.entry.absent:
                return True
            if attempt and node.repeated is not None and f"{node.path}#{attempt}" in self.entry.absent:
                return True
            node = node.parent
        return False


@dataclass(slots=True)
class Around:
    """One list of conversions at one cell: what its steps may ask, and how they are gone through."""

    run: Run
    placed: Placed
    attempt: int
    name: tuple[str, str]
    conversions: Sequence[Conversion]
    start: Callable[[Run], Decimal | None]

    def rounded(self, value: Decimal, steps: list[Step] | None) -> tuple[Decimal | None, Decimal | None]:
        """The value after every conversion, and what it was before the last rounding if that changed it."""
        count = len(self.conversions)
        while count and self.conversions[count - 1].op == "round":
            count -= 1
        exact = self.through(value, steps, self.conversions[:count])
        if exact is None or count == len(self.conversions):
            return exact, None
        after = self.through(exact, steps, self.conversions[count:])
        return after, None if after == exact else settle(exact)

    def through(
        self, value: Decimal, steps: list[Step] | None = None, conversions: Sequence[Conversion] | None = None
    ) -> Decimal | None:
        """The value after the conversions; None where the entry did not bring a number that one needs."""
        for conversion in self.conversions if conversions is None else conversions:
            after = conversion.apply(value, self)
            if after is None:
                return None
            if steps is not None:
                steps.append(Step(conversion.op, after, conversion.say(value, after)))
            value = after
        return value

    def factor(self, key: str | None) -> Decimal | None:
        factors, name = self.run.entry.factors, key or self.placed.path
        found = factors.get(f"{name}#{self.attempt}") if self.attempt else None
        return factors.get(name) if found is None else found

    def peers(self, step: Conversion) -> Peers:
        index = next(index for index, each in enumerate(self.conversions) if each is step)
        return self.run.field.peers(self, index)

    def before(self, run: Run, index: int) -> Decimal | None:
        """The value of another run as it enters the conversion at `index`."""
        value = self.start(run)
        if value is None:
            return None
        other = Around(run, self.placed, self.attempt, self.name, self.conversions[:index], self.start)
        return other.through(value)


class Field:
    """All entries that are compared; what a step saw of them is kept, since it is the same for each."""

    def __init__(self, scheme: Scheme, entries: Iterable[EntryInput], explain: bool = False) -> None:
        self.runs = {entry.entry: Run(scheme, entry, self, explain) for entry in entries}
        self._peers: dict[tuple[tuple[str, str], int], Peers] = {}

    def peers(self, around: Around, index: int) -> Peers:
        found = self._peers.get((around.name, index))
        if found is None:
            values = [around.before(run, index) for run in self.runs.values()]
            found = Peers([settle(value) for value in values if value is not None])
            self._peers[around.name, index] = found
        return found


def _collect(scheme: Scheme, entry: EntryInput) -> Marks:
    """Marks by cell; of one judge's rounds the highest counts. Aspects that the scheme lacks are left out."""
    aspects = scheme.index.aspects
    found: Marks = {}
    for sheet in sorted(entry.sheets, key=lambda sheet: (sheet.judge, sheet.round)):
        suffix, judge = f"#{sheet.attempt}", sheet.judge
        for path, mark in sheet.marks.items():
            given = found.get(path)
            if given is None:
                aspect = aspects.get(path)
                if aspect is None:
                    continue
                given = found.setdefault(path if aspect.repeated is None else path + suffix, {})
            given[judge] = mark
    return found


def _too_few(placed: Placed, attempt: int, marks: Sequence[Decimal | None]) -> Refusal:
    assert placed.panel is not None
    count, least = sum(1 for mark in marks if mark is not None), placed.panel.least
    title = placed.title
    return Refusal(
        placed.path,
        "panel_too_small",
        Text(
            f"“{title.zh}”只有 {count} 名裁判给分，至少要 {least} 名",
            f"{title.en}: only {count} judges gave a mark, at least {least} are needed",
        ),
        Text("补派裁判重评，或由裁判长裁定", "add judges and mark again, or let the chief judge decide"),
        key=f"#{attempt}" if attempt else "",
        value=str(count),
    )
