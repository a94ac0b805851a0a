"""Sheets by id and slot, and their append-only versions."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import and_, bindparam, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from schemas.envelope import canonical
from schemas.objects import Sheet
from services.kit.one_of import one_of
from services.kit.prepared import Prepared
from services.kit.session import ReadSession, WriteSession
from services.scoring.tables import ConfirmationRow, SheetRow

_ENTRIES_AT_ONCE = 50
_decoder = msgspec.json.Decoder(Sheet)
_columns = (SheetRow.id, SheetRow.slot, SheetRow.actor, SheetRow.received_at, SheetRow.body)

# Built once: making a statement costs more than running it.
_arriving = Prepared(
    select(SheetRow.version, *_columns).where(
        or_(
            one_of(SheetRow.id, "ids"),
            and_(one_of(SheetRow.board, "boards"), one_of(SheetRow.slot, "slots")),
        )
    )
)
_insert = Prepared(
    insert(SheetRow).values({column.key: bindparam(column.key) for column in SheetRow.__table__.columns})
)


@dataclass(frozen=True, slots=True)
class StoredSheet:
    """A version as it was taken: by whom, and when it arrived."""

    id: str
    slot: str
    sheet: Sheet
    actor: str
    received_at: datetime


def arriving(
    session: ReadSession, ids: Sequence[str], boards: Sequence[str], slots: Sequence[str]
) -> list[StoredSheet]:
    """The sheets with one of these ids, and the last version of each of these slots of these boards."""
    rows = _arriving.rows(session, {"ids": ids, "boards": boards, "slots": slots})
    last: dict[str, int] = {}
    for version, _, slot, *_ in rows:
        last[slot] = max(version, last.get(slot, 0))
    namesakes = set(ids)
    return [
        _stored(id, slot, *rest)
        for version, id, slot, *rest in rows
        if version == last[slot] or id in namesakes
    ]


def add(session: WriteSession, taken: Iterable[StoredSheet]) -> None:
    rows = [
        {
            "id": each.id,
            "slot": each.slot,
            "version": each.sheet.version,
            "board": each.sheet.board,
            "entry": each.sheet.entry,
            "judge": each.sheet.judge,
            "actor": each.actor,
            "received_at": each.received_at,
            "body": canonical(each.sheet),
        }
        for each in taken
    ]
    if rows:
        _insert.each(session, rows)


def find(session: ReadSession, sheet: str) -> StoredSheet | None:
    row = session.execute(select(*_columns).where(SheetRow.id == sheet)).first()
    return None if row is None else _stored(*row)


def history(session: ReadSession, board: str, slot: str) -> list[StoredSheet]:
    """Every version of a slot, the first one first."""
    found = session.execute(
        select(*_columns).where(SheetRow.board == board, SheetRow.slot == slot).order_by(SheetRow.version)
    )
    return [_stored(*row) for row in found]


def current(
    session: ReadSession,
    board: str,
    *,
    entry: str = "",
    judge: str = "",
    offset: int = 0,
    limit: int | None = None,
) -> Iterator[StoredSheet]:
    """The last version of every slot of a board, by slot."""
    statement = select(*_columns).where(*_current(board, entry, judge)).order_by(SheetRow.slot)
    if limit is not None:
        statement = statement.offset(offset).limit(limit)
    for row in session.execute(statement.execution_options(yield_per=1000)):
        yield _stored(*row)


def of_entries(session: ReadSession, board: str, entries: Sequence[str]) -> list[StoredSheet]:
    """The last version of every slot of some entries of a board."""
    found: list[StoredSheet] = []
    for begin in range(0, len(entries), _ENTRIES_AT_ONCE):
        wanted = or_(*(_slots_of(board, entry) for entry in entries[begin : begin + _ENTRIES_AT_ONCE]))
        rows = session.execute(select(*_columns).where(wanted, _is_last()).order_by(SheetRow.slot))
        found.extend(_stored(*row) for row in rows)
    return found


def count_current(session: ReadSession, board: str, *, entry: str = "", judge: str = "") -> int:
    statement = select(func.count()).select_from(SheetRow).where(*_current(board, entry, judge))
    return session.scalar(statement) or 0


def any_marks(session: ReadSession, board: str) -> bool:
    """Whether a mark was ever taken on this board."""
    return bool(session.scalar(select(exists().where(SheetRow.board == board))))


def confirmation(session: ReadSession, sheet: str) -> ConfirmationRow | None:
    return session.get(ConfirmationRow, sheet)


def confirmers(session: ReadSession, sheets: Iterable[str]) -> dict[str, str]:
    """Who confirmed each of these sheets."""
    statement = select(ConfirmationRow.sheet, ConfirmationRow.confirmer).where(
        ConfirmationRow.sheet.in_(list(sheets))
    )
    return {row.sheet: row.confirmer for row in session.execute(statement)}


def _current(board: str, entry: str, judge: str) -> list[Any]:
    found = [_slots_of(board, entry) if entry else SheetRow.board == board, _is_last()]
    if judge:
        found.append(SheetRow.judge == judge)
    return found


def _slots_of(board: str, entry: str) -> Any:
    """A range of the index, also where several are joined: slots begin with the entry."""
    return and_(SheetRow.board == board, SheetRow.slot > f"{entry}\t", SheetRow.slot < f"{entry}\n")


def _is_last() -> Any:
    newer = aliased(SheetRow)
    return ~exists().where(
        newer.board == SheetRow.board, newer.slot == SheetRow.slot, newer.version > SheetRow.version
    )


def _stored(id: str, slot: str, actor: str, received_at: datetime, body: bytes) -> StoredSheet:
    return StoredSheet(id, slot, _decoder.decode(body), actor, received_at)
