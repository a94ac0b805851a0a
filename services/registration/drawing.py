"""Draw numbers and blind codes out of a seed, so that anybody who has the seed can repeat the draw.

The seed is random and made by the server. An entry's lot is SHA-256 of `seed:entry`; numbers go by lot.
"""

import hashlib
from collections.abc import Collection, Iterable

_LETTERS = "ACDEFGHJKLMNPQRTUVWXY34679"  # none that looks like another
_CODE_LENGTH = 4


def numbers(seed: str, entries: Iterable[str], first: int = 1) -> dict[str, int]:
    """Entry id → number, counted from `first`; the order in which the entries are given does not matter."""
    by_lot = sorted(entries, key=lambda entry: _lot(f"{seed}:{entry}"))
    return {entry: number for number, entry in enumerate(by_lot, first)}


def codes(seed: str, entries: Iterable[str], taken: Collection[str] = ()) -> dict[str, str]:
    """Entry id → a blind code that nobody has yet and that tells nothing of the number."""
    used = set(taken)
    found: dict[str, str] = {}
    for entry in sorted(entries):
        attempt = 0
        while (code := _code(f"{seed}:code:{entry}:{attempt}")) in used:
            attempt += 1
        used.add(code)
        found[entry] = code
    return found


def _lot(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _code(text: str) -> str:
    number = int.from_bytes(_lot(text))
    letters = []
    for _ in range(_CODE_LENGTH):
        number, at = divmod(number, len(_LETTERS))
        letters.append(_LETTERS[at])
    return "".join(letters)
