"""What of the points that were earned stands on the board, under the caps of the feeds. Pure."""

from collections.abc import Mapping
from decimal import Decimal

_NOTHING = Decimal(0)


def under_cap(earned: Mapping[str, Decimal], cap: Decimal | None) -> dict[str, Decimal]:
    """Points by contribution such that their sum does not exceed the cap; points taken away count in full.

    The order is that of the ids, so that the same contributions always give the same answer, in whatever
    order they were told.
    """
    left = cap
    allowed: dict[str, Decimal] = {}
    for id in sorted(earned):
        points = earned[id]
        if left is not None and points > _NOTHING:
            points = min(points, max(left, _NOTHING))
            left -= points
        allowed[id] = points
    return allowed
