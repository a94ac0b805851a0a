"""The lowest and highest value that a node can reach, told from the scheme alone."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from rules.convert_base import Conversion, Span
from rules.scheme_index import Placed
from rules.scheme_nodes import Aspect, Attempts


def highest(placed: Placed) -> Decimal | None:
    """Full marks (满分) of a node; None where the scheme does not bound them."""
    return span(placed)[1]


def span(placed: Placed) -> Span:
    """The bounds of a node with all its parts marked."""
    low, high = _aspect(placed.node) if isinstance(placed.node, Aspect) else _group(placed)
    low, high = _through(placed.node.then, low, high)
    if placed.node.attempts is None:
        return low, high
    return _attempts(placed.node.attempts, low, high)


def _aspect(aspect: Aspect) -> Span:
    scale, panel = aspect.scale, aspect.panel
    low: Decimal | None = scale.min
    high = Decimal(1) if scale.yes_no else scale.max
    if scale.levels:
        marks = [level.mark for level in scale.levels]
        low, high = min(marks), max(marks)
    low, high = _through(aspect.each, low, high)
    if panel.function == "sum" and panel.judges is not None:
        low, high = _times(low, panel.judges), _times(high, panel.judges)
    elif panel.function == "trimmed_sum" and panel.judges is not None:
        kept = panel.judges - sum(panel.drops)
        low, high = _times(low, kept), _times(high, kept)
    elif panel.function in ("sum", "trimmed_sum"):
        return None, None
    return low, high


def _group(placed: Placed) -> Span:
    ends = [(span(term.placed), term.factor) for term in placed.terms if term.factor]
    bounds = [
        (_times(low, factor), _times(high, factor))
        if factor > 0
        else (_times(high, factor), _times(low, factor))
        for (low, high), factor in ends
    ]
    function = getattr(placed.node, "function", "sum")
    if function in ("sum", "weighted_sum"):
        return _sum([low for low, _ in bounds]), _sum([high for _, high in bounds])
    if function in ("best", "last", "highest_only"):
        return _pick(min, [low for low, _ in bounds]), _pick(max, [high for _, high in bounds])
    return None, None


def _attempts(attempts: Attempts, low: Decimal | None, high: Decimal | None) -> Span:
    times = {"sum": attempts.count, "best_k": attempts.k, "last_k": attempts.k}.get(attempts.function) or 1
    return _through(attempts.then, _times(low, times), _times(high, times))


def _through(conversions: Sequence[Conversion], low: Decimal | None, high: Decimal | None) -> Span:
    for conversion in conversions:
        low, high = conversion.span(low, high)
    return low, high


def _times(end: Decimal | None, factor: Decimal | int) -> Decimal | None:
    return None if end is None else end * factor


def _sum(ends: Sequence[Decimal | None]) -> Decimal | None:
    known = [end for end in ends if end is not None]
    return sum(known, Decimal(0)) if len(known) == len(ends) else None


def _pick(pick: Callable[[Sequence[Decimal]], Decimal], ends: Sequence[Decimal | None]) -> Decimal | None:
    known = [end for end in ends if end is not None]
    return pick(known) if known and len(known) == len(ends) else None
