"""Codes in the order in which people count."""

import re

_NUMBER = re.compile(r"(\d+)")


def natural(code: str) -> tuple[int | str, ...]:
    """A key that sorts numbers inside codes as numbers, 2 before 10, and letters whatever their case."""
    return tuple(int(part) if at % 2 else part for at, part in enumerate(_NUMBER.split(code.casefold())))
