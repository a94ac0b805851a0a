"""Campaigns and boards."""

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import and_

from services.kit.depends import Asking, DoOnce, Reading, Running, SignedIn, Transaction
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id
from services.registration.powers import board_for, visible_boards, visible_campaigns
from services.registration.problems import BoardInUse, CodeTaken
from services.registration.repository import boards as repository
from services.registration.resources.boards import (
    BoardBody,
    BoardChange,
    Boards,
    CampaignBody,
    CampaignChange,
    Campaigns,
    NewBoard,
    NewCampaign,
)
from services.registration.service import boards as service
from services.registration.tables import boards, campaigns

router = APIRouter(prefix="/api/registration", tags=["boards"])
_REFUSALS = (NotSignedIn, Forbidden, NotFound)
Offset = Annotated[int, Query(ge=0, le=10**9)]
Limit = Annotated[int, Query(ge=1, le=500)]


@router.post("/campaigns", status_code=201, responses=responses(NotSignedIn, Forbidden, CodeTaken))
def make_campaign(
    body: NewCampaign, session: Transaction, running: Running, principal: SignedIn, once: DoOnce
) -> CampaignBody:
    def do() -> CampaignBody:
        made = service.make_campaign(
            session,
            running.clock,
            principal,
            code=body.code,
            title=body.title.named(),
            year=body.year,
            unit_id=body.unit,
        )
        return CampaignBody.of(made)

    return once(session, principal, body, do)


@router.get("/campaigns", responses=responses())
def list_campaigns(
    *,
    session: Reading,
    principal: Asking,
    code: Annotated[Id | None, Query()] = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Campaigns:
    visible = visible_campaigns(principal)
    wanted = visible if code is None else and_(visible, campaigns.c.code == code)
    total, found = repository.campaigns_page(session, wanted, offset, limit)
    items = [CampaignBody.of(campaign) for campaign in found]
    return Campaigns(total=total, offset=offset, limit=limit, items=items)


@router.get("/campaigns/{campaign_id}", responses=responses(NotFound))
def find_campaign(campaign_id: Id, session: Reading, principal: Asking) -> CampaignBody:
    return CampaignBody.of(service.find_campaign(session, principal, campaign_id))


@router.patch("/campaigns/{campaign_id}", responses=responses(*_REFUSALS))
def change_campaign(
    campaign_id: Id, body: CampaignChange, session: Transaction, running: Running, principal: SignedIn
) -> CampaignBody:
    title = body.title.named() if body.title else None
    changed = service.change_campaign(
        session, running.clock, principal, campaign_id, title=title, year=body.year
    )
    return CampaignBody.of(changed)


@router.post("/campaigns/{campaign_id}/boards", status_code=201, responses=responses(*_REFUSALS, CodeTaken))
def make_board(
    *,
    campaign_id: Id,
    body: NewBoard,
    session: Transaction,
    running: Running,
    principal: SignedIn,
    once: DoOnce,
) -> BoardBody:
    def do() -> BoardBody:
        made = service.make_board(
            session,
            running.clock,
            principal,
            campaign_id,
            code=body.code,
            kind=body.kind,
            title=body.title.named(),
            unit_id=body.unit,
            entry_kind=body.entry_kind,
            trade=body.trade,
            blind=body.blind,
            public=body.public,
            feeds=tuple(feed.feed() for feed in body.feeds),
            eligibility=body.eligibility.eligibility(),
        )
        return BoardBody.of(made)

    return once(session, principal, body, do)


@router.get("/boards", responses=responses())
def list_boards(
    *,
    session: Reading,
    principal: Asking,
    campaign: Annotated[Id | None, Query(description="a campaign's id")] = None,
    code: Annotated[Id | None, Query()] = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Boards:
    """Public boards for everybody; others for those who have a role there."""
    wanted = [visible_boards(principal)]
    wanted += [boards.c.campaign == campaign] if campaign is not None else []
    wanted += [boards.c.code == code] if code is not None else []
    total, found = repository.page(session, and_(*wanted), offset, limit)
    return Boards(total=total, offset=offset, limit=limit, items=[BoardBody.of(each) for each in found])


@router.get("/boards/{board_id}", responses=responses(NotFound))
def find_board(board_id: Id, session: Reading, principal: Asking) -> BoardBody:
    return BoardBody.of(board_for(session, principal, board_id))


@router.patch("/boards/{board_id}", responses=responses(*_REFUSALS, BoardInUse))
def change_board(
    board_id: Id, body: BoardChange, session: Transaction, running: Running, principal: SignedIn
) -> BoardBody:
    changes = body.model_dump(exclude_none=True, exclude={"title", "feeds", "eligibility"})
    if body.title:
        changes["title"] = body.title.named()
    if body.feeds is not None:
        changes["feeds"] = tuple(feed.feed() for feed in body.feeds)
    eligibility = body.eligibility.eligibility() if body.eligibility else None
    changed = service.change_board(
        session, running.clock, principal, board_id, changes=changes, eligibility=eligibility
    )
    return BoardBody.of(changed)
