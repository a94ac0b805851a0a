"""Judge links: made, exchanged, listed, revoked."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from services.identity import links
from services.identity.endpoints.sessions import set_cookie
from services.identity.problems import LinkSpent, LinkUnknown
from services.identity.resources import (
    Exchange,
    GrantBody,
    JudgeLinkBody,
    JudgeLinkMade,
    JudgeLinks,
    NewJudgeLink,
    SessionBody,
)
from services.kit.access import Role
from services.kit.depends import Reading, Running, SignedIn, Transaction
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id

router = APIRouter(prefix="/api/identity", tags=["judge links"])
_REFUSALS = (NotSignedIn, Forbidden, NotFound)


@router.post("/judge-links", status_code=201, responses=responses(*_REFUSALS))
def make_link(
    body: NewJudgeLink, session: Transaction, runtime: Running, principal: SignedIn, response: Response
) -> JudgeLinkMade:
    response.headers["Cache-Control"] = "no-store"
    made = links.make(
        session,
        runtime,
        principal,
        board=body.board,
        judge=body.judge,
        name=body.name,
        role=Role(body.role),
        hours=body.hours,
    )
    return JudgeLinkMade(id=made.id, url=made.url, expires_at=made.expires_at)


@router.post("/judge-links/exchange", status_code=201, responses=responses(LinkUnknown, LinkSpent))
def exchange(body: Exchange, session: Transaction, runtime: Running, response: Response) -> SessionBody:
    """Exchange the secret of a link for a session that is bound to this device."""
    token, principal = links.exchange(session, runtime, body.token, body.device)
    set_cookie(response, runtime, token)
    return SessionBody(
        token=token,
        account=principal.account,
        name=principal.name,
        device=principal.device,
        grants=[GrantBody.of(grant) for grant in principal.grants],
        must_change_password=False,
    )


@router.get("/judge-links", responses=responses(*_REFUSALS))
def list_links(
    *,
    board: Annotated[Id, Query()],
    session: Reading,
    runtime: Running,
    principal: SignedIn,
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> JudgeLinks:
    total, rows = links.list_links(session, principal, board, offset, limit)
    now = runtime.clock()
    shown = JudgeLinkBody.model_fields.keys() - {"state"}
    items = [
        JudgeLinkBody.model_validate(
            {"state": links.state_of(row, now)} | {name: row._mapping[name] for name in shown}
        )
        for row in rows
    ]
    return JudgeLinks(total=total, offset=offset, limit=limit, items=items)


@router.delete("/judge-links/{link_id}", status_code=204, responses=responses(*_REFUSALS))
def revoke_link(link_id: Id, session: Transaction, runtime: Running, principal: SignedIn) -> None:
    """Revoke a link and end the session that came of it."""
    links.revoke_link(session, runtime, principal, link_id)
