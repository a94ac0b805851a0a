"""Numbers as text that sorts like the numbers: for boards kept in a lexicographically sorted set.

Alphabet: `-` < `0`-`9` < `A`-`Z` < `_` < `a`-`z` < `~`, all safe in a URL and in JSON. A finite number is

    lead, digits without leading and trailing zeros, end

where the lead tells sign and magnitude at once: `V` is zero; above it stand the positive numbers, one
letter for each power of ten from 1e-10 (`X`) to 1e18 (`y`), `W` and `z` for what is smaller or larger, with
the power spelled out; below it the negative numbers mirror them. The end, `-`, is smaller than any
digit. A negative number is the positive one letter by letter through a mirror of the alphabet, which
turns the order round. No encoding is the beginning of another, so encodings can be joined.
"""

from decimal import Decimal

_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz"
_MIRROR = str.maketrans("-" + _LETTERS + "~", "~" + _LETTERS[::-1] + "-")
_ZERO = _LETTERS[31]
_TINY = _LETTERS[32]
_HUGE = _LETTERS[62]
_LEAST = -10
_GREATEST = 18
_LEADS = {power: _LETTERS[43 + power] for power in range(_LEAST, _GREATEST + 1)}

NOTHING = "~"
"""The encoding of a missing number: behind every number, in either direction."""


def encode_decimal(x: Decimal | None, descending: bool) -> str:
    """Text whose bytewise order is the order of the numbers (the reverse if `descending`); None is last.

    Equal numbers give equal text whatever their digits (1.0, 1.00). Raises ValueError for NaN and infinity.
    """
    if x is None:
        return NOTHING
    if not x:
        return _ZERO
    power = x.adjusted()
    if power == 0 and not x.is_finite():
        raise ValueError(f"{x} has no place in an order")
    mantissa = str(x).partition("E")[0]
    negative = mantissa[0] == "-"
    digits = mantissa.lstrip("-").replace(".", "").strip("0")
    lead = _LEADS.get(power) or _spelled_out(power)
    text = f"{lead}{digits}-"
    return text.translate(_MIRROR) if negative is not descending else text


def encode_whole(n: int) -> str:
    """The same for a whole number from 0, shorter: how many digits it has, then the digits."""
    digits = str(n)
    return _LETTERS[9 + len(digits)] + digits


def _spelled_out(power: int) -> str:
    if power > _GREATEST:
        return _HUGE + encode_whole(power - _GREATEST)
    return _TINY + encode_whole(_LEAST - power).translate(_MIRROR)
