"""Accounts: made, given roles, disabled; passwords changed and reset."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from rules.text import Text
from services.identity import passwords, repository, signing_in
from services.identity.domain import Account, check_password, normal_login, require_power
from services.identity.problems import LastAdministrator, LoginTaken
from services.kit.access import Grant, Principal, Role, open_session, revoke, set_grants
from services.kit.ids import new_id
from services.kit.problems import Forbidden, NotFound
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession

FIRST_LOGIN = "admin"
_NO_POWER = Text("请由本人操作，或联系管理员", "Do it as the person themselves, or ask an administrator")


def first_administrator(session: WriteSession, now: datetime) -> str | None:
    """Make the account `admin` where there is no account yet; its one-time password, else None."""
    if repository.exists_any(session):
        return None
    password = passwords.one_time()
    account = Account(
        id=new_id(),
        login=FIRST_LOGIN,
        name="管理员",
        unit="/",
        grants=(Grant(Role.ADMINISTRATOR),),
        must_change_password=True,
        created_at=now,
    )
    repository.add(session, account, passwords.hashed(password))
    return password


def make_account(
    runtime: Runtime,
    principal: Principal,
    *,
    login: str,
    name: str,
    unit: str,
    grants: Sequence[Grant],
    password: str | None,
) -> tuple[Account, str | None]:
    """A new account, and its one-time password where none was given."""
    require_power(principal, unit, grants)
    login = normal_login(login)
    if password is not None:
        check_password(login, password)
    one_time = passwords.one_time() if password is None else None
    account = Account(
        id=new_id(),
        login=login,
        name=name,
        unit=unit,
        grants=tuple(grants),
        must_change_password=one_time is not None,
        created_at=runtime.clock(),
    )
    password_hash = passwords.hashed(password or one_time or "")
    with runtime.database.transaction() as session:
        if not repository.add(session, account, password_hash):
            found = repository.find_login(session, login)
            raise LoginTaken(
                way_out=Text(
                    "换一个账号名，或修改已有账号", "Choose another, or change the existing account"
                ),
                login=login,
                existing=found and found[0].id,
            )
    return account, one_time


def give_grants(
    session: WriteSession, principal: Principal, account_id: str, grants: Sequence[Grant]
) -> Account:
    """Replace an account's grants; its open sessions have them within a second."""
    administrators = repository.administrators(session)
    before = _held(session, account_id)
    changed = set(before.grants) ^ set(grants)
    require_power(principal, before.unit, changed)
    after = replace(before, grants=tuple(grants))
    _keep_an_administrator(administrators, before, after)
    repository.change(session, account_id, grants=after.grants)
    set_grants(session, account_id, after.open_grants)
    return after


def change_account(
    session: WriteSession,
    principal: Principal,
    account_id: str,
    now: datetime,
    *,
    name: str | None,
    disabled: bool | None,
) -> Account:
    """Rename, disable (its sessions end) or enable an account."""
    administrators = repository.administrators(session)
    before = _held(session, account_id)
    require_power(principal, before.unit, before.grants)
    after = replace(before, name=name or before.name)
    if disabled is not None:
        after = replace(after, disabled_at=(before.disabled_at or now) if disabled else None)
    _keep_an_administrator(administrators, before, after)
    repository.change(session, account_id, name=after.name, disabled_at=after.disabled_at)
    if after.disabled_at:
        revoke(session, now, account=account_id)
    return after


def change_password(
    runtime: Runtime, principal: Principal, account_id: str, current: str, new: str
) -> tuple[str, Account]:
    """Replace one's own password. Every session of the account ends; the answer is a new one's token."""
    if principal.account != account_id:
        raise Forbidden(way_out=_NO_POWER)
    with runtime.database.reading() as reading:
        login = _found(reading, account_id).login
    signing_in.verify(runtime, login, current, known=principal.session)
    check_password(login, new, current)
    new_hash = passwords.hashed(new)
    with runtime.database.transaction() as session:
        account = replace(_held(session, account_id), must_change_password=False)
        repository.change(session, account_id, password_hash=new_hash, must_change_password=False)
        now = runtime.clock()
        revoke(session, now, account=account_id)
        token = open_session(
            session,
            account=account.id,
            name=account.name,
            grants=account.open_grants,
            now=now,
            hours=runtime.settings.session_hours,
            device=principal.device,
        )
    return token, account


def reset_password(runtime: Runtime, principal: Principal, account_id: str) -> str:
    """Give an account a one-time password and end its sessions. The password is told once, here."""
    password = passwords.one_time()
    password_hash = passwords.hashed(password)
    with runtime.database.transaction() as session:
        account = _held(session, account_id)
        require_power(principal, account.unit, account.grants)
        repository.change(session, account_id, password_hash=password_hash, must_change_password=True)
        repository.forgive(session, account.login)
        revoke(session, runtime.clock(), account=account_id)
    return password


def list_accounts(
    session: ReadSession, principal: Principal, offset: int, limit: int
) -> tuple[int, list[Account]]:
    """The accounts that this person looks after."""
    if principal.is_administrator:
        return repository.page(session, None, offset, limit)
    units = [grant.unit for grant in principal.grants if grant.role is Role.ORGANISER and grant.unit]
    if not units:
        principal.require(Role.ORGANISER)
    return repository.page(session, units, offset, limit)


def _found(session: ReadSession, account_id: str) -> Account:
    account = repository.find(session, account_id)
    if account is None:
        raise NotFound(Text("没有这个账号", "There is no such account"))
    return account


def _held(session: WriteSession, account_id: str) -> Account:
    account = repository.hold(session, account_id)
    if account is None:
        raise NotFound(Text("没有这个账号", "There is no such account"))
    return account


def _keep_an_administrator(administrators: Sequence[str], before: Account, after: Account) -> None:
    if before.is_administrator and not after.is_administrator and set(administrators) <= {before.id}:
        raise LastAdministrator(
            way_out=Text("先让另一人成为管理员", "Make someone else an administrator first")
        )
