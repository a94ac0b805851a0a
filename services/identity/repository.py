"""Accounts and sign-in attempts in the database."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Row, String, cast, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from services.identity.domain import FORGOTTEN_AFTER, Account
from services.identity.tables import accounts, sign_in_attempts
from services.kit.access import Grant, Role
from services.kit.session import ReadSession, WriteSession


def find(session: ReadSession, account: str) -> Account | None:
    row = session.execute(select(accounts).where(accounts.c.id == account)).first()
    return None if row is None else _account(row)


def hold(session: WriteSession, account: str) -> Account | None:
    """The account, held until the transaction ends."""
    row = session.execute(select(accounts).where(accounts.c.id == account).with_for_update()).first()
    return None if row is None else _account(row)


def find_login(session: ReadSession, login: str) -> tuple[Account, str] | None:
    """The account of a login and its password hash."""
    row = session.execute(select(accounts).where(accounts.c.login == login)).first()
    return None if row is None else (_account(row), row.password_hash)


def add(session: WriteSession, account: Account, password_hash: str) -> bool:
    """Add an account; False where its login is taken."""
    values = asdict(account) | {"grants": _data(account.grants), "password_hash": password_hash}
    try:
        with session.begin_nested():
            session.execute(insert(accounts).values(values))
    except IntegrityError:
        return False
    return True


def change(session: WriteSession, account: str, **values: Any) -> None:
    if "grants" in values:
        values["grants"] = _data(values["grants"])
    session.execute(update(accounts).where(accounts.c.id == account).values(values))


def page(
    session: ReadSession, units: Sequence[str] | None, offset: int, limit: int
) -> tuple[int, list[Account]]:
    """How many accounts belong to units below these paths (None: all), and some of them by login."""
    wanted = select(accounts)
    if units is not None:
        wanted = wanted.where(or_(*(accounts.c.unit.startswith(unit, autoescape=True) for unit in units)))
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(wanted.order_by(accounts.c.login).offset(offset).limit(limit))
    return total, [_account(row) for row in rows]


def exists_any(session: ReadSession) -> bool:
    return session.execute(select(accounts.c.id).limit(1)).first() is not None


def administrators(session: WriteSession) -> list[str]:
    """The accounts that are administrators, held in order, so that two cannot both leave at once."""
    some = cast(accounts.c.grants, String).contains(Role.ADMINISTRATOR.value)
    rows = session.execute(select(accounts).where(some).order_by(accounts.c.id).with_for_update())
    return [row.id for row in rows if _account(row).is_administrator]


def attempt(session: WriteSession, counted: str, now: datetime) -> tuple[int, datetime | None]:
    """The failures in a row of what is counted, a login for one, and until when it is locked. Held."""
    key = _key(counted)
    which = select(sign_in_attempts).where(sign_in_attempts.c.login == key).with_for_update()
    row = session.execute(which).first()
    if row is None:
        session.execute(delete(sign_in_attempts).where(sign_in_attempts.c.last_at < now - FORGOTTEN_AFTER))
        try:
            with session.begin_nested():
                session.execute(insert(sign_in_attempts).values(login=key, failures=0, last_at=now))
        except IntegrityError:  # another request was first; its row is there now
            pass
        row = session.execute(which).one()
    return row.failures, row.locked_until


def count_failure(
    session: WriteSession, counted: str, failures: int, now: datetime, locked_until: datetime | None
) -> None:
    session.execute(
        update(sign_in_attempts)
        .where(sign_in_attempts.c.login == _key(counted))
        .values(failures=failures, last_at=now, locked_until=locked_until)
    )


def forgive(session: WriteSession, counted: str) -> None:
    session.execute(delete(sign_in_attempts).where(sign_in_attempts.c.login == _key(counted)))


def _key(counted: str) -> str:
    return hashlib.sha256(counted.encode()).hexdigest()


def _data(grants: Iterable[Grant]) -> list[dict[str, Any]]:
    return [asdict(grant) for grant in grants]


def _account(row: Row[Any]) -> Account:
    return Account(
        id=row.id,
        login=row.login,
        name=row.name,
        unit=row.unit,
        grants=tuple(_grant(data) for data in row.grants),
        must_change_password=row.must_change_password,
        created_at=row.created_at,
        disabled_at=row.disabled_at,
    )


def _grant(data: Mapping[str, Any]) -> Grant:
    return Grant(Role(data["role"]), data["unit"], data["board"], data["judge"])
