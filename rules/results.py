"""What goes into an evaluation and what comes out of it.

A **sheet** (评分表) is what one judge marked for one entry in one stage and attempt. A **cell** is one
node of the scheme for one entry (and attempt): its value and the steps that made it. An **evaluation**
is all the cells of one entry. A **row** is an entry's line on the board. Paths name scheme nodes from
the root's child downwards, joined by dots (`practical.weld.seam`); the root's own path is the empty string.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

import msgspec

from rules.problems import Refusal
from rules.text import Text

NOBODY: Mapping[str, Decimal | None] = MappingProxyType({})
"""Marks by judge where there are none."""

Missing = Literal["waiting", "remark", "absent", "refused"]
"""Why a cell has no value: marks are still owed; spread too wide, mark again; the entry did not take part;
all judges are accounted for and still too few of them marked (the evaluation's `refusals` say so)."""

Status = Literal["competing", "unranked", "withdrawn", "disqualified"]
"""`unranked` (打星, guests) are listed and take no place; withdrawn and disqualified keep their row."""


class Sheet(msgspec.Struct, frozen=True, gc=False):
    """The current marks of one judge for one entry.

    `stage` is the path of the node that the sheet covers ("" = the whole scheme); `attempt` counts from 1;
    `round` counts from 1 and grows when a wide spread asked for marking again. A mark of None means that
    the judge was there and gave no mark (abstained or recused).
    """

    judge: str
    marks: Mapping[str, Decimal | None]
    stage: str = ""
    attempt: int = 1
    round: int = 1


class EntryInput(msgspec.Struct, frozen=True, gc=False):
    """All that is known of one entry: its sheets, and the numbers it brings along.

    `factors` maps `path` or `path#attempt` to a coefficient or base value that the entry brings
    (难度系数, base value of an element); `absent` lists `path` or `path#attempt` that it did not start.
    """

    entry: str
    sheets: Sequence[Sheet] = ()
    factors: Mapping[str, Decimal] = {}
    absent: frozenset[str] = frozenset()


class GivenMark(NamedTuple):
    """One judge's mark as a cell used it; `used` is False where trimming dropped it as an extreme."""

    judge: str
    mark: Decimal
    used: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a cell's sum: an operation by name, what went in, what came out, both languages."""

    op: str
    value: Decimal
    text: Text


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One node for one entry and attempt. `value` is None while `missing` says why.

    `complete` is False when a value exists but parts of it are still owed (a running total). `marked` is
    False where the value is only what the scheme gives to an aspect that nobody marked. `exact` is the value
    before its last rounding, where that changed it. `given` is what each judge gave an aspect (None: no
    mark), in the judges' order; `dropped` are the places of those that trimming left out.
    """

    path: str
    attempt: int
    value: Decimal | None
    missing: Missing | None = None
    complete: bool = True
    given: Mapping[str, Decimal | None] = NOBODY
    dropped: Sequence[int] = ()
    steps: tuple[Step, ...] = ()
    marked: bool = True
    exact: Decimal | None = None

    @property
    def marks(self) -> tuple[GivenMark, ...]:
        """The marks that judges gave, in their order. Made when asked for: a board has very many."""
        return tuple(
            GivenMark(judge, mark, place not in self.dropped)
            for place, (judge, mark) in enumerate(self.given.items())
            if mark is not None
        )


@dataclass(frozen=True, slots=True)
class GateResult:
    """One gate (一票否决): whether it held, and what it does to the entry when it did not."""

    gate: str
    passed: bool
    effect: Literal["bar", "cap", "band"]
    text: Text


class Evaluation(msgspec.Struct, frozen=True, gc=False):
    """All cells of one entry. `cells` is keyed `path` or, where a node has attempts, `path#attempt`.

    `total` is the root cell's value after gates (None: nothing marked yet). `band` is the rank of the band
    that the gates fixed, 0 the highest; `barred` entries keep their total and take no place and no award.
    """

    entry: str
    cells: Mapping[str, Cell]
    total: Decimal | None
    complete: bool
    band: int = 0
    barred: bool = False
    gates: tuple[GateResult, ...] = ()
    refusals: tuple[Refusal, ...] = ()


class Contender(msgspec.Struct, frozen=True, gc=False):
    """What ranking knows of an entry besides its evaluation.

    `number` is the draw number (0 = not drawn yet) and orders equal rows; `times` are named seconds or
    timestamps for time keys; `decisions` maps a key's id to what a committee or play-off decided (lower is
    better).
    """

    entry: str
    number: int = 0
    status: Status = "competing"
    unit: str = ""
    category: str = ""
    times: Mapping[str, Decimal] = {}
    decisions: Mapping[str, Decimal] = {}


Measured = Decimal | tuple[Decimal, ...] | None
"""What one ranking key found for an entry: a number, several that are compared in turn, or nothing."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """An entry's line on the board, in board order. `place` is None where the entry takes none.

    `key` orders rows as plain text (smaller is better) and is equal for tied rows; `order` is `key` with
    the draw number and entry behind it, unique on a board. `settled` is `key` without the last resort: rows
    that share it were equal until a play-off or a committee decided. `values` are what the ranking's keys
    found, one each, in their order.
    """

    entry: str
    place: int | None
    tied: bool
    total: Decimal | None
    key: str
    order: str
    status: Status
    evaluation: Evaluation
    reason: Text | None = None
    number: int = 0
    values: tuple[Measured, ...] = ()
    settled: str = ""
