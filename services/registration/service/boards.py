"""Campaigns and boards: made and changed."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec

from rules.text import Text
from schemas.objects import Board, BoardKind, EntryKind, Feed, Named, UnitRef
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.ids import new_id
from services.kit.problems import Fault, Malformed, NotFound
from services.kit.session import ReadSession, WriteSession
from services.registration.domain import BoardRecord, Campaign, Eligibility, Unit
from services.registration.powers import require_organiser, take_turn, visible_campaigns
from services.registration.problems import BoardInUse
from services.registration.repository import boards as repository
from services.registration.repository import entries as entry_rows
from services.registration.repository import units as unit_rows
from services.registration.service import units
from services.registration.service.telling import tell_board
from services.registration.tables import boards, campaigns


def make_campaign(
    session: WriteSession,
    clock: Clock,
    principal: Principal,
    *,
    code: str,
    title: Named,
    year: int,
    unit_id: str,
) -> Campaign:
    unit = _unit(session, unit_id)
    principal.require(Role.ORGANISER, unit=unit.path)
    campaign = Campaign(new_id(), code, title, year, unit.ref, clock())
    if not repository.add_campaign(session, campaign):
        raise units.code_taken(code, repository.find_campaign_code(session, code))
    return campaign


def find_campaign(session: ReadSession, principal: Principal, campaign_id: str) -> Campaign:
    """The campaign where this person may see it."""
    found = repository.campaigns_page(
        session, visible_campaigns(principal) & (campaigns.c.id == campaign_id), 0, 1
    )[1]
    if not found:
        raise NotFound(Text("没有这个活动，或您看不到它", "There is no such campaign, or you may not see it"))
    return found[0]


def change_campaign(
    session: WriteSession,
    clock: Clock,
    principal: Principal,
    campaign_id: str,
    *,
    title: Named | None,
    year: int | None,
) -> Campaign:
    """Change a campaign; its boards carry its title and tell the log."""
    repository.hold_campaign(session, campaign_id)
    before = find_campaign(session, principal, campaign_id)
    principal.require(Role.ORGANISER, unit=before.unit.path)
    after = replace(before, title=title or before.title, year=year or before.year)
    if after == before:
        return before
    in_campaign = boards.c.campaign == campaign_id
    ids = [record.board.id for record in repository.all_where(session, in_campaign)]
    log.lock(session, [(board, Topic.REGISTRATIONS) for board in ids])
    repository.change_campaign(session, after)
    now = clock()
    for record in repository.all_where(session, in_campaign):
        raised = replace(record, version=repository.raise_version(session, record.board.id))
        tell_board(session, raised, principal, now)
    return after


def make_board(
    session: WriteSession,
    clock: Clock,
    principal: Principal,
    campaign_id: str,
    *,
    code: str,
    kind: BoardKind,
    title: Named,
    unit_id: str | None,
    entry_kind: EntryKind,
    trade: str,
    blind: bool,
    public: bool,
    feeds: tuple[Feed, ...],
    eligibility: Eligibility,
) -> BoardRecord:
    """Open a board in a campaign that this person organises; its unit is the campaign's or one below."""
    campaign = find_campaign(session, principal, campaign_id)
    principal.require(Role.ORGANISER, unit=campaign.unit.path)
    unit = _unit_below(session, unit_id, campaign) if unit_id else campaign.unit
    now = clock()
    board = Board(
        id=new_id(),
        code=code,
        campaign=campaign.id,
        campaign_title=campaign.title,
        kind=kind,
        title=title,
        unit=unit,
        entry_kind=entry_kind,
        trade=trade,
        blind=blind,
        public=public,
        feeds=feeds,
        opened_at=now,
    )
    _check_feeds(board)
    record = BoardRecord(board, campaign.code, eligibility, version=1)
    if not repository.add(session, record):
        raise units.code_taken(code, repository.find_code(session, campaign.id, code))
    tell_board(session, record, principal, now)
    return record


def change_board(
    session: WriteSession,
    clock: Clock,
    principal: Principal,
    board_id: str,
    *,
    changes: Mapping[str, Any],
    eligibility: Eligibility | None,
) -> BoardRecord:
    """Change fields of a board (`unit` as an id). Its kind of entries is fixed by the first entry."""
    before = take_turn(session, principal, board_id)
    require_organiser(principal, before.board)
    fields = dict(changes)
    if "unit" in fields:
        campaign = find_campaign(session, principal, before.board.campaign)
        fields["unit"] = _unit_below(session, fields["unit"], campaign)
        principal.require(Role.ORGANISER, unit=fields["unit"].path)
    board = msgspec.structs.replace(before.board, **fields)
    if board.entry_kind != before.board.entry_kind and entry_rows.has_any(session, board_id):
        raise BoardInUse(way_out=Text("新建一个榜", "Open another board"), field="entry_kind")
    _check_feeds(board)
    after = replace(before, board=board, eligibility=eligibility or before.eligibility)
    if after == before:
        return before
    after = replace(after, version=repository.raise_version(session, board_id))
    repository.change(session, after)
    tell_board(session, after, principal, clock())
    return after


def _unit(session: ReadSession, unit_id: str) -> Unit:
    """A unit named in a body: unknown is a fault of the body."""
    unit = unit_rows.find(session, unit_id)
    if unit is None:
        text = Text("没有这个单位", "There is no such unit")
        way_out = Text("先在单位树中建立它", "Make it in the unit tree first")
        raise Malformed(faults=[Fault("/unit", unit_id, "unit_unknown", text, way_out)])
    return unit


def _unit_below(session: ReadSession, unit_id: str, campaign: Campaign) -> UnitRef:
    """A unit for a board of a campaign: the campaign's own or one below."""
    unit = _unit(session, unit_id)
    if not unit.path.startswith(campaign.unit.path):
        text = Text(f"单位不属于“{campaign.unit.name}”", f"The unit does not belong to {campaign.unit.name}")
        way_out = Text("改用活动所属单位之下的单位", "Use a unit below the campaign's")
        raise Malformed(faults=[Fault("/unit", unit_id, "unit_of_campaign", text, way_out)])
    return unit.ref


def _check_feeds(board: Board) -> None:
    ids = [feed.id for feed in board.feeds]
    if board.feeds and board.kind != "campaign":
        text = Text("只有先锋号类的榜有来源", "Only campaign boards have feeds")
        way_out = Text("改 kind 为 campaign，或删去 feeds", "Make kind campaign, or leave feeds out")
        raise Malformed(faults=[Fault("/feeds", len(ids), "feeds_of_campaign", text, way_out)])
    if len(set(ids)) < len(ids):
        text = Text("来源编号重复", "Two feeds have one id")
        way_out = Text("每个来源用不同的 id", "Give each feed its own id")
        raise Malformed(faults=[Fault("/feeds", ids, "feed_ids", text, way_out)])
