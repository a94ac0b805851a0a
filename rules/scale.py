"""A standard scale, on which the marks of different trades can be laid side by side.

700 + 30 × (x − median) / (1.4826 × MAD): the median entry of every trade stands at 700, and 30 points are one
standard deviation of a normal field. MAD is the median of the distances from the median; 1.4826 makes it
an estimate of the standard deviation that a few wild marks cannot move.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, localcontext
from statistics import median

CENTRE = Decimal(700)
SPREAD = Decimal(30)
NORMAL = Decimal("1.4826")


@dataclass(frozen=True, slots=True)
class StandardScale:
    """Scaled values by entry, and the median and MAD of the raw ones that they were made with."""

    values: Mapping[str, Decimal]
    median: Decimal
    mad: Decimal
    digits: int


def standard_scale(values: Mapping[str, Decimal], digits: int = 2) -> StandardScale:
    """The scaled value of every entry, rounded half up to `digits`, once, at the end.

    All are 700 where MAD is 0 (more than half of the field equal). Raises ValueError for an empty field.
    """
    if not values:
        raise ValueError("a scale needs at least one value")
    step = Decimal(1).scaleb(-digits)
    with localcontext(prec=50):
        middle = median(values.values())
        mad = median(abs(x - middle) for x in values.values())
        scaled = {
            entry: (CENTRE + (SPREAD * (x - middle) / (NORMAL * mad) if mad else 0)).quantize(
                step, ROUND_HALF_UP
            )
            for entry, x in values.items()
        }
    return StandardScale(scaled, middle, mad, digits)
