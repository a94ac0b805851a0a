"""What happens to a sheet after it was taken: confirmed by a second person, corrected, voided.

Rows never change: a correction or a voiding is the slot's next version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace
from sqlalchemy import insert

from rules.text import Text
from schemas.events.scores import SheetConfirmed, SheetCorrected, SheetVoided
from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.problems import Fault
from services.kit.session import ReadSession, WriteSession
from services.scoring import problems
from services.scoring.domain.marks import require_marks, shown
from services.scoring.domain.sheets import require_base, require_same, require_unpublished, require_unsealed
from services.scoring.domain.submission import Submission
from services.scoring.repository import sheets
from services.scoring.repository.opened import OpenBoard, take_turn
from services.scoring.repository.sheets import StoredSheet
from services.scoring.service.boards import note
from services.scoring.service.sheets import Taken
from services.scoring.tables import ConfirmationRow


@dataclass(frozen=True, slots=True)
class Change:
    """A correction (`marks` given) or a voiding (`marks` None) of the version `base`."""

    id: str
    base: int
    reason: str
    marks: Mapping[str, Decimal | None] | None = None
    notes: Mapping[str, str] | None = None


def find(session: ReadSession, sheet: str) -> StoredSheet:
    """Raises UnknownSheet."""
    found = sheets.find(session, sheet)
    if found is None:
        unknown = Text("没有这张评分表", "There is no such sheet")
        way_out = Text("从榜的评分表中选取", "Take one from the board's sheets")
        raise problems.UnknownSheet(faults=[Fault("/sheet", sheet, "unknown_sheet", unknown, way_out)])
    return found


def confirm(session: WriteSession, sheet_id: str, who: Principal, clock: Clock) -> StoredSheet:
    """A second person says that the sheet is right. Saying it again changes nothing."""
    found = find(session, sheet_id)
    board = take_turn(session, found.sheet.board)
    board.require(who, Role.CHIEF_JUDGE, Role.JUDGE, Role.ORGANISER)
    current = _current(session, found)
    if current.id != found.id:
        raise problems.StaleBase(
            way_out=Text("请确认现在的版本", "Confirm the present version"), current=shown(current.sheet)
        )
    _require_valid(found)
    if sheets.confirmation(session, sheet_id) is not None:
        return found
    if who.account == found.actor:
        raise problems.SamePerson(
            way_out=Text("请另一名裁判或裁判长确认", "Let another judge or the chief judge confirm it")
        )
    session.execute(
        insert(ConfirmationRow).values(
            sheet=sheet_id, submitter=found.actor, confirmer=who.account, confirmed_at=clock()
        )
    )
    note(session, SheetConfirmed(sheet=replace(found.sheet, confirmed_by=who.account)), board.id, who, clock)
    return found


def change(session: WriteSession, sheet_id: str, wanted: Change, who: Principal, clock: Clock) -> Taken:
    """Correct or void a sheet with a reason: the chief judge's right."""
    found = find(session, sheet_id)
    board = take_turn(session, found.sheet.board)
    board.require(who, Role.CHIEF_JUDGE)
    current = _current(session, found)
    given = _submission(current, wanted)
    namesake = sheets.find(session, wanted.id)
    if namesake is not None:
        _require_repeat(namesake, given, wanted)
        return Taken(namesake, created=False)
    _require_possible(board, current, given, wanted)
    version = replace(given.sheet(), reason=wanted.reason, voided=wanted.marks is None)
    stored = StoredSheet(version.id, current.slot, version, who.account, clock())
    sheets.add(session, [stored])
    fact = SheetVoided(sheet=version) if version.voided else SheetCorrected(sheet=version)
    note(session, fact, board.id, who, clock)
    return Taken(stored, created=True)


def _submission(current: StoredSheet, wanted: Change) -> Submission:
    """The next version as if it arrived; who marked, where and in which round stays."""
    before = current.sheet
    return Submission(
        id=wanted.id,
        board=before.board,
        entry=before.entry,
        judge=before.judge,
        marks=before.marks if wanted.marks is None else wanted.marks,
        stage=before.stage,
        attempt=before.attempt,
        round=before.round,
        base=wanted.base,
        source=before.source,
        notes=before.notes if wanted.notes is None else wanted.notes,
        device=before.device,
        marked_at=before.marked_at,
    )


def _require_repeat(namesake: StoredSheet, given: Submission, wanted: Change) -> None:
    same = replace(namesake.sheet, voided=False) if wanted.marks is None else namesake.sheet
    require_same(same, given)
    if namesake.sheet.reason != wanted.reason or namesake.sheet.voided != (wanted.marks is None):
        raise problems.SheetIdReused(
            way_out=Text("为新的内容使用新的编号", "Give new content a new id"), stored=shown(namesake.sheet)
        )


def _require_possible(board: OpenBoard, current: StoredSheet, given: Submission, wanted: Change) -> None:
    require_unpublished(board.control)
    require_unsealed(board.control, given)
    if board.control.rules is not None and wanted.marks is not None:
        require_marks(board.control.rules, given)
    require_base(current.sheet, given)
    if wanted.marks is None:
        _require_valid(current)


def _require_valid(found: StoredSheet) -> None:
    if found.sheet.voided:
        raise problems.SheetVoid(way_out=Text("请裁判重新评分", "Let the judge mark again"))


def _current(session: ReadSession, found: StoredSheet) -> StoredSheet:
    return sheets.history(session, found.sheet.board, found.slot)[-1]
