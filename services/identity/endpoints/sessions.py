"""Sign in, sign out, who am I."""

from typing import Annotated

from fastapi import APIRouter, Cookie, Response

from services.identity import signing_in
from services.identity.domain import Account, device_mark
from services.identity.problems import SignInRefused, TooManyAttempts
from services.identity.resources import DeviceState, GrantBody, Me, SessionBody, SignIn
from services.kit.access import COOKIE
from services.kit.depends import Reading, Running, SignedIn, Transaction
from services.kit.problems import NotSignedIn, responses
from services.kit.runtime import Runtime

router = APIRouter(prefix="/api/identity", tags=["sessions"])

_MARK = "leitai_device"
_MARK_SECONDS = 365 * 24 * 3600


def set_cookie(response: Response, runtime: Runtime, token: str) -> None:
    _set_cookie(response, runtime, COOKIE, token, runtime.settings.session_hours * 3600)
    response.headers["Cache-Control"] = "no-store"


def _set_cookie(response: Response, runtime: Runtime, name: str, value: str, seconds: int) -> None:
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        httponly=True,
        samesite="strict",
        secure=runtime.settings.url.startswith("https:"),
    )


def session_of(account: Account, token: str, device: str) -> SessionBody:
    return SessionBody(
        token=token,
        account=account.id,
        name=account.name,
        device=device,
        grants=[GrantBody.of(grant) for grant in account.open_grants],
        must_change_password=account.must_change_password,
    )


@router.post("/sessions", status_code=201, responses=responses(SignInRefused, TooManyAttempts))
def sign_in(
    body: SignIn,
    runtime: Running,
    response: Response,
    mark: Annotated[str, Cookie(alias=_MARK, include_in_schema=False)] = "",
) -> SessionBody:
    """Sign in. With `must_change_password` the session may do nothing but change the password."""
    opened = signing_in.sign_in(runtime, body.account, body.password, body.device, mark)
    set_cookie(response, runtime, opened.token)
    _set_cookie(response, runtime, _MARK, opened.mark, _MARK_SECONDS)
    return session_of(opened.account, opened.token, device_mark(body.device))


@router.delete("/sessions/current", status_code=204, responses=responses(NotSignedIn))
def sign_out(session: Transaction, runtime: Running, principal: SignedIn, response: Response) -> None:
    signing_in.sign_out(session, runtime, principal)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


@router.post("/sessions/current/use", status_code=204, responses=responses(NotSignedIn))
def note_use(
    session: Transaction, runtime: Running, principal: SignedIn, device: DeviceState | None = None
) -> None:
    """A judge's device tells now and then that it is in use, and how it is."""
    signing_in.note_use(session, runtime, principal, device.model_dump() if device else None)


@router.get("/me", responses=responses(NotSignedIn))
def me(session: Reading, principal: SignedIn) -> Me:
    account = signing_in.who(session, principal)
    return Me(
        account=principal.account,
        login=account.login if account else "",
        name=principal.name,
        device=principal.device,
        unit=account.unit if account else "",
        grants=[GrantBody.of(grant) for grant in principal.grants],
        must_change_password=bool(account and account.must_change_password),
    )
