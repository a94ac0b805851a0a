"""Who has marked what: every entry with the sheets that came in for it, or only those that changed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from schemas.live_state import EntryState, status
from schemas.objects import SheetSource
from services.kit.depends import Reading, SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.kit.resources import Page, Resource
from services.scoring import problems
from services.scoring.endpoints.doing import BoardId
from services.scoring.endpoints.records import SEEING, Paging
from services.scoring.repository import boards, changes, sheets
from services.scoring.repository.opened import view
from services.scoring.repository.sheets import StoredSheet
from services.scoring.service.boards import shown_name

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
    """Entries with the sheets that came in for each, in draw order; since a `cursor`, in no order.

    The rows are at least as new as `cursor`. `board_changed`: the scheme, a panel or a window may be another.
    """

    items: list[ProgressRow]
    cursor: str
    board_changed: bool


class Wanted(Paging):
    """`since` an earlier answer's cursor: only what changed, or everything where that is more than a page."""

    since: Annotated[str, Field(pattern=changes.CURSOR)] = ""


@router.get("/boards/{board}/progress")
def get_progress(
    board: BoardId, wanted: Annotated[Wanted, Query()], session: Reading, who: SignedIn
) -> Progress:
    """Who has marked what, entry by entry."""
    about = view(session, board)
    about.require(who, *SEEING)
    cursor = changes.cursor(session, board)
    changed = changes.since(session, board, wanted.since) if wanted.since else None
    if changed is None or len(changed.entries) > wanted.limit:
        # Never changes by the page: while they are read, they may grow to what is answered with everything.
        changed = None
        total, page = boards.page(session, board, wanted.offset, wanted.limit)
    else:
        total, page = len(changed.entries), boards.entries(session, board, changed.entries)
    found = sheets.of_entries(session, board, [state.id for state in page])
    confirmed = sheets.confirmers(session, [each.id for each in found])
    slots: dict[str, list[Slot]] = {}
    for each in found:
        slots.setdefault(each.sheet.entry, []).append(_slot(each, confirmed))
    return Progress(
        total=total,
        offset=wanted.offset,
        limit=wanted.limit,
        items=[_row(state, slots.get(state.id, []), about.hides_names(who)) for state in page],
        cursor=cursor,
        board_changed=changed is None or changed.board,
    )


def _row(state: EntryState, slots: list[Slot], hidden: bool) -> ProgressRow:
    return ProgressRow(
        entry=state.id,
        name=shown_name(state, hidden),
        unit="" if hidden or state.unit is None else state.unit.name,
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
