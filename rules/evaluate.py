"""From marks to values: every cell of an entry, exact, and only what is known.

A part that is still owed leaves its group incomplete: the group sums what is known. `evaluate` takes one
entry by itself; `evaluate_field` takes all of them, for schemes where a value depends on the others.
"""

from collections.abc import Iterable
from decimal import localcontext

from msgspec.structs import replace

from rules.evaluate_run import Field, Run
from rules.gates import apply_gates
from rules.results import EntryInput, Evaluation
from rules.rounding import EXACT, settle
from rules.scheme import Scheme
from rules.scheme_limits import check_marks

__all__ = ["check_marks", "evaluate", "evaluate_field"]


def evaluate(
    scheme: Scheme, entry: EntryInput, *, among: Iterable[EntryInput] = (), explain: bool = False
) -> Evaluation:
    """All cells of one entry, alone or `among` the others of its field.

    `explain` adds the steps of every cell.
    """
    with localcontext(EXACT):
        field = Field(scheme, (*among, entry), explain)
        return _evaluation(field.runs[entry.entry])


def evaluate_field(
    scheme: Scheme, entries: Iterable[EntryInput], *, explain: bool = False
) -> dict[str, Evaluation]:
    """All cells of all entries, by entry, in the order given. `explain` adds the steps of every cell."""
    with localcontext(EXACT):
        field = Field(scheme, entries, explain)
        return {name: _evaluation(run) for name, run in field.runs.items()}


def _evaluation(run: Run) -> Evaluation:
    scheme = run.scheme
    root = scheme.index.root
    run.cell(root, 0)
    cells = run.cells
    for key, cell in cells.items():
        if cell.value is not None:
            settled = settle(cell.value)
            if settled != cell.value:
                cells[key] = replace(cell, value=settled)
    total = cells[""]
    ruling = apply_gates(scheme.gates, scheme.band_ranks, scheme.titles, cells, total.value)
    if ruling.total != total.value:
        total = cells[""] = replace(total, value=ruling.total)
    return Evaluation(
        run.entry.entry,
        cells,
        total.value,
        total.complete and total.value is not None,
        ruling.band,
        ruling.barred,
        ruling.results,
        tuple(run.refusals.values()),
    )
