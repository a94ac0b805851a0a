"""Entries in the database."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, bindparam, func, insert, select, update

from schemas.objects import Entry, UnitRef
from services.kit.session import ReadSession, WriteSession
from services.registration.domain import EntryRecord
from services.registration.repository.units import BATCH
from services.registration.tables import boards, entries, units

_entries: Select[Any] = select(
    entries, units.c.name.label("unit_name"), units.c.path.label("unit_path")
).join_from(entries, units)
_insert = insert(entries)
_numbered = (
    update(entries)
    .where(entries.c.id == bindparam("of_entry"))
    .values(number=bindparam("new_number"), code=bindparam("new_code"), version=bindparam("new_version"))
)
_verified = (
    update(entries)
    .where(entries.c.id == bindparam("of_entry"))
    .values(
        status="verified",
        verified_at=bindparam("at"),
        verified_by=bindparam("by"),
        version=bindparam("new_version"),
    )
)


@dataclass(frozen=True, slots=True)
class Taken:
    """An entry that has something which only one may have."""

    id: str
    board: str
    board_title: str
    name: str


def find(session: ReadSession, entry: str) -> EntryRecord | None:
    row = session.execute(_entries.where(entries.c.id == entry)).first()
    return None if row is None else _record(row)


def all_where(session: ReadSession, *conditions: ColumnElement[bool]) -> list[EntryRecord]:
    rows = session.execute(_entries.where(*conditions).order_by(entries.c.id))
    return [_record(row) for row in rows]


def page(
    session: ReadSession,
    board: str,
    *,
    conditions: Collection[ColumnElement[bool]],
    order: Sequence[ColumnElement[Any]],
    offset: int,
    limit: int,
) -> tuple[int, list[EntryRecord]]:
    wanted = _entries.where(entries.c.board == board, *conditions)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(*order).offset(offset).limit(limit))
    return total, [_record(row) for row in rows]


def has_any(session: ReadSession, board: str) -> bool:
    return session.execute(select(entries.c.id).where(entries.c.board == board).limit(1)).first() is not None


def last_number(session: ReadSession, board: str) -> int:
    return session.scalar(select(func.max(entries.c.number)).where(entries.c.board == board)) or 0


def codes_of(session: ReadSession, board: str) -> set[str]:
    return set(session.scalars(select(entries.c.code).where(entries.c.board == board, entries.c.code != "")))


def taken(
    session: ReadSession, column: ColumnElement[Any], values: Iterable[Any], *conditions: ColumnElement[bool]
) -> dict[Any, Taken]:
    """Which of these values of a column are in use where the conditions hold, and by which entry."""
    found: dict[Any, Taken] = {}
    wanted = select(column.label("value"), entries.c.id, entries.c.name, entries.c.board, boards.c.title_zh)
    wanted = wanted.join_from(entries, boards).where(*conditions)
    for part in _parts(sorted(set(values))):
        for row in session.execute(wanted.where(column.in_(part))):
            found[row.value] = Taken(row.id, row.board, row.title_zh, row.name)
    return found


def add_all(session: WriteSession, records: Sequence[EntryRecord]) -> None:
    session.execute(_insert, [_values(record) for record in records])


def change(session: WriteSession, record: EntryRecord) -> None:
    session.execute(update(entries).where(entries.c.id == record.entry.id).values(_values(record)))


def set_numbers(session: WriteSession, records: Sequence[EntryRecord]) -> None:
    session.connection().execute(
        _numbered,
        [
            {
                "of_entry": record.entry.id,
                "new_number": record.entry.number,
                "new_code": record.entry.code,
                "new_version": record.version,
            }
            for record in records
        ],
    )


def set_verified(session: WriteSession, records: Sequence[EntryRecord]) -> None:
    session.connection().execute(
        _verified,
        [
            {
                "of_entry": record.entry.id,
                "at": record.verified_at,
                "by": record.verified_by,
                "new_version": record.version,
            }
            for record in records
        ],
    )


def _parts(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[at : at + BATCH] for at in range(0, len(values), BATCH))


def _values(record: EntryRecord) -> dict[str, Any]:
    entry = record.entry
    return {
        "id": entry.id,
        "board": entry.board,
        "campaign": record.campaign,
        "kind": entry.kind,
        "name": entry.name,
        "unit": entry.unit.id,
        "external_id": entry.external_id or None,
        "number": entry.number,
        "code": entry.code,
        "category": entry.category,
        "status": entry.status,
        "unranked": entry.unranked,
        "reason": entry.reason,
        "factors": msgspec.to_builtins(entry.factors),
        "times": msgspec.to_builtins(entry.times),
        "members": list(entry.members),
        "id_number": record.id_number,
        "person": record.person,
        "phone": record.phone,
        "version": record.version,
        "registered_at": record.registered_at,
        "registered_by": record.registered_by,
        "verified_at": record.verified_at,
        "verified_by": record.verified_by,
    }


_OF_ENTRY = frozenset(Entry.__struct_fields__) - {"unit", "external_id"}


def _record(row: Row[Any]) -> EntryRecord:
    named = row._mapping
    fields = {name: named[name] for name in _OF_ENTRY}
    unit = UnitRef(id=row.unit, name=row.unit_name, path=row.unit_path)
    data = fields | {"unit": msgspec.to_builtins(unit), "external_id": row.external_id or ""}
    return EntryRecord(
        entry=msgspec.convert(data, Entry),
        campaign=row.campaign,
        version=row.version,
        registered_at=row.registered_at,
        registered_by=row.registered_by,
        id_number=row.id_number,
        person=row.person,
        phone=row.phone,
        verified_at=row.verified_at,
        verified_by=row.verified_by,
    )
