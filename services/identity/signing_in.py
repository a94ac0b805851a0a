"""Signing in and out, with failures counted, so that guessing is slow.

They are counted per login, known or not; and for themselves on a device on which that login was opened
before, so that a stranger's guesses lock nobody out of the browser that they always use. Such a device has
a mark that only the installation's secret makes.
"""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rules.text import Text
from services.identity import links, passwords, repository
from services.identity.domain import Account, device_mark, lock_after, normal_login
from services.identity.problems import SignInRefused, TooManyAttempts
from services.kit.access import Principal, open_session, revoke
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class Opened:
    """A session just opened. The token is nowhere stored. `mark` is for the device to show next time."""

    token: str
    account: Account
    mark: str


def sign_in(runtime: Runtime, login: str, password: str, device: str, mark: str = "") -> Opened:
    """Open a session, or raise SignInRefused or TooManyAttempts."""
    known = _device_of(runtime, login, mark)
    account = verify(runtime, login, password, known)
    with runtime.database.transaction() as session:
        token = open_session(
            session,
            account=account.id,
            name=account.name,
            grants=account.open_grants,
            now=runtime.clock(),
            hours=runtime.settings.session_hours,
            device=device_mark(device),
        )
    return Opened(token, account, _mark(runtime, login, known or secrets.token_urlsafe(16)))


def verify(runtime: Runtime, login: str, password: str, known: str = "") -> Account:
    """The account whose password this is. `known` names the session or device that is known to be its own.

    The attempt is counted before the password is looked at and forgiven when it is right: a crowd of
    parallel guesses is counted like guesses one by one.
    """
    login = normal_login(login)
    with runtime.database.transaction() as session:
        _count(session, runtime, _counted(login, known))
    with runtime.database.reading() as reading:
        found = repository.find_login(reading, login)
    account, password_hash = found or (None, None)
    right = passwords.fits(password_hash, password)
    if account is None or password_hash is None or not right or account.disabled_at:
        raise SignInRefused(
            way_out=Text(
                "核对账号与密码；忘记密码请联系管理员重置",
                "Check both; if the password is forgotten, ask an administrator to reset it",
            )
        )
    renewed = passwords.hashed(password) if passwords.is_outdated(password_hash) else None
    with runtime.database.transaction() as session:
        repository.forgive(session, _counted(login, known))
        if renewed:
            repository.change(session, account.id, password_hash=renewed)
    return account


def sign_out(session: WriteSession, runtime: Runtime, principal: Principal) -> None:
    revoke(session, runtime.clock(), session_id=principal.session)


def who(session: ReadSession, principal: Principal) -> Account | None:
    """The account of a session; None for a judge who came by a link."""
    return repository.find(session, principal.account)


def note_use(
    session: WriteSession, runtime: Runtime, principal: Principal, device: Mapping[str, Any] | None
) -> None:
    """A judge's device says that it is there, and how it is; links are listed with it."""
    links.note_use(session, principal.session, runtime.clock(), device)


def _mark(runtime: Runtime, login: str, device: str) -> str:
    return f"{device}.{runtime.sealer.index(_counted(normal_login(login), device))}"


def _device_of(runtime: Runtime, login: str, mark: str) -> str:
    """The device that shows this mark, if it is one of this login; else ""."""
    device = mark.partition(".")[0]
    return device if hmac.compare_digest(mark.encode(), _mark(runtime, login, device).encode()) else ""


def _counted(login: str, known: str) -> str:
    """What failures are counted under: no login has a NUL in it."""
    return f"{known}\0{login}" if known else login


def _count(session: WriteSession, runtime: Runtime, counted: str) -> None:
    now = runtime.clock()
    failures, locked_until = repository.attempt(session, counted, now)
    if locked_until and locked_until > now:
        seconds = int((locked_until - now).total_seconds()) + 1
        raise TooManyAttempts(
            Text(f"请在 {seconds} 秒后再试", f"Try again in {seconds} seconds"),
            way_out=Text(
                "等待；或用曾登录过此账号的浏览器；或请管理员重置密码",
                "Wait, or use a browser that signed in to this account before, or ask an administrator to "
                "reset the password",
            ),
            retry_after=seconds,
        )
    wait = lock_after(failures + 1)
    repository.count_failure(session, counted, failures + 1, now, now + wait if wait else None)
