"""A judge's running total: what the scheme makes of one sheet while it is being filled in. Pure.

A **mirror** is a judge who gives the same marks: every seat of the panel that this judge does not have. With
mirrors a panel that drops extremes or waits for all seats comes to what this judge's own marks are worth.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from rules.evaluate import evaluate
from rules.results import Cell, EntryInput, Evaluation, Sheet
from rules.scheme import Scheme
from rules.scheme_nodes import Aspect
from schemas.live_state import EntryState, entry_input
from services.scoring.domain.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Preview:
    """What the sheet's stage comes to, and the groups in it. None: nothing to say yet."""

    value: Decimal | None
    complete: bool
    groups: Mapping[str, Decimal | None]


def preview(
    rules: Ruleset, state: EntryState, stage: str, attempt: int, marks: Mapping[str, Decimal | None]
) -> Preview:
    """The value of a stage if every seat of its panels gave these marks.

    Nothing where values depend on the other entries: one sheet says nothing about them.
    """
    scheme = rules.scheme
    if scheme.field_wide:
        return Preview(None, False, {})
    given = {path: mark for path, mark in marks.items() if mark is not None}
    alone = EntryInput(state.id, _mirrored(scheme, stage, attempt, given), entry_input(state).factors)
    cells = evaluate(scheme, replace(alone, absent=frozenset())).cells
    top = _cell(cells, stage, attempt)
    groups = {
        placed.path: cell.value
        for placed in scheme.node(stage).walk()
        if not isinstance(placed.node, Aspect) and (cell := _cell(cells, placed.path, attempt)) is not None
    }
    return Preview(top.value if top else None, bool(top and top.complete), groups)


def trial(rules: Ruleset, marks: Mapping[str, Decimal | None], factors: Mapping[str, Decimal]) -> Evaluation:
    """An imagined entry's first attempt, if every seat of every panel gave these marks."""
    given = {path: mark for path, mark in marks.items() if mark is not None}
    return evaluate(rules.scheme, EntryInput("", _mirrored(rules.scheme, "", 1, given), factors))


def _mirrored(scheme: Scheme, stage: str, attempt: int, marks: Mapping[str, Decimal]) -> tuple[Sheet, ...]:
    """As many sheets as the largest panel has seats; an aspect on no more of them than its own has."""
    seats = {path: panel.expected for path in marks if (panel := scheme.index.aspects[path].panel)}
    return tuple(
        Sheet(
            judge=f"mirror {seat}",
            marks={path: mark for path, mark in marks.items() if seat < seats[path]},
            stage=stage,
            attempt=attempt,
        )
        for seat in range(max(seats.values(), default=0))
    )


def _cell(cells: Mapping[str, Cell], path: str, attempt: int) -> Cell | None:
    return cells.get(f"{path}#{attempt}") or cells.get(path)
