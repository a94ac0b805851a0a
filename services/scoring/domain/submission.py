"""A sheet on its way in, and what is known when it arrives.

A **slot** is the place of one sheet: entry, judge, stage, attempt. A **version** is what was written there
once; the next one names the version that it replaces as its `base`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from schemas.objects import Sheet, SheetSource
from services.scoring.domain.board import BoardControl

EXAM = "exam"
"""The judge of results from elsewhere, such as a theory examination: on no panel."""


def slot_of(entry: str, judge: str, stage: str, attempt: int) -> str:
    return f"{entry}\t{judge}\t{stage}\t{attempt}"


@dataclass(frozen=True, slots=True)
class Submission:
    """A sheet as it arrives.

    One that is sent `on_behalf` was marked on paper: no window asks, and aspects may be left out.
    """

    id: str
    board: str
    entry: str
    judge: str
    marks: Mapping[str, Decimal | None]
    stage: str = ""
    attempt: int = 1
    round: int = 1
    base: int = 0
    source: SheetSource = "judge"
    notes: Mapping[str, str] = field(default_factory=dict)
    device: str = ""
    marked_at: datetime | None = None
    on_behalf: bool = False

    @property
    def slot(self) -> str:
        return slot_of(self.entry, self.judge, self.stage, self.attempt)

    def sheet(self) -> Sheet:
        """The version that this becomes when it is taken."""
        return Sheet(
            id=self.id,
            board=self.board,
            entry=self.entry,
            judge=self.judge,
            marks=dict(self.marks),
            stage=self.stage,
            attempt=self.attempt,
            round=self.round,
            version=self.base + 1,
            base=self.base,
            source=self.source,
            notes=dict(self.notes),
            device=self.device,
            marked_at=self.marked_at,
        )


@dataclass(frozen=True, slots=True)
class Rounds:
    """How far marking again has come for an entry's stage and attempt.

    `open` is the highest round that anyone marked in; `asked` says that the spread of an aspect is too wide.
    """

    open: int
    asked: bool


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known. `current` is the slot's last version, `namesake` the sheet with the same id.

    `withdrawn` is None where the board has no such entry. `rounds` is known where the round is not 1.
    """

    board: BoardControl
    withdrawn: bool | None
    current: Sheet | None = None
    namesake: Sheet | None = None
    rounds: Rounds | None = None
