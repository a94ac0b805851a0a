"""How a value came to be: the marks by judge, what was dropped, every step, and what it is made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from rules.evaluate import evaluate
from rules.evaluate_words import MISSING, attempt_title
from rules.results import Cell, EntryInput, Evaluation
from rules.rounding import show
from rules.scheme import Scheme
from rules.scheme_index import Placed
from rules.text import Text


@dataclass(frozen=True, slots=True)
class Constituent:
    """One part of a group, or one attempt: `factor` is its weight, negative where it subtracts."""

    title: Text
    cell: Cell
    factor: Decimal = Decimal(1)
    carried: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """A cell with its steps, the parts it was combined from, and the whole as one sentence."""

    title: Text
    cell: Cell
    parts: tuple[Constituent, ...]
    sentence: Text


def explain_cell(
    scheme: Scheme,
    entry: EntryInput,
    path: str,
    attempt: int | None = None,
    field: Sequence[EntryInput] = (),
) -> Explanation:
    """Why a node has the value that it has.

    `attempt` picks one attempt of a node with attempts or of a node inside one; without it the attempts
    together are explained (inside one: the first). Where the scheme is field-wide, `field` is all entries,
    this one included. Raises KeyError for a path or attempt that the scheme does not have.
    """
    placed = scheme.node(path)
    others = [other for other in field if other.entry != entry.entry]
    evaluation = evaluate(scheme, entry, among=others, explain=True)
    number = _number(placed, attempt)
    cell = evaluation.cells[_key(path, number)]
    title = _title(scheme, placed, number)
    return Explanation(title, cell, tuple(_parts(scheme, evaluation, placed, number)), _sentence(title, cell))


def _number(placed: Placed, attempt: int | None) -> int:
    if placed.repeated is None:
        return 0
    if attempt is None:
        return 0 if placed.repeated is placed else 1
    return attempt


def _key(path: str, number: int) -> str:
    return f"{path}#{number}" if number else path


def _title(scheme: Scheme, placed: Placed, number: int) -> Text:
    title = scheme.titles[placed.path]
    if not number or placed.repeated is None or placed.repeated.node.attempts is None:
        return title
    which = attempt_title(placed.repeated.node.attempts, number)
    return Text(f"{title.zh}（{which.zh}）", f"{title.en} ({which.en})")


def _parts(scheme: Scheme, evaluation: Evaluation, placed: Placed, number: int) -> list[Constituent]:
    attempts = placed.node.attempts
    if attempts is not None and not number:
        return [
            Constituent(attempt_title(attempts, each), evaluation.cells[_key(placed.path, each)])
            for each in range(1, attempts.count + 1)
        ]
    return [
        Constituent(
            scheme.titles[term.placed.path],
            evaluation.cells[_key(term.placed.path, 0 if term.carried else number)],
            term.factor,
            term.carried,
        )
        for term in placed.terms
    ]


def _sentence(title: Text, cell: Cell) -> Text:
    if cell.value is None:
        missing = MISSING[cell.missing or "waiting"]
        return Text(f"{title.zh}：{missing.zh}", f"{title.en}: {missing.en}")
    zh = "；".join(step.text.zh for step in cell.steps)
    en = "; ".join(step.text.en for step in cell.steps)
    unfinished = Text("", "") if cell.complete else Text("（尚未评完）", " (not complete yet)")
    value = show(cell.value)
    return Text(f"{title.zh} {value}{unfinished.zh}：{zh}", f"{title.en} {value}{unfinished.en}: {en}")
