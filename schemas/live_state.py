"""What the fold keeps of a board and of each entry, as stored in Redis, and what the rules make of it.

Every field belongs to one topic, and a topic's events come in order. That is why the fold commutes
across topics: events of different topics never write the same field (`changed_at` is a maximum).
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import msgspec
from msgspec.structs import replace

from rules.results import Contender, EntryInput, Evaluation, GateResult, Status
from rules.results import Sheet as RulesSheet
from rules.text import Text
from schemas.objects import Board, Entry, Panel, Proposal, SchemeVersion, Sheet, SheetSource, UnitRef

NOWHERE = UnitRef(id="", name="")
"""The unit of an entry that is masked or not known yet."""


class SheetState(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """The version of a sheet that counts; what ranking does not need stays in the ledger.

    `note` says what earned a contribution.
    """

    id: str
    judge: str
    stage: str
    attempt: int
    round: int
    version: int
    source: SheetSource
    voided: bool
    marks: dict[str, Decimal | None]
    note: str = ""

    @classmethod
    def of(cls, sheet: Sheet) -> "SheetState":
        return cls(
            sheet.id,
            sheet.judge,
            sheet.stage,
            sheet.attempt,
            sheet.round,
            sheet.version,
            sheet.source,
            sheet.voided,
            sheet.marks,
            "；".join(sheet.notes.values()) if sheet.source == "contribution" else "",
        )


class EntryState(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """All that is known of one entry, whether or not it was registered already.

    `entry`, `number` and `code` come from registrations, `proposal` from suggestions, the rest from scores.
    `sheets` is keyed by `sheet_key`; `vetoes` maps veto → reason; `decisions` ranking key → place.
    """

    id: str
    entry: Entry | None = None
    number: int = 0
    code: str = ""
    proposal: Proposal | None = None
    sheets: dict[str, SheetState] = {}
    disqualified: str | None = None
    vetoes: dict[str, str] = {}
    decisions: dict[str, Decimal] = {}

    @property
    def known(self) -> bool:
        """Whether it has a row: a sheet alone makes none."""
        return self.entry is not None or self.proposal is not None

    @property
    def unit(self) -> UnitRef | None:
        holder = self.entry or self.proposal
        return holder.unit if holder else None

    @property
    def marked(self) -> bool:
        return any(not sheet.voided for sheet in self.sheets.values())


class BoardState(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """All that is known of a board besides its entries.

    `board` comes from registrations, the rest from scores. `revealed` stays true once results were public:
    what was shown cannot be hidden again. `shown_stages` are those whose results were published.
    """

    id: str
    board: Board | None = None
    scheme: SchemeVersion | None = None
    panels: dict[str, Panel] = {}
    locked: tuple[str, ...] = ()
    frozen: bool = False
    revealed: bool = False
    shown_stages: tuple[str, ...] = ()
    started_at: datetime | None = None
    frozen_at: datetime | None = None
    thawed_at: datetime | None = None
    published_at: datetime | None = None
    changed_at: datetime | None = None


class BoardTally(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What most events change of a board, stored by itself: the rest of its state holds the scheme.

    The counts are those of BoardHead; they are right even while no head is shown.
    """

    started_at: datetime | None = None
    changed_at: datetime | None = None
    entries: int = 0
    marked: int = 0
    complete: int = 0


def sheet_key(sheet: Sheet) -> str:
    """Which sheet of its entry this is a version of. A contribution is known by its id alone."""
    if sheet.source == "contribution":
        return sheet.id
    return f"{sheet.judge}\t{sheet.stage}\t{sheet.attempt}"


def entry_input(state: EntryState) -> EntryInput:
    """What the rules evaluate. A drive's entry brings its `votes` and verified `benefit` as factors."""
    factors = dict(state.entry.factors) if state.entry else {}
    return EntryInput(state.id, _counted(state.sheets.values()), {**_proposed(state), **factors})


def contender(state: EntryState) -> Contender:
    """What ranking knows besides the evaluation; `votes` and `benefit` of a proposal are named times."""
    entry = state.entry
    unit = state.unit
    return Contender(
        entry=state.id,
        number=state.number,
        status=status(state),
        unit=unit.id if unit else "",
        category=entry.category if entry else state.proposal.category if state.proposal else "",
        times={**_proposed(state), **(entry.times if entry else {})},
        decisions=state.decisions,
    )


def status(state: EntryState) -> Status:
    """How the entry takes part: a decision of the jury is stronger than the entry's own."""
    if state.disqualified is not None:
        return "disqualified"
    proposal, entry = state.proposal, state.entry
    if (entry and entry.status == "withdrawn") or (proposal and proposal.stage == "merged"):
        return "withdrawn"
    if (entry and entry.unranked) or (proposal and proposal.stage == "declined"):
        return "unranked"
    return "competing"


def with_vetoes(state: EntryState, evaluation: Evaluation) -> Evaluation:
    """The evaluation with the jury's vetoes (一票否决) as gates that bar."""
    if not state.vetoes:
        return evaluation
    gates = tuple(
        GateResult(veto, False, "bar", Text(f"一票否决：{reason or veto}", f"Veto: {reason or veto}"))
        for veto, reason in sorted(state.vetoes.items())
    )
    return replace(evaluation, barred=True, gates=(*evaluation.gates, *gates))


def _proposed(state: EntryState) -> dict[str, Decimal]:
    if state.proposal is None:
        return {}
    benefit = {} if state.proposal.benefit is None else {"benefit": state.proposal.benefit}
    return {"votes": Decimal(state.proposal.votes), **benefit}


def _counted(sheets: Iterable[SheetState]) -> list[RulesSheet]:
    """The sheets that count, by judge; what a checker marked replaces what the unit reported of itself."""
    valid = sorted((sheet for sheet in sheets if not sheet.voided), key=lambda sheet: (sheet.judge, sheet.id))
    checked = {(sheet.attempt, path) for sheet in valid if sheet.source == "checker" for path in sheet.marks}
    return [_counted_sheet(sheet, checked) for sheet in valid]


def _counted_sheet(sheet: SheetState, checked: set[tuple[int, str]]) -> RulesSheet:
    marks = sheet.marks
    if sheet.source == "self" and checked:
        marks = {path: mark for path, mark in marks.items() if (sheet.attempt, path) not in checked}
    judge = sheet.id if sheet.source == "contribution" else sheet.judge
    return RulesSheet(judge, marks, sheet.stage, sheet.attempt, sheet.round)
