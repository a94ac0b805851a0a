"""What a person is shown of entries, and how a change or a refusal of many is put in words."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, case, or_

from services.kit.access import Principal, Role
from services.kit.runtime import Runtime
from services.kit.session import ReadSession
from services.registration.domain import BoardRecord, EntryRecord
from services.registration.powers import board_for, nameless, sees_names
from services.registration.problems import EntryRefused
from services.registration.repository import entries as repository
from services.registration.repository import units as unit_rows
from services.registration.resources.boards import UnitRefBody
from services.registration.resources.entries import Entries, EntryBody, EntryChange, StartList, StartPlace
from services.registration.service.drafts import Placed
from services.registration.service.entries import find
from services.registration.tables import entries, units

SHOWN_FAULTS = 500
_DRAW_ORDER = (case((entries.c.number == 0, 1), else_=0), entries.c.number, entries.c.id)


def list_entries(
    session: ReadSession,
    runtime: Runtime,
    principal: Principal,
    board_id: str,
    *,
    text: str,
    status: str | None,
    unit: str | None,
    offset: int,
    limit: int,
) -> Entries:
    record = board_for(session, principal, board_id)
    named = sees_names(session, principal, record.board)
    conditions: list[ColumnElement[bool]] = []
    if text:
        conditions.append(_matches(text, named))
    if status:
        conditions.append(entries.c.status == status)
    if unit is not None and named:
        found = unit_rows.find(session, unit)
        path = found.path if found else "//"
        conditions.append(units.c.path.startswith(path, autoescape=True))
    total, rows = repository.page(
        session, board_id, conditions=conditions, order=_DRAW_ORDER, offset=offset, limit=limit
    )
    items = [_shown(runtime, principal, record, each, named) for each in rows]
    return Entries(total=total, offset=offset, limit=limit, items=items)


def one_entry(session: ReadSession, runtime: Runtime, principal: Principal, entry_id: str) -> EntryBody:
    record, entry = find(session, principal, entry_id)
    return _shown(runtime, principal, record, entry, sees_names(session, principal, record.board))


def start_list(
    session: ReadSession, principal: Principal, board_id: str, offset: int, limit: int
) -> StartList:
    record = board_for(session, principal, board_id)
    named = sees_names(session, principal, record.board)
    conditions = [entries.c.number > 0, entries.c.status != "withdrawn"]
    total, rows = repository.page(
        session,
        board_id,
        conditions=conditions,
        order=(entries.c.number, entries.c.id),
        offset=offset,
        limit=limit,
    )
    items = [_place(each, named) for each in rows]
    return StartList(total=total, offset=offset, limit=limit, items=items)


def changes_of(body: EntryChange) -> dict[str, Any]:
    """The fields of a draft that a body changes. A unit given in one way replaces the other ways."""
    given = {name: getattr(body, name) for name in body.model_fields_set - {"version"}}
    if given.get("name") is None:
        given.pop("name", None)
    if "unit" in given:
        given["unit_id"] = given.pop("unit")
    if {"unit_id", "unit_code", "unit_name"} & given.keys():
        given = {"unit_id": "", "unit_code": "", "unit_name": ""} | given
    return given


def batch_refusal(faults: list[Placed]) -> Exception:
    """The refusal of a list of entries; faults name `/entries/<index>/<field>`."""
    said = [
        replace(placed.fault, field=f"/entries/{placed.at}/{placed.fault.field}")
        for placed in faults[:SHOWN_FAULTS]
    ]
    return EntryRefused(faults=said, found=len(faults), shown=len(said))


def _shown(
    runtime: Runtime, principal: Principal, record: BoardRecord, entry: EntryRecord, named: bool
) -> EntryBody:
    if not named:
        return EntryBody.of(replace(entry, entry=nameless(entry.entry)))
    board = record.board
    organises = principal.may(Role.ORGANISER, unit=board.unit.path, board=board.id) or principal.may(
        Role.ORGANISER, unit=entry.entry.unit.path
    )
    return EntryBody.of(entry, runtime if organises else None)


def _place(record: EntryRecord, named: bool) -> StartPlace:
    entry = record.entry if named else nameless(record.entry)
    return StartPlace(
        number=entry.number,
        code=entry.code,
        entry=entry.id,
        name=entry.name,
        unit=UnitRefBody(id=entry.unit.id, name=entry.unit.name, path=entry.unit.path),
        category=entry.category,
        unranked=entry.unranked,
        members=list(entry.members),
    )


def _matches(text: str, named: bool) -> ColumnElement[bool]:
    found = [entries.c.code == text]
    if text.isascii() and text.isdigit() and len(text) < 9:
        found.append(entries.c.number == int(text))
    if named:
        found += [entries.c.name.contains(text, autoescape=True), entries.c.external_id == text]
    return or_(*found)
