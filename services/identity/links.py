"""Judge links: a secret in a QR code, exchanged once for a session on one device, revocable."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, and_, func, insert, or_, select, update

from rules.text import Text
from schemas.events.registrations import BoardChanged, BoardOpened
from services.identity import repository
from services.identity.domain import device_mark
from services.identity.problems import LinkSpent, LinkUnknown
from services.identity.tables import judge_links
from services.kit import log
from services.kit.access import Grant, Principal, Role, find_principal, open_session, revoke
from services.kit.ids import new_id
from services.kit.problems import Forbidden, NotFound
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession

_AGAIN = Text("请向裁判长要新的二维码", "Ask the chief judge for a new code")


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A link just made. The address holds the secret and is nowhere stored."""

    id: str
    url: str
    expires_at: datetime


def make(
    session: WriteSession,
    runtime: Runtime,
    principal: Principal,
    *,
    board: str,
    judge: str,
    name: str,
    role: Role,
    hours: int,
) -> MadeLink:
    """Make a link. Chief judges may invite judges; only organisers may invite a chief judge."""
    _require_power(session, principal, board, role)
    if repository.find(session, judge):
        raise Forbidden(Text("裁判编号不能用账号编号", "A judge's id cannot be an account's"))
    token, now = secrets.token_urlsafe(32), runtime.clock()
    made = MadeLink(new_id(), f"{runtime.settings.url}/judge#{token}", now + timedelta(hours=hours))
    session.execute(
        insert(judge_links).values(
            id=made.id,
            token_hash=_hashed(token),
            board=board,
            judge=judge,
            name=name,
            role=role.value,
            created_by=principal.account,
            created_at=now,
            expires_at=made.expires_at,
        )
    )
    return made


def exchange(session: WriteSession, runtime: Runtime, token: str, device: str) -> tuple[str, Principal]:
    """A session for this device and its token. Repeating it from the same device gives a fresh session.

    A judge who exchanges links of several boards on one device has one session with all of them.
    """
    now, device = runtime.clock(), device_mark(device)
    mine = _with_those_of_device(session, _hashed(token), device, now)
    link = next((each for each in mine if each.token_hash == _hashed(token)), None)
    if link is None:
        raise LinkUnknown(way_out=_AGAIN)
    _require_usable(link, device, now)
    for old in {each.session_id for each in mine if each.session_id}:
        revoke(session, now, session_id=old)
    last = max(each.expires_at for each in mine)
    opened = open_session(
        session,
        account=link.judge,
        name=link.name,
        grants=[Grant(Role(each.role), board=each.board, judge=each.judge) for each in mine],
        now=now,
        hours=-(-int((last - now).total_seconds()) // 3600),
        device=device,
    )
    principal = find_principal(session, opened, now)
    if principal is None:
        raise LinkUnknown(way_out=_AGAIN)
    session.execute(
        update(judge_links)
        .where(judge_links.c.id.in_([each.id for each in mine]))
        .values(device=device, session_id=principal.session, last_used_at=now)
    )
    session.execute(
        update(judge_links)
        .where(judge_links.c.id == link.id, judge_links.c.exchanged_at.is_(None))
        .values(exchanged_at=now)
    )
    return opened, principal


def revoke_link(session: WriteSession, runtime: Runtime, principal: Principal, link_id: str) -> None:
    """End a link and the session that came of it."""
    link = session.execute(select(judge_links).where(judge_links.c.id == link_id).with_for_update()).first()
    if link is None:
        raise NotFound(Text("没有这个裁判链接", "There is no such judge link"))
    _require_power(session, principal, link.board, Role(link.role))
    now = runtime.clock()
    session.execute(
        update(judge_links)
        .where(judge_links.c.id == link_id, judge_links.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    if link.session_id:
        revoke(session, now, session_id=link.session_id)


def list_links(
    session: ReadSession, principal: Principal, board: str, offset: int, limit: int
) -> tuple[int, list[Row[Any]]]:
    """The links of a board, the newest first."""
    _require_power(session, principal, board, Role.JUDGE)
    total = session.scalar(select(func.count()).where(judge_links.c.board == board)) or 0
    rows = session.execute(
        select(judge_links)
        .where(judge_links.c.board == board)
        .order_by(judge_links.c.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return total, list(rows)


def note_use(
    session: WriteSession, session_id: str, now: datetime, device: Mapping[str, Any] | None = None
) -> None:
    """The device was there now; what it says of itself stays until it says something else."""
    told: dict[str, Any] = {"last_used_at": now} | ({"device_state": dict(device)} if device else {})
    session.execute(update(judge_links).where(judge_links.c.session_id == session_id).values(told))


def state_of(link: Row[Any], now: datetime) -> str:
    """`revoked`, `expired`, `in_use` or `open`."""
    if link.revoked_at:
        return "revoked"
    if link.expires_at <= now:
        return "expired"
    return "in_use" if link.exchanged_at else "open"


def _require_power(session: ReadSession, principal: Principal, board: str, role: Role) -> None:
    opened = log.latest(session, board, BoardOpened, BoardChanged)
    if opened is None:
        raise NotFound(Text("没有这个榜", "There is no such board"))
    powers = [Role.ORGANISER, Role.CHIEF_JUDGE] if role is Role.JUDGE else [Role.ORGANISER]
    principal.require(*powers, unit=opened.board.unit.path, board=board)


def _require_usable(link: Row[Any], device: str, now: datetime) -> None:
    state = state_of(link, now)
    said = {
        "revoked": Text("链接已被撤销", "The link was revoked"),
        "expired": Text("链接已过期", "The link has expired"),
        "elsewhere": Text("链接已在另一台设备上使用", "The link was used on another device"),
    }
    if state == "in_use" and link.device != device:
        state = "elsewhere"
    if state in said:
        raise LinkSpent(said[state], way_out=_AGAIN, state=state)


def _with_those_of_device(
    session: WriteSession, token_hash: str, device: str, now: datetime
) -> list[Row[Any]]:
    """The link, and the other live ones of its judge on the device; held, in order of id."""
    is_link = judge_links.c.token_hash == token_hash
    judge = session.scalar(select(judge_links.c.judge).where(is_link))
    is_other = and_(
        judge_links.c.judge == judge,
        judge_links.c.device == device,
        judge_links.c.expires_at > now,
        judge_links.c.revoked_at.is_(None),
    )
    wanted = select(judge_links).where(or_(is_link, is_other)).order_by(judge_links.c.id).with_for_update()
    return list(session.execute(wanted))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
