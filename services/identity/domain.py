"""Who may give which role, what a password must be, how long failures lock an account."""

import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.text import Text
from services.identity.problems import PasswordTooWeak
from services.kit.access import Grant, Principal, Role
from services.kit.problems import Fault, Forbidden

FREE_FAILURES = 5
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
_FEWEST_CHARACTERS = 4


@dataclass(frozen=True, slots=True)
class Account:
    """A person who signs in. `unit` is where they belong: organisers above it look after the account."""

    id: str
    login: str
    name: str
    unit: str
    grants: tuple[Grant, ...]
    must_change_password: bool
    created_at: datetime
    disabled_at: datetime | None = None

    @property
    def is_administrator(self) -> bool:
        return self.disabled_at is None and any(g.role is Role.ADMINISTRATOR for g in self.grants)

    @property
    def open_grants(self) -> tuple[Grant, ...]:
        """What a session of theirs may do: nothing until the one-time password is replaced."""
        return () if self.must_change_password else self.grants


def normal_login(login: str) -> str:
    """One spelling per login: full-width and capital letters do not make another account."""
    return unicodedata.normalize("NFKC", login).strip().casefold()


def device_mark(device: str) -> str:
    """What is kept and shown of a device's own id.

    The id itself joins a judge's links in one session, so nobody may learn it from a list or the ledger.
    """
    return hashlib.sha256(device.encode()).hexdigest()[:32] if device else ""


def lock_after(failures: int) -> timedelta:
    """How long an account hears no attempt after this many failures in a row."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(FIRST_LOCK * (1 << min(failures - FREE_FAILURES, 10)), LONGEST_LOCK)


def check_password(login: str, password: str, current: str = "") -> None:
    """Raise PasswordTooWeak with every reason. Length counts, not a mix of signs (NIST SP 800-63B)."""
    reasons = []
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        reasons.append(
            (
                "length",
                Text(
                    f"密码长度应为 {SHORTEST_PASSWORD} 至 {LONGEST_PASSWORD} 个字符",
                    f"A password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters",
                ),
            )
        )
    if len(set(password)) < _FEWEST_CHARACTERS:
        reasons.append(("variety", Text("密码由同样几个字符组成", "The password repeats a few characters")))
    if login and login in password.casefold():
        reasons.append(("contains_login", Text("密码含有账号名", "The password contains the login name")))
    if password == current:
        reasons.append(("same", Text("新密码与当前密码相同", "The new password is the current one")))
    if reasons:
        way_out = Text("用几个不相干的词组成一句", "Join a few words that have nothing in common")
        raise PasswordTooWeak(
            faults=[Fault("/new", None, rule, text, way_out) for rule, text in reasons], way_out=way_out
        )


def may_give(giver: Principal, grant: Grant) -> bool:
    """Whether `giver` may give or take this grant: administrators any, organisers what lies below them."""
    if giver.is_administrator:
        return True
    if grant.role is Role.ADMINISTRATOR or not (grant.unit or grant.board):
        return False
    organised = [held for held in giver.grants if held.role is Role.ORGANISER]
    return (not grant.unit or any(held.unit and grant.unit.startswith(held.unit) for held in organised)) and (
        not grant.board or any(held.board == grant.board for held in organised)
    )


def require_power(giver: Principal, unit: str, grants: Iterable[Grant]) -> None:
    """Raise Forbidden unless `giver` looks after accounts of `unit` and may give every one of `grants`."""
    giver.require(Role.ORGANISER, unit=unit)
    for grant in grants:
        if not may_give(giver, grant):
            raise Forbidden(
                Text(
                    f"您不能授予或撤销“{grant.role}”在此范围内的权限",
                    f"You may not give or take the role {grant.role} in this scope",
                ),
                way_out=Text("请由管理员或上级承办方授权", "Ask an administrator or an organiser above"),
                grant={"role": grant.role.value, "unit": grant.unit, "board": grant.board},
            )
