"""What every conversion is, and what it may ask about its entry and the field."""

from abc import ABC, abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import ClassVar, Protocol

from rules.scheme_types import Part
from rules.text import Text

Span = tuple[Decimal | None, Decimal | None]
"""The lowest and the highest value that can come out; None where nothing bounds it."""


class Around(Protocol):
    """What a step may ask about the entry and the field that it works in."""

    def factor(self, key: str | None) -> Decimal | None:
        """The number that the entry brought under this key (None: under the node's own path)."""

    def peers(self, step: "Conversion") -> "Peers":
        """Every known value of the field as it enters this step, this entry's own included."""


class Conversion(Part, ABC):
    """One step between a mark and the sum it goes into."""

    field_wide: ClassVar[bool] = False
    op: str

    @abstractmethod
    def apply(self, value: Decimal, around: Around) -> Decimal | None:
        """The value after it; None where the entry did not bring a number that it needs."""

    @abstractmethod
    def say(self, before: Decimal, after: Decimal) -> Text:
        """What it did, as a sentence."""

    @abstractmethod
    def span(self, low: Decimal | None, high: Decimal | None) -> Span:
        """The bounds that come out where these went in."""


class Peers:
    """The values of the whole field at one step."""

    def __init__(self, values: Sequence[Decimal]) -> None:
        self._ordered = sorted(values)

    def place(self, own: Decimal, high_first: bool) -> tuple[int, int]:
        """How many are better than `own`, and how many are equal to it (at least one: itself)."""
        below, up_to = bisect_left(self._ordered, own), bisect_right(self._ordered, own)
        return (len(self._ordered) - up_to if high_first else below), max(1, up_to - below)

    @cached_property
    def median(self) -> Decimal:
        """The middle value."""
        return median(self._ordered)

    @cached_property
    def deviation(self) -> Decimal:
        """The median absolute deviation (MAD)."""
        return median(abs(value - self.median) for value in self._ordered)
