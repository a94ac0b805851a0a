"""Accounts, their roles and passwords."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.identity import service
from services.identity.endpoints.sessions import session_of, set_cookie
from services.identity.problems import (
    LastAdministrator,
    LoginTaken,
    PasswordTooWeak,
    SignInRefused,
    TooManyAttempts,
)
from services.identity.resources import (
    AccountBody,
    AccountChange,
    AccountMade,
    Accounts,
    Grants,
    NewAccount,
    OneTimePassword,
    PasswordChange,
    SessionBody,
)
from services.kit.depends import Reading, Running, SignedIn, Transaction
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id

router = APIRouter(prefix="/api/identity", tags=["accounts"])
_REFUSALS = (NotSignedIn, Forbidden, NotFound)


@router.post(
    "/accounts", status_code=201, responses=responses(NotSignedIn, Forbidden, LoginTaken, PasswordTooWeak)
)
def make_account(body: NewAccount, runtime: Running, principal: SignedIn, response: Response) -> AccountMade:
    response.headers["Cache-Control"] = "no-store"
    account, one_time = service.make_account(
        runtime,
        principal,
        login=body.login,
        name=body.name,
        unit=body.unit,
        grants=[grant.grant() for grant in body.grants],
        password=body.password,
    )
    return AccountMade(account=AccountBody.of(account), one_time_password=one_time)


@router.get("/accounts", responses=responses(NotSignedIn, Forbidden))
def list_accounts(
    session: Reading,
    principal: SignedIn,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Accounts:
    total, found = service.list_accounts(session, principal, offset, limit)
    items = [AccountBody.of(account) for account in found]
    return Accounts(total=total, offset=offset, limit=limit, items=items)


@router.patch("/accounts/{account_id}", responses=responses(*_REFUSALS, LastAdministrator))
def change_account(
    account_id: Id, body: AccountChange, session: Transaction, runtime: Running, principal: SignedIn
) -> AccountBody:
    now = runtime.clock()
    return AccountBody.of(
        service.change_account(session, principal, account_id, now, name=body.name, disabled=body.disabled)
    )


@router.put("/accounts/{account_id}/grants", responses=responses(*_REFUSALS, LastAdministrator))
def give_grants(account_id: Id, body: Grants, session: Transaction, principal: SignedIn) -> AccountBody:
    """Replace the roles of an account."""
    grants = [grant.grant() for grant in body.grants]
    return AccountBody.of(service.give_grants(session, principal, account_id, grants))


@router.put(
    "/accounts/{account_id}/password",
    responses=responses(*_REFUSALS, SignInRefused, TooManyAttempts, PasswordTooWeak),
)
def change_password(
    account_id: Id, body: PasswordChange, runtime: Running, principal: SignedIn, response: Response
) -> SessionBody:
    """Change one's own password. All sessions of the account end; a new one is answered."""
    token, account = service.change_password(runtime, principal, account_id, body.current, body.new)
    set_cookie(response, runtime, token)
    return session_of(account, token, principal.device)


@router.post("/accounts/{account_id}/password-reset", responses=responses(*_REFUSALS))
def reset_password(
    account_id: Id, runtime: Running, principal: SignedIn, response: Response
) -> OneTimePassword:
    """Give someone a one-time password, to be replaced at their next sign-in."""
    response.headers["Cache-Control"] = "no-store"
    return OneTimePassword(one_time_password=service.reset_password(runtime, principal, account_id))
