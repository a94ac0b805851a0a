"""How the judging goes: who has marked what, and how strict each judge is."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from rules.scheme import Scheme
from rules.severity import severity_report
from schemas.live_state import EntryState, status
from schemas.objects import SheetSource
from services.kit.access import Role
from services.kit.depends import Reading, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Number, Page, Resource
from services.scoring import problems
from services.scoring.domain.standings import count
from services.scoring.endpoints.doing import BoardId
from services.scoring.endpoints.records import SEEING
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import view
from services.scoring.repository.sheets import StoredSheet
from services.scoring.resources.desk import Title
from services.scoring.service.boards import board_states, name_of

router = APIRouter(
    prefix="/api/scoring",
    tags=["judging"],
    responses=responses(NotSignedIn, Forbidden, problems.UnknownBoard),
)


class Slot(Resource):
    """The present version of one sheet, without its marks. `corrected`: by the jury, not by its judge."""

    sheet: str
    judge: str
    stage: str
    attempt: int
    round: int
    version: int
    source: SheetSource
    voided: bool
    corrected: bool
    confirmed: bool
    received_at: datetime


class ProgressRow(Resource):
    entry: str
    name: str
    unit: str
    number: int
    code: str
    withdrawn: bool
    slots: list[Slot]


class Progress(Page):
    """Entries in draw order with the sheets that came in for each."""

    items: list[ProgressRow]


class JudgeReport(Resource):
    """One judge over all aspects. `deviation` from the panel's mean: above 0 is generous."""

    judge: str
    name: str
    marks: int
    deviation: Number
    distance: Number
    dropped_high: int
    dropped_low: int
    alarms: int


class Alarm(Resource):
    """Marks of one panel that lie further apart than the scheme, or the asker, allows."""

    path: str
    entry: str
    name: str
    attempt: int
    lowest: Number
    highest: Number
    low_judges: list[str]
    high_judges: list[str]


class AspectNote(Resource):
    """Why judges cannot be compared on an aspect."""

    path: str
    reasons: list[Title]


class Judging(Resource):
    judges: list[JudgeReport]
    alarms: list[Alarm]
    incomparable: list[AspectNote]


class Rows(Resource):
    offset: Annotated[int, Field(ge=0, le=1_000_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class Spread(Resource):
    """`spread` raises alarms where the scheme names no limit of its own."""

    spread: Annotated[Number, Field(gt=0)] | None = None


@router.get("/boards/{board}/progress")
def get_progress(
    board: BoardId, wanted: Annotated[Rows, Query()], session: Reading, who: SignedIn
) -> Progress:
    """Who has marked what, entry by entry."""
    about = view(session, board)
    about.require(who, *SEEING)
    blind = about.about.blind and not about.may(who, Role.ORGANISER, Role.AUDITOR)
    states = boards.entries(session, board)
    page = states[wanted.offset : wanted.offset + wanted.limit]
    found = sheets.of_entries(session, board, [state.id for state in page])
    confirmed = sheets.confirmers(session, [each.id for each in found])
    slots: dict[str, list[Slot]] = {}
    for each in found:
        slots.setdefault(each.sheet.entry, []).append(_slot(each, confirmed))
    items = [_row(state, slots.get(state.id, []), blind) for state in page]
    return Progress(total=len(states), offset=wanted.offset, limit=wanted.limit, items=items)


@router.get("/boards/{board}/judging", responses=responses(problems.SchemeMissing))
def get_judging(
    board: BoardId, wanted: Annotated[Spread, Query()], session: Reading, who: SignedIn
) -> Judging:
    """How strict each judge was, and where a panel disagreed; it changes no result."""
    found = view(session, board)
    found.require(who, *SEEING)
    rules = found.control.rules
    if rules is None:
        raise problems.SchemeMissing()
    states, _ = board_states(session, found)
    names = {each.judge: each.name for panel in found.control.panels.values() for each in panel.judges}
    entries = {state.id: name_of(state) for state in states}
    report = severity_report(count(rules, states).evaluations.values(), _limits(rules.scheme, wanted.spread))
    return Judging(
        judges=[
            JudgeReport(**asdict(each), name=names.get(each.judge, each.judge)) for each in report.judges
        ],
        alarms=[Alarm(**asdict(each), name=entries[each.entry]) for each in report.alarms],
        incomparable=[
            AspectNote(path=each.path, reasons=[Title(zh=said.zh, en=said.en) for said in each.invalid])
            for each in report.aspects
            if each.invalid
        ],
    )


def _limits(scheme: Scheme, spread: Decimal | None) -> dict[str, Decimal]:
    """The spread that raises an alarm, by aspect."""
    own = {path: placed.panel.max_spread for path, placed in scheme.index.aspects.items() if placed.panel}
    return {path: limit for path, each in own.items() if (limit := each or spread) is not None}


def _row(state: EntryState, slots: list[Slot], blind: bool) -> ProgressRow:
    return ProgressRow(
        entry=state.id,
        name=(state.code or str(state.number or "")) if blind else name_of(state),
        unit="" if blind or state.unit is None else state.unit.name,
        number=state.number,
        code=state.code,
        withdrawn=status(state) == "withdrawn",
        slots=slots,
    )


def _slot(stored: StoredSheet, confirmed: Mapping[str, str]) -> Slot:
    sheet = stored.sheet
    return Slot(
        sheet=sheet.id,
        judge=sheet.judge,
        stage=sheet.stage,
        attempt=sheet.attempt,
        round=sheet.round,
        version=sheet.version,
        source=sheet.source,
        voided=sheet.voided,
        corrected=bool(sheet.reason) and not sheet.voided,
        confirmed=bool(sheet.confirmed_by or confirmed.get(sheet.id)),
        received_at=stored.received_at,
    )
