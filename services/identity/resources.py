"""HTTP bodies of identity."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from services.identity.domain import Account, normal_login
from services.kit.access import Grant, Role
from services.kit.resources import Id, Line, Page, Plain, Resource

Login = Annotated[
    Plain, AfterValidator(normal_login), Field(min_length=2, max_length=64, pattern=r"^[\w.@+-]+$")
]
"""Measured in its one spelling, which may be longer than what was typed."""
Name = Annotated[Line, Field(min_length=1)]
Password = Annotated[Plain, Field(max_length=1000)]
UnitPath = Annotated[Plain, Field(max_length=400, pattern=r"^/(\S+/)?$")]
JudgeId = Annotated[Plain, Field(max_length=36, pattern=r"^[\w.-]+$")]
Device = Annotated[Plain, Field(min_length=8, max_length=64, pattern=r"^[\w.:-]+$")]


class GrantBody(Resource):
    """A role over a part of the unit tree (`unit`, a path; "/" is everything) or on one board."""

    role: Role
    unit: UnitPath | Literal[""] = ""
    board: Id = ""
    judge: JudgeId | Literal[""] = ""

    def grant(self) -> Grant:
        return Grant(self.role, self.unit, self.board, self.judge)

    @classmethod
    def of(cls, grant: Grant) -> "GrantBody":
        return cls(role=grant.role, unit=grant.unit, board=grant.board, judge=grant.judge)


class SignIn(Resource):
    account: Annotated[Plain, Field(max_length=100)]
    password: Password
    device: Device | Literal[""] = ""


class SessionBody(Resource):
    """A session. `token` also comes as the cookie; programs send it as Authorization: Bearer."""

    token: str
    account: str
    name: str
    device: str
    grants: list[GrantBody]
    must_change_password: bool


class Me(Resource):
    """Who is asking. `login` is "" for judges who came by a link."""

    account: str
    login: str
    name: str
    device: str
    unit: str
    grants: list[GrantBody]
    must_change_password: bool


class NewAccount(Resource):
    """Without `password` a one-time password is made and told once."""

    login: Login
    name: Name
    unit: UnitPath = "/"
    grants: Annotated[list[GrantBody], Field(max_length=200)] = []
    password: Password | None = None


class AccountBody(Resource):
    id: str
    login: str
    name: str
    unit: str
    grants: list[GrantBody]
    must_change_password: bool
    disabled: bool
    created_at: datetime

    @classmethod
    def of(cls, account: Account) -> "AccountBody":
        return cls(
            id=account.id,
            login=account.login,
            name=account.name,
            unit=account.unit,
            grants=[GrantBody.of(grant) for grant in account.grants],
            must_change_password=account.must_change_password,
            disabled=account.disabled_at is not None,
            created_at=account.created_at,
        )


class AccountMade(Resource):
    account: AccountBody
    one_time_password: str | None


class Accounts(Page):
    items: list[AccountBody]


class AccountChange(Resource):
    name: Name | None = None
    disabled: bool | None = None


class Grants(Resource):
    grants: Annotated[list[GrantBody], Field(max_length=200)]


class PasswordChange(Resource):
    current: Password
    new: Password


class OneTimePassword(Resource):
    one_time_password: str


class NewJudgeLink(Resource):
    board: Id
    judge: JudgeId
    name: Name
    role: Literal["judge", "chief_judge"] = "judge"
    hours: Annotated[int, Field(ge=1, le=24 * 60)] = 72


class JudgeLinkMade(Resource):
    """`url` holds the secret in its fragment; it is told once, here."""

    id: str
    url: str
    expires_at: datetime


class Exchange(Resource):
    token: Annotated[Plain, Field(min_length=1, max_length=200)]
    device: Device


class DeviceState(Resource):
    """What a judge's device says of itself.

    `battery` is in percent, where the browser tells it; `clock_ahead_ms` how far its clock is before the
    server's; `works_offline` whether the page opens again without a network.
    """

    unsent: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    refused: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    battery: Annotated[int, Field(ge=0, le=100)] | None = None
    charging: bool | None = None
    clock_ahead_ms: Annotated[int, Field(ge=-(10**12), le=10**12)] | None = None
    works_offline: bool | None = None


class JudgeLinkBody(Resource):
    id: str
    board: str
    judge: str
    name: str
    role: Role
    state: Literal["open", "in_use", "expired", "revoked"]
    device: str
    created_by: str
    created_at: datetime
    expires_at: datetime
    exchanged_at: datetime | None
    last_used_at: datetime | None
    device_state: DeviceState | None
    revoked_at: datetime | None


class JudgeLinks(Page):
    items: list[JudgeLinkBody]
