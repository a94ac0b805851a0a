"""Schemes, panels, windows, sheets, and what the jury decides about a board."""

from datetime import datetime
from decimal import Decimal
from typing import Literal

from schemas.objects import Panel, SchemeVersion, Sheet, Window
from schemas.registry import Fact, fact, upcasts
from schemas.topics import Topic


@fact("scheme.published", Topic.SCORES)
class SchemePublished(Fact, frozen=True, kw_only=True):
    """A version of the board's scheme came into force."""

    scheme: SchemeVersion

    @property
    def subject(self) -> str:
        return self.scheme.board


@fact("panel.set", Topic.SCORES)
class PanelSet(Fact, frozen=True, kw_only=True):
    """Who marks a stage was fixed or changed."""

    panel: Panel

    @property
    def subject(self) -> str:
        return self.panel.board


@fact("window.set", Topic.SCORES)
class WindowSet(Fact, frozen=True, kw_only=True):
    """A stage was opened for marks, or closed."""

    window: Window

    @property
    def subject(self) -> str:
        return self.window.board


class _OfSheet(Fact, frozen=True, kw_only=True):
    sheet: Sheet

    @property
    def subject(self) -> str:
        return self.sheet.entry


@fact("sheet.submitted", Topic.SCORES)
class SheetSubmittedV1(Fact, frozen=True, kw_only=True):
    """The first shape, before sheets told their round and source; `marks` had no abstentions."""

    id: str
    board: str
    entry: str
    judge: str
    marks: dict[str, Decimal]
    stage: str = ""
    attempt: int = 1
    version: int = 1

    @property
    def subject(self) -> str:
        return self.entry


@fact("sheet.submitted", Topic.SCORES, version=2)
class SheetSubmitted(_OfSheet, frozen=True, kw_only=True):
    """A judge's marks for one entry were accepted (a first version, or the judge's own replacement)."""


@upcasts(SheetSubmittedV1)
def _from_v1(old: SheetSubmittedV1) -> SheetSubmitted:
    sheet = Sheet(
        id=old.id,
        board=old.board,
        entry=old.entry,
        judge=old.judge,
        marks=dict(old.marks),
        stage=old.stage,
        attempt=old.attempt,
        version=old.version,
        base=old.version - 1,
    )
    return SheetSubmitted(sheet=sheet)


@fact("sheet.confirmed", Topic.SCORES)
class SheetConfirmed(_OfSheet, frozen=True, kw_only=True):
    """A second person confirmed the sheet."""


@fact("sheet.corrected", Topic.SCORES)
class SheetCorrected(_OfSheet, frozen=True, kw_only=True):
    """The sheet was replaced with a reason, by someone who may."""


@fact("sheet.voided", Topic.SCORES)
class SheetVoided(_OfSheet, frozen=True, kw_only=True):
    """The sheet counts no more; it stays in the ledger."""


@fact("indicator.reported", Topic.SCORES)
class IndicatorReported(_OfSheet, frozen=True, kw_only=True):
    """A unit reported its indicators for a period, or an inspector checked them."""


@fact("contribution.entered", Topic.SCORES)
class ContributionEntered(_OfSheet, frozen=True, kw_only=True):
    """Points earned elsewhere were written on a campaign board, once per cause (`sheet.id`)."""


class _OfBoard(Fact, frozen=True, kw_only=True):
    board: str
    reason: str = ""

    @property
    def subject(self) -> str:
        return self.board


@fact("stage.locked", Topic.SCORES)
class StageLocked(_OfBoard, frozen=True, kw_only=True):
    """A stage's marks were signed off; none is taken until it is unlocked."""

    stage: str


@fact("stage.unlocked", Topic.SCORES)
class StageUnlocked(_OfBoard, frozen=True, kw_only=True):
    """A locked stage was opened again, with a reason."""

    stage: str


@fact("board.frozen", Topic.SCORES)
class BoardFrozen(_OfBoard, frozen=True, kw_only=True):
    """From here on the public board stands still; the jury's goes on."""


@fact("board.thawed", Topic.SCORES)
class BoardThawed(_OfBoard, frozen=True, kw_only=True):
    """The public board shows again all that the jury's shows."""


@fact("results.published", Topic.SCORES)
class ResultsPublished(_OfBoard, frozen=True, kw_only=True):
    """The results are final. `places` maps entry → place, `awards` entry → award ids, as counted then."""

    stage: str = ""
    places: dict[str, int] = {}
    awards: dict[str, tuple[str, ...]] = {}
    published_at: datetime | None = None


@fact("results.withdrawn", Topic.SCORES)
class ResultsWithdrawn(_OfBoard, frozen=True, kw_only=True):
    """Published results were taken back, to be corrected and published again."""


@fact("entry.disqualified", Topic.SCORES)
class EntryDisqualified(_OfBoard, frozen=True, kw_only=True):
    """The chief judge disqualified an entry; it keeps its row and reason."""

    entry: str

    @property
    def subject(self) -> str:
        return self.entry


@fact("entry.reinstated", Topic.SCORES)
class EntryReinstated(_OfBoard, frozen=True, kw_only=True):
    """A disqualification was lifted."""

    entry: str

    @property
    def subject(self) -> str:
        return self.entry


@fact("veto.raised", Topic.SCORES)
class VetoRaised(_OfBoard, frozen=True, kw_only=True):
    """一票否决: the entry keeps its total and takes no place and no award."""

    entry: str
    veto: str
    source: Literal["inspector", "authority", "organiser"] = "organiser"

    @property
    def subject(self) -> str:
        return self.entry


@fact("veto.lifted", Topic.SCORES)
class VetoLifted(_OfBoard, frozen=True, kw_only=True):
    """A veto was found wrong and lifted."""

    entry: str
    veto: str

    @property
    def subject(self) -> str:
        return self.entry


@fact("tie.decided", Topic.SCORES)
class TieDecided(_OfBoard, frozen=True, kw_only=True):
    """A committee or a play-off put tied entries in order: entry → place among them, for a ranking key."""

    key: str
    order: dict[str, Decimal]
