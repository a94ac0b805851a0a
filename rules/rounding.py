"""Exact numbers.

All sums run in `EXACT`: 50 significant digits, so every sum, difference and product of marks is exact and
only a quotient such as 1/3 is cut, at the fiftieth digit. Before a number is rounded, compared or handed out
it is **settled** to 40 digits: 0.4999… that came from 1 / 7 × 7 / 2 becomes 0.5 again and rounds as 0.5 does.
A true quotient of marks can never lie that close to a tie without being one, so nothing is rounded twice.
"""

from decimal import (
    ROUND_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
)
from typing import Literal

Mode = Literal["half_up", "half_even"]

_TRAPS = [InvalidOperation, DivisionByZero, Overflow]
EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
_SETTLED = Context(prec=40, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
_ROUNDING = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
MOST_DIGITS = 9
_QUANTA = tuple(Decimal(1).scaleb(-digits) for digits in range(MOST_DIGITS + 1))
_SHOWN_DIGITS = 6


settle = _SETTLED.plus
"""The value to 40 significant digits; marks and rounded values come back unchanged."""


def round_to(value: Decimal, digits: int, mode: Mode = "half_up") -> Decimal:
    """Round to `digits` (0 to 9) decimals: 四舍五入 on the magnitude, or 四舍六入五成双 (GB/T 8170)."""
    if value.adjusted() + digits >= EXACT.prec - 1:
        return value  # so large that it carries no digits behind the point
    return settle(value).quantize(_QUANTA[digits], rounding=_ROUNDING[mode], context=EXACT)


def show(value: Decimal) -> str:
    """The number as people read it; a long tail is cut after six decimals and marked with an ellipsis."""
    settled = settle(value)
    exponent = settled.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_SHOWN_DIGITS:
        short = settled.quantize(_QUANTA[_SHOWN_DIGITS], rounding=ROUND_DOWN, context=EXACT)
        return f"{short:f}" if short == settled else f"{short:f}…"
    return f"{settled:f}"
