"""HTTP bodies of sheets: sent by judges, imported, reported, corrected."""

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AwareDatetime, Field

from schemas.objects import SheetSource
from services.kit.resources import Number, Page, Resource, plain
from services.scoring.repository.sheets import StoredSheet
from services.scoring.resources.words import Count, Marks, NewId, Notes, Reason, StagePath, Version


class MarksIn(Resource):
    """What every body with marks has. `id` is made on the device and names this version."""

    id: NewId
    marks: Marks
    notes: Notes = Field(default_factory=dict)
    base: Version = 0


class SheetIn(MarksIn):
    """A sheet from a judge. `marked_at` is when it was marked, `sent_at` the device's clock as it sends."""

    board: NewId
    entry: NewId
    stage: StagePath = ""
    attempt: Count = 1
    round: Count = 1
    marked_at: AwareDatetime | None = None
    sent_at: AwareDatetime | None = None


class SheetOut(Resource):
    """A version of a sheet as it was taken. `clock_skew_ms`: how far the device's clock is ahead."""

    id: str
    board: str
    entry: str
    judge: str
    stage: str
    attempt: int
    round: int
    version: int
    base: int
    source: SheetSource
    marks: dict[str, Number | None]
    notes: dict[str, str]
    reason: str
    voided: bool
    confirmed_by: str
    marked_at: datetime | None
    received_at: datetime
    actor: str
    clock_skew_ms: int | None = None

    @classmethod
    def of(cls, stored: StoredSheet, confirmed_by: str = "", skew: int | None = None) -> "SheetOut":
        return cls.model_construct(**_told(stored, confirmed_by, skew))

    @staticmethod
    def json_of(stored: StoredSheet, skew: int | None) -> bytes:
        """What `of` is as JSON: on the hot path, to make the model costs more than to write it."""
        told = _told(stored, "", skew)
        told["marks"] = {path: None if mark is None else plain(mark) for path, mark in told["marks"].items()}
        return msgspec.json.encode(told)


def _told(stored: StoredSheet, confirmed_by: str, skew: int | None) -> dict[str, Any]:
    sheet = stored.sheet
    return {
        "id": sheet.id,
        "board": sheet.board,
        "entry": sheet.entry,
        "judge": sheet.judge,
        "stage": sheet.stage,
        "attempt": sheet.attempt,
        "round": sheet.round,
        "version": sheet.version,
        "base": sheet.base,
        "source": sheet.source,
        "marks": sheet.marks,
        "notes": sheet.notes,
        "reason": sheet.reason,
        "voided": sheet.voided,
        "confirmed_by": confirmed_by or sheet.confirmed_by,
        "marked_at": sheet.marked_at,
        "received_at": stored.received_at,
        "actor": stored.actor,
        "clock_skew_ms": skew,
    }


class SheetWithHistory(Resource):
    current: SheetOut
    history: list[SheetOut]


class SheetPage(Page):
    items: list[SheetOut]


class BatchIn(Resource):
    """Sheets of a tablet's queue, in the order in which they were marked."""

    sheets: Annotated[list[SheetIn], Field(max_length=500)]


class BatchItem(Resource):
    """One answer: `status` as if it had been sent alone, with the sheet or the problem."""

    id: str
    status: int
    sheet: SheetOut | None = None
    problem: dict[str, Any] | None = None


class BatchOut(Resource):
    items: list[BatchItem]


class ImportedSheet(MarksIn):
    """A sheet that the organiser types in for a judge, or results from elsewhere (theory examination)."""

    entry: NewId
    judge: NewId
    stage: StagePath = ""
    attempt: Count = 1
    round: Count = 1
    marked_at: AwareDatetime | None = None


class ImportIn(Resource):
    sheets: Annotated[list[ImportedSheet], Field(max_length=10_000)]
    dry_run: bool = False


class ImportOut(Resource):
    """`created` were taken now, `repeated` were there already; nothing was kept of a dry run."""

    created: int
    repeated: int
    dry_run: bool


class IndicatorsIn(MarksIn):
    """Indicators of one period: what the unit reports of itself, or what an inspector found."""

    entry: NewId
    period: Count = 1
    stage: StagePath = ""
    source: Literal["self", "checker"] = "self"
    marked_at: AwareDatetime | None = None


class CorrectionIn(MarksIn):
    """The marks that replace those of version `base`, and why."""

    reason: Reason


class VoidIn(Resource):
    id: NewId
    base: Version
    reason: Reason
