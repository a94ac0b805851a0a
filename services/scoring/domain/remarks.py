"""Marking again: which sheets a judge owes in a next round, where a panel's marks lie too far apart. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rules.evaluate import evaluate
from schemas.live_state import EntryState, SheetState, entry_input
from services.scoring.domain.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Remark:
    """One sheet to be given again in `round`; `paths` are the aspects that the panel disagrees about."""

    entry: str
    stage: str
    attempt: int
    round: int
    paths: tuple[str, ...]


def remarks(rules: Ruleset, states: Iterable[EntryState], judge: str) -> Iterator[Remark]:
    """What this judge is to mark again. Whoever did so already waits for the rest of the panel."""
    if not rules.limits_spread:
        return
    for state in states:
        own = [each for each in state.sheets.values() if each.judge == judge and not each.voided]
        apart = _apart(rules, state) if own else {}
        for sheet in own:
            paths = tuple(path for path in sheet.marks if sheet.attempt in apart.get(path, ()))
            due = _due(sheet, state)
            if paths and due:
                yield Remark(state.id, sheet.stage, sheet.attempt, due, paths)


def _apart(rules: Ruleset, state: EntryState) -> dict[str, set[int]]:
    """The aspects with attempts whose marks are too far apart."""
    found: dict[str, set[int]] = {}
    for cell in evaluate(rules.scheme, entry_input(state)).cells.values():
        if cell.missing == "remark" and cell.path in rules.scheme.index.aspects:
            found.setdefault(cell.path, set()).add(cell.attempt)
    return found


def _due(own: SheetState, state: EntryState) -> int:
    """The round in which a sheet is owed; 0 while others still owe theirs of the present round."""
    rounds = [
        each.round
        for each in state.sheets.values()
        if (each.stage, each.attempt, each.voided) == (own.stage, own.attempt, False)
    ]
    present = max(rounds)
    if own.round < present:
        return present
    return 0 if min(rounds) < present else present + 1
