"""The unit tree in the database."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import ColumnElement, Row, false, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.kit.session import ReadSession, WriteSession
from services.registration.domain import Unit
from services.registration.tables import units

BATCH = 500


def find(session: ReadSession, unit: str) -> Unit | None:
    row = session.execute(select(units).where(units.c.id == unit)).first()
    return None if row is None else _unit(row)


def find_code(session: ReadSession, code: str) -> Unit | None:
    row = session.execute(select(units).where(units.c.code == code)).first()
    return None if row is None else _unit(row)


def by_id(session: ReadSession, ids: Iterable[str]) -> dict[str, Unit]:
    return {unit.id: unit for unit in _among(session, units.c.id, ids)}


def by_code(session: ReadSession, codes: Iterable[str]) -> dict[str, Unit]:
    return {unit.code: unit for unit in _among(session, units.c.code, codes)}


def by_name(session: ReadSession, names: Iterable[str], below: str) -> dict[str, list[Unit]]:
    """Units of these names below a path; a name may belong to several."""
    found: dict[str, list[Unit]] = {}
    for unit in _among(session, units.c.name, names):
        if unit.path.startswith(below):
            found.setdefault(unit.name, []).append(unit)
    return found


def names_below(session: ReadSession, path: str) -> list[str]:
    below = units.c.path.startswith(path, autoescape=True)
    return list(session.scalars(select(units.c.name).where(below).distinct().limit(20_000)))


def add(session: WriteSession, unit: Unit) -> bool:
    """Add a unit; False where its code is taken."""
    try:
        with session.begin_nested():
            session.execute(insert(units).values(asdict(unit)))
    except IntegrityError:
        return False
    return True


def add_all(session: WriteSession, new: Sequence[Unit]) -> None:
    """Add units, parents before children."""
    if new:
        session.execute(insert(units), [asdict(unit) for unit in new])


def rename(session: WriteSession, unit: str, name: str) -> None:
    session.execute(update(units).where(units.c.id == unit).values(name=name))


def page(
    session: ReadSession,
    *,
    parent: str | None,
    roots: bool,
    below: Collection[str] | None,
    text: str,
    offset: int,
    limit: int,
) -> tuple[int, list[Unit]]:
    """Children of a parent, or the roots, or all; those whose name or code contains `text`; by code.

    `below` leaves only units at or below one of these paths.
    """
    wanted = select(units)
    if below is not None:
        theirs = (units.c.path.startswith(path, autoescape=True) for path in below)
        wanted = wanted.where(or_(false(), *theirs))
    if roots:
        wanted = wanted.where(units.c.parent.is_(None))
    if parent:
        wanted = wanted.where(units.c.parent == parent)
    if text:
        wanted = wanted.where(
            units.c.name.contains(text, autoescape=True) | units.c.code.startswith(text, autoescape=True)
        )
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(units.c.code).offset(offset).limit(limit))
    return total, [_unit(row) for row in rows]


def _among(session: ReadSession, column: ColumnElement[str], wanted: Iterable[str]) -> list[Unit]:
    found: list[Unit] = []
    for part in _parts(sorted(set(wanted))):
        found += [_unit(row) for row in session.execute(select(units).where(column.in_(part)))]
    return found


def _parts(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + BATCH] for at in range(0, len(values), BATCH))


def _unit(row: Row[Any]) -> Unit:
    return Unit(row.id, row.code, row.name, row.level, row.parent, row.path)
