"""How a group combines its parts, and how attempts become one value."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import reduce
from operator import mul

import msgspec

from rules.results import NOBODY, Cell, Missing
from rules.scheme_index import ADDITIVE, Placed, Term
from rules.scheme_nodes import Attempts, Group

_ZERO, _ONE, _MINUS_ONE = Decimal(0), Decimal(1), Decimal(-1)


class Base(msgspec.Struct, frozen=True, gc=False):
    """A value before the node's conversions, or why there is none."""

    value: Decimal | None
    missing: Missing | None = None
    complete: bool = True
    marked: bool = True
    given: Mapping[str, Decimal | None] = NOBODY
    dropped: Sequence[int] = ()


def combine_group(placed: Placed, group: Group, cells: Sequence[Cell]) -> Base:
    """The value of a group from the cells of its terms, in their order; sums what is known."""
    if group.function in ADDITIVE:
        return _add(placed.terms, cells, group)
    counted = [cell for term, cell in zip(placed.terms, cells, strict=True) if term.factor]
    known = [cell for cell in counted if cell.value is not None]
    values = [cell.value for cell in known if cell.value is not None]
    complete = all(cell.complete for cell in cells)
    if group.function == "highest_only":
        complete = not any(cell.missing in ("remark", "refused") for cell in cells)
        return Base(max(values, default=_ZERO), None, complete, any(cell.marked for cell in known))
    marked = any(cell.marked for cell in known)
    if not values or not (complete or marked):
        return nothing(cells)
    if group.function == "last":
        return Base(_last(known, 1), None, complete, marked)
    if group.function == "product":
        return Base(reduce(mul, values), None, complete, marked)
    best = sorted(values, reverse=True)[: group.k or 1]
    return Base(sum(best, _ZERO), None, complete, marked)


def _add(terms: Sequence[Term], cells: Sequence[Cell], group: Group) -> Base:
    total, weight = _ZERO, _ZERO
    complete, marked, known = True, False, False
    mean = group.function == "mean"
    for term, cell in zip(terms, cells, strict=True):
        value, factor = cell.value, term.factor
        if not cell.complete:
            complete = False
        if value is None:
            if mean and cell.missing == "absent" and group.absent == "zero":
                weight += factor
            continue
        known = True
        marked = marked or cell.marked
        if factor == _ONE:
            total += value
        elif factor == _MINUS_ONE:
            total -= value
        else:
            total += factor * value
        if mean:
            weight += factor
    if not known or (not marked and (not complete or any(cell.missing == "absent" for cell in cells))):
        return nothing(cells)
    if mean:
        total = total / weight if weight else _ZERO
    return Base(total, None, complete, marked)


def combine_attempts(attempts: Attempts, cells: Sequence[Cell]) -> Base:
    """One value from the attempts made so far; an attempt that was not started is left out."""
    known = [cell for cell in cells if cell.value is not None]
    values = [cell.value for cell in known if cell.value is not None]
    complete = all(cell.complete for cell in cells)
    marked = any(cell.marked for cell in known)
    if not values or not (complete or marked):
        return nothing(cells)
    if attempts.function in ("last", "last_k"):
        return Base(_last(known, attempts.k or 1), None, complete, marked)
    if attempts.function in ("best", "best_k"):
        values = sorted(values, reverse=True)[: attempts.k or 1]
    total = sum(values, _ZERO)
    return Base(total / len(values) if attempts.function == "mean" else total, None, complete, marked)


def nothing(cells: Sequence[Cell]) -> Base:
    """No value: for the reason that someone can act on first."""
    reasons = {cell.missing for cell in cells}
    if "remark" in reasons:
        return Base(None, "remark", False, False)
    if "refused" in reasons:
        return Base(None, "refused", False, False)
    if "absent" in reasons and all(cell.complete for cell in cells):
        return Base(None, "absent", True, False)
    return Base(None, "waiting", False, False)


def _last(cells: Sequence[Cell], count: int) -> Decimal:
    marked = [cell for cell in cells if cell.marked] or cells
    return sum((cell.value for cell in marked[-count:] if cell.value is not None), _ZERO)
