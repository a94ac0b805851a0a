"""Units: made one by one, loaded in bulk, renamed."""

from collections.abc import Sequence
from dataclasses import replace

from rules.text import Text
from schemas.events.registrations import EntryChanged
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.ids import new_id
from services.kit.problems import Fault, NotFound, Problem
from services.kit.session import ReadSession, WriteSession
from services.kit.tabular import place
from services.registration.domain import Level, Unit, UnitRow
from services.registration.problems import CodeTaken, RosterRefused
from services.registration.repository import boards as board_rows
from services.registration.repository import entries as entry_rows
from services.registration.repository import units as repository
from services.registration.service.telling import tell, tell_board
from services.registration.tables import boards, entries

LONGEST_PATH = 400
SHOWN_FAULTS = 200


def find(session: ReadSession, unit_id: str) -> Unit:
    unit = repository.find(session, unit_id)
    if unit is None:
        raise NotFound(Text("没有这个单位", "There is no such unit"))
    return unit


def make(
    session: WriteSession, principal: Principal, *, code: str, name: str, level: Level, parent_id: str | None
) -> Unit:
    """A new unit below a parent that this person organises; only administrators make roots."""
    parent = find(session, parent_id) if parent_id else None
    principal.require(Role.ORGANISER, unit=parent.path if parent else "/")
    unit = _below(parent, UnitRow(code, name, level=level))
    if len(unit.path) > LONGEST_PATH:
        raise _too_deep()
    if not repository.add(session, unit):
        existing = repository.find_code(session, code)
        raise code_taken(code, existing.id if existing else None)
    return unit


def rename(session: WriteSession, clock: Clock, principal: Principal, unit_id: str, name: str) -> Unit:
    """Rename a unit; its boards and entries tell the log their new name."""
    before = find(session, unit_id)
    principal.require(Role.ORGANISER, unit=before.path)
    own = board_rows.all_where(session, boards.c.unit == unit_id)
    entered = entry_rows.all_where(session, entries.c.unit == unit_id)
    turns = {record.board.id for record in own} | {record.entry.board for record in entered}
    log.lock(session, [(board, Topic.REGISTRATIONS) for board in turns])
    repository.rename(session, unit_id, name)
    _tell(session, clock, principal, unit_id)
    return replace(before, name=name)


def load(session: WriteSession, principal: Principal, rows: Sequence[UnitRow]) -> tuple[int, int]:
    """Add many units at once: how many were new, how many were there already, just so.

    Rows come in any order. Raises RosterRefused with every fault; then nothing is added.
    """
    new = plan(session, principal, rows)
    repository.add_all(session, new)
    return len(new), len(rows) - len(new)


def plan(session: ReadSession, principal: Principal, rows: Sequence[UnitRow]) -> list[Unit]:
    """The units that `load` would add, parents before children. Raises what `load` raises."""
    known = repository.by_code(session, {code for row in rows for code in (row.code, row.parent) if code})
    faults: list[Fault] = []
    waiting = _unknown(session, rows, known, faults)
    new: list[Unit] = []
    while ready := [row for row in waiting.values() if not row.parent or row.parent in known]:
        for row in ready:
            known[row.code] = unit = _below(known.get(row.parent), row)
            new.append(unit)
            del waiting[row.code]
    faults += [_parent_unknown(row) for row in waiting.values()]
    if faults:
        shown = faults[:SHOWN_FAULTS]
        raise RosterRefused(faults=shown, found=len(faults), shown=len(shown))
    if any(len(unit.path) > LONGEST_PATH for unit in new):
        raise _too_deep()
    for path in {unit.path.removesuffix(f"{unit.id}/") for unit in new}:
        principal.require(Role.ORGANISER, unit=path)
    return new


def code_taken(code: str, existing: str | None) -> CodeTaken:
    return CodeTaken(
        Text(f"代码“{code}”已被使用", f"The code {code} is taken"),
        way_out=Text("修改已有的对象，或换一个代码", "Change the existing one, or choose another code"),
        code=code,
        existing=existing,
    )


def _unknown(
    session: ReadSession, rows: Sequence[UnitRow], known: dict[str, Unit], faults: list[Fault]
) -> dict[str, UnitRow]:
    """Rows whose units are new, by code. Contradictions are noted as faults."""
    parents = repository.by_id(session, {unit.parent for unit in known.values() if unit.parent})
    waiting: dict[str, UnitRow] = {}
    for row in rows:
        there, twin = known.get(row.code), waiting.get(row.code)
        if there:
            parent = parents[there.parent].code if there.parent else ""
            if (there.name, parent) != (row.name, row.parent):
                faults.append(_contradicts(row, there.name))
        elif twin and twin != row:
            faults.append(_contradicts(row, twin.name))
        else:
            waiting[row.code] = row
    return waiting


def _contradicts(row: UnitRow, name: str) -> Fault:
    return Fault(
        _where(row, "code"),
        row.code,
        "code_taken",
        Text(
            f"代码“{row.code}”已属于“{name}”，名称或上级不同",
            f"Code {row.code} is {name}, elsewhere or named otherwise",
        ),
        Text("改代码，或单独修改该单位", "Change the code, or change that unit by itself"),
    )


def _parent_unknown(row: UnitRow) -> Fault:
    return Fault(
        _where(row, "parent"),
        row.parent,
        "parent_unknown",
        Text(
            f"没有上级单位“{row.parent}”，或上下级成环",
            f"There is no parent {row.parent}, or parents form a ring",
        ),
        Text("补上该上级，或改正代码", "Add that parent, or correct the code"),
    )


def _where(row: UnitRow, column: str) -> str:
    return place(row.row, column) if row.row else f"code {row.code}, column {column}"


def _below(parent: Unit | None, row: UnitRow) -> Unit:
    unit_id = new_id()
    path = f"{parent.path if parent else '/'}{unit_id}/"
    return Unit(unit_id, row.code, row.name, row.level, parent.id if parent else None, path)


def _too_deep() -> Problem:
    return RosterRefused(Text("单位层级最多 10 层", "Units may be at most 10 levels deep"))


def _tell(session: WriteSession, clock: Clock, principal: Principal, unit_id: str) -> None:
    now = clock()
    for record in board_rows.all_where(session, boards.c.unit == unit_id):
        raised_board = replace(record, version=board_rows.raise_version(session, record.board.id))
        tell_board(session, raised_board, principal, now)
    for record_of_entry in entry_rows.all_where(session, entries.c.unit == unit_id):
        raised = replace(record_of_entry, version=record_of_entry.version + 1)
        entry_rows.change(session, raised)
        entry = raised.entry
        tell(session, EntryChanged(entry=entry), entry.board, principal, now=now, version=raised.version)
