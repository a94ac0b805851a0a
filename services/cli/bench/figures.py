"""A measured figure beside its floor and its target."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

Goal = Literal["at least", "at most"]


@dataclass(frozen=True)
class Figure:
    """What was measured. A `ratio` figure is judged as measured / floor, any other as it is.

    `target` None: told for comparison only. `note` says what a reader must know to read it rightly.
    """

    row: str
    what: str
    unit: str
    measured: float
    floor: float | None = None
    floor_is: str = ""
    goal: Goal = "at most"
    target: float | None = None
    ratio: bool = False
    note: str = ""

    @property
    def judged(self) -> float:
        return self.measured / self.floor if self.ratio and self.floor else self.measured

    @property
    def reached(self) -> bool | None:
        """Whether the target was reached; None where there is none."""
        if self.target is None:
            return None
        return self.judged >= self.target if self.goal == "at least" else self.judged <= self.target

    def body(self) -> dict[str, Any]:
        """As JSON tells it."""
        return {
            "row": self.row,
            "what": self.what,
            "measured": _short(self.measured),
            "unit": self.unit,
            "floor": None if self.floor is None else _short(self.floor),
            "floor_is": self.floor_is,
            "ratio": _short(self.measured / self.floor) if self.floor else None,
            "goal": None if self.target is None else f"{self.goal} {self.target:g}",
            "goal_of": "ratio" if self.ratio else "measured",
            "reached": self.reached,
            "note": self.note,
        }

    def line(self) -> tuple[str, ...]:
        """As people read it: what, measured, floor, ratio, target, verdict, note."""
        return (
            self.what,
            f"{show(self.measured)} {self.unit}".strip(),
            "" if self.floor is None else f"{show(self.floor)} {self.unit}, {self.floor_is}",
            f"{self.measured / self.floor:.2f}" if self.floor else "",
            self._aim(),
            {True: "✓", False: "✗", None: ""}[self.reached],
            self.note,
        )

    def _aim(self) -> str:
        if self.target is None:
            return ""
        sign = {"at least": "≥", "at most": "≤"}[self.goal]
        return (
            f"{sign} {self.target:g} × floor"
            if self.ratio
            else f"{sign} {self.target:,g} {self.unit}".strip()
        )


def middle(runs: Sequence[float]) -> float:
    """The median of the runs."""
    return median(runs)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def show(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _short(value: float) -> float:
    return float(f"{value:.4g}")
