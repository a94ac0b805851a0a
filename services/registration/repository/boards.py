"""Campaigns, boards and draws in the database."""

from dataclasses import asdict
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from schemas.objects import Board, Feed, Named, UnitRef
from services.kit.session import ReadSession, WriteSession
from services.registration.domain import BoardRecord, Campaign, Draw, Eligibility
from services.registration.tables import boards, campaigns, draws, units

_campaigns = select(campaigns, units.c.name.label("unit_name"), units.c.path.label("unit_path")).join_from(
    campaigns, units
)
_boards: Select[Any] = select(
    boards,
    campaigns.c.code.label("campaign_code"),
    campaigns.c.title_zh.label("campaign_zh"),
    campaigns.c.title_en.label("campaign_en"),
    units.c.name.label("unit_name"),
    units.c.path.label("unit_path"),
).select_from(
    boards.join(campaigns, boards.c.campaign == campaigns.c.id).join(units, boards.c.unit == units.c.id)
)


def find_campaign(session: ReadSession, campaign: str) -> Campaign | None:
    row = session.execute(_campaigns.where(campaigns.c.id == campaign)).first()
    return None if row is None else _campaign(row)


def find_campaign_code(session: ReadSession, code: str) -> str | None:
    return session.scalar(select(campaigns.c.id).where(campaigns.c.code == code))


def hold_campaign(session: WriteSession, campaign: str) -> None:
    """Let nobody else register persons in this campaign, or change it, until the transaction ends.

    FOR NO KEY UPDATE: rows that refer to the campaign are still written meanwhile.
    """
    held = select(campaigns.c.id).where(campaigns.c.id == campaign).with_for_update(key_share=True)
    session.execute(held)


def add_campaign(session: WriteSession, campaign: Campaign) -> bool:
    """Add a campaign; False where its code is taken."""
    values = _campaign_values(campaign) | {"id": campaign.id, "created_at": campaign.created_at}
    return _added(session, insert(campaigns).values(values))


def change_campaign(session: WriteSession, campaign: Campaign) -> None:
    session.execute(update(campaigns).where(campaigns.c.id == campaign.id).values(_campaign_values(campaign)))


def campaigns_page(
    session: ReadSession, visible: ColumnElement[bool], offset: int, limit: int
) -> tuple[int, list[Campaign]]:
    wanted = _campaigns.where(visible)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(
        wanted.order_by(campaigns.c.year.desc(), campaigns.c.code).offset(offset).limit(limit)
    )
    return total, [_campaign(row) for row in rows]


def find(session: ReadSession, board: str) -> BoardRecord | None:
    row = session.execute(_boards.where(boards.c.id == board)).first()
    return None if row is None else _board(row)


def find_code(session: ReadSession, campaign: str, code: str) -> str | None:
    return session.scalar(select(boards.c.id).where(boards.c.campaign == campaign, boards.c.code == code))


def add(session: WriteSession, record: BoardRecord) -> bool:
    """Add a board; False where its campaign has one of this code."""
    values = _board_values(record) | {"id": record.board.id, "opened_at": record.board.opened_at}
    return _added(session, insert(boards).values(values))


def change(session: WriteSession, record: BoardRecord) -> None:
    session.execute(update(boards).where(boards.c.id == record.board.id).values(_board_values(record)))


def raise_version(session: WriteSession, board: str) -> int:
    """Raise a board's version and tell the new one."""
    session.execute(update(boards).where(boards.c.id == board).values(version=boards.c.version + 1))
    return int(session.scalars(select(boards.c.version).where(boards.c.id == board)).one())


def all_where(session: ReadSession, condition: ColumnElement[bool]) -> list[BoardRecord]:
    return [_board(row) for row in session.execute(_boards.where(condition).order_by(boards.c.id))]


def page(
    session: ReadSession, condition: ColumnElement[bool], offset: int, limit: int
) -> tuple[int, list[BoardRecord]]:
    wanted = _boards.where(condition)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = session.execute(
        wanted.order_by(campaigns.c.year.desc(), campaigns.c.code, boards.c.code).offset(offset).limit(limit)
    )
    return total, [_board(row) for row in rows]


def add_draw(session: WriteSession, draw: Draw) -> None:
    session.execute(insert(draws).values(asdict(draw) | {"entries": list(draw.entries)}))


def draws_of(session: ReadSession, board: str) -> list[Draw]:
    """The draws of a board, the last first."""
    rows = session.execute(select(draws).where(draws.c.board == board).order_by(draws.c.id.desc()))
    return [Draw(**(dict(row._mapping) | {"entries": tuple(row.entries)})) for row in rows]


def _added(session: WriteSession, statement: Any) -> bool:
    try:
        with session.begin_nested():
            session.execute(statement)
    except IntegrityError:
        return False
    return True


def _campaign_values(campaign: Campaign) -> dict[str, Any]:
    return {
        "code": campaign.code,
        "title_zh": campaign.title.zh,
        "title_en": campaign.title.en,
        "year": campaign.year,
        "unit": campaign.unit.id,
    }


def _campaign(row: Row[Any]) -> Campaign:
    return Campaign(
        id=row.id,
        code=row.code,
        title=Named(zh=row.title_zh, en=row.title_en),
        year=row.year,
        unit=UnitRef(id=row.unit, name=row.unit_name, path=row.unit_path),
        created_at=row.created_at,
    )


def _board_values(record: BoardRecord) -> dict[str, Any]:
    board = record.board
    return {
        "campaign": board.campaign,
        "code": board.code,
        "kind": board.kind,
        "title_zh": board.title.zh,
        "title_en": board.title.en,
        "unit": board.unit.id,
        "entry_kind": board.entry_kind,
        "trade": board.trade,
        "blind": board.blind,
        "public": board.public,
        "feeds": msgspec.to_builtins(board.feeds),
        "eligibility": msgspec.to_builtins(record.eligibility),
        "version": record.version,
    }


def _board(row: Row[Any]) -> BoardRecord:
    board = Board(
        id=row.id,
        code=row.code,
        campaign=row.campaign,
        campaign_title=Named(zh=row.campaign_zh, en=row.campaign_en),
        kind=row.kind,
        title=Named(zh=row.title_zh, en=row.title_en),
        unit=UnitRef(id=row.unit, name=row.unit_name, path=row.unit_path),
        entry_kind=row.entry_kind,
        trade=row.trade,
        blind=row.blind,
        public=row.public,
        feeds=msgspec.convert(row.feeds, tuple[Feed, ...]),
        opened_at=row.opened_at,
    )
    eligibility = msgspec.convert(row.eligibility, Eligibility)
    return BoardRecord(board, row.campaign_code, eligibility, row.version)
