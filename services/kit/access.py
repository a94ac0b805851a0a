"""Who is asking and what they may do: sessions, grants, principals.

A **grant** gives a role in a scope: a part of the unit tree (`unit`, a path prefix; "/" is everything),
one board, or one judge's place on a board. The session row carries its grants, so that every service
can check them without asking another one. Tokens are 256 random bits; only their SHA-256 is stored.
"""

import hashlib
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from rules.text import Text
from services.kit.columns import UtcDateTime
from services.kit.ids import new_id
from services.kit.problems import Forbidden
from services.kit.session import ReadSession, WriteSession
from services.kit.tables import sessions

COOKIE = "leitai_session"
_CACHE_SECONDS = 1.0

# Built once: making a statement costs more than running it, and every busy tablet asks once a second.
_by_token = select(sessions).where(
    sessions.c.token_hash == bindparam("hashed"),
    sessions.c.expires_at > bindparam("now", type_=UtcDateTime()),
    sessions.c.revoked_at.is_(None),
)


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    ORGANISER = "organiser"
    CHIEF_JUDGE = "chief_judge"
    JUDGE = "judge"
    AUDITOR = "auditor"
    CONTESTANT = "contestant"


_NAMES = {
    Role.ADMINISTRATOR: Text("管理员", "administrator"),
    Role.ORGANISER: Text("承办方", "organiser"),
    Role.CHIEF_JUDGE: Text("裁判长", "chief judge"),
    Role.JUDGE: Text("裁判", "judge"),
    Role.AUDITOR: Text("监督", "auditor"),
    Role.CONTESTANT: Text("选手", "contestant"),
}


_ASK = Text("请联系管理员授权", "Ask an administrator for the role")
_REPLACE_OR_ASK = Text(
    "若用一次性密码登录，请先修改密码；否则请联系管理员授权",
    "If you signed in with a one-time password, replace it first; else ask an administrator for the role",
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role in one scope. `board` "" means every board of the units; `judge` is the judge's id."""

    role: Role
    unit: str = ""
    board: str = ""
    judge: str = ""

    def covers(self, unit: str, board: str) -> bool:
        """Whether the scope holds the board `board` of the unit at path `unit`."""
        return (bool(self.board) and self.board == board) or (bool(self.unit) and unit.startswith(self.unit))


@dataclass(frozen=True, slots=True)
class Principal:
    """The person behind a request. `account` names them in the ledger; anonymous people have none."""

    session: str
    account: str
    name: str
    device: str
    grants: tuple[Grant, ...]

    @property
    def is_administrator(self) -> bool:
        return any(grant.role is Role.ADMINISTRATOR for grant in self.grants)

    def may(self, *roles: Role, unit: str = "", board: str = "") -> bool:
        """Whether one of `roles` is granted over this unit path or board; administrators may always."""
        return self.is_administrator or any(
            grant.role in roles and grant.covers(unit, board) for grant in self.grants
        )

    def require(self, *roles: Role, unit: str = "", board: str = "") -> None:
        """Raise Forbidden, naming the roles that may, unless `may` holds."""
        if not self.may(*roles, unit=unit, board=board):
            zh = "、".join(_NAMES[role].zh for role in roles) or "管理员"
            en = " or ".join(_NAMES[role].en for role in roles) or "administrator"
            raise Forbidden(
                Text(f"需要{zh}的角色", f"This needs the role of {en}"),
                way_out=_ASK if self.grants else _REPLACE_OR_ASK,
                roles=[role.value for role in roles],
            )

    @property
    def organised(self) -> list[str]:
        """The paths at and below which this person is an organiser."""
        if self.is_administrator:
            return ["/"]
        return [grant.unit for grant in self.grants if grant.role is Role.ORGANISER and grant.unit]

    def judge_on(self, board: str) -> str | None:
        """This person's judge id on a board, or None."""
        return next((g.judge for g in self.grants if g.judge and g.board == board), None)


def open_session(
    session: WriteSession,
    *,
    account: str,
    name: str,
    grants: Iterable[Grant],
    now: datetime,
    hours: int,
    device: str = "",
) -> str:
    """Open a session and return its token, which is nowhere stored."""
    token = secrets.token_urlsafe(32)
    session.execute(
        insert(sessions).values(
            id=new_id(),
            token_hash=_hashed(token),
            account=account,
            name=name,
            grants=[asdict(grant) for grant in grants],
            device=device,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    return token


def set_grants(session: WriteSession, account: str, grants: Iterable[Grant]) -> None:
    """Give the open sessions of an account its new grants."""
    session.execute(
        update(sessions)
        .where(sessions.c.account == account)
        .values(grants=[asdict(grant) for grant in grants])
    )


def revoke(session: WriteSession, now: datetime, *, account: str = "", session_id: str = "") -> int:
    """End the open sessions of an account, or one session. Other processes notice within a second."""
    which = sessions.c.account == account if account else sessions.c.id == session_id
    found = session.execute(
        update(sessions).where(which, sessions.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result is a CursorResult


def find_principal(session: ReadSession, token: str, now: datetime) -> Principal | None:
    """Whose token this is, or None where it is unknown, expired or revoked."""
    row = session.connection().execute(_by_token, {"hashed": _hashed(token), "now": now}).first()
    if row is None:
        return None
    grants = tuple(_grant(data) for data in row.grants)
    return Principal(session=row.id, account=row.account, name=row.name, device=row.device, grants=grants)


class PrincipalCache:
    """Principals by token for one second, so that a busy tablet does not cost a query per sheet."""

    def __init__(self) -> None:
        self._found: dict[str, tuple[float, Principal]] = {}
        self._turn = threading.Lock()

    def get(self, token: str) -> Principal | None:
        found = self._found.get(token)
        return found[1] if found and found[0] > time.monotonic() else None

    def put(self, token: str, principal: Principal) -> None:
        with self._turn:
            if len(self._found) > 10_000:
                self._found.clear()
            self._found[token] = (time.monotonic() + _CACHE_SECONDS, principal)


def _grant(data: Mapping[str, Any]) -> Grant:
    return Grant(Role(data["role"]), data["unit"], data["board"], data["judge"])


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
