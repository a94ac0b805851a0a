"""Honour lists in the database."""

from collections.abc import Sequence

import msgspec
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from rules.text import Text
from services.awards.domain import Document
from services.awards.problems import BoardMoved
from services.awards.tables import HonourList, Objection, Revocation
from services.kit.problems import NotFound
from services.kit.session import ReadSession, WriteSession

_decoder = msgspec.json.Decoder(Document)
WAY = Text("检查链接，或从列表中重新打开", "Check the link, or open it from the list again")


def document_of(found: HonourList) -> Document:
    return _decoder.decode(found.body)


def find(session: ReadSession, id: str) -> HonourList:
    """Raises NotFound."""
    found = session.get(HonourList, id)
    if found is None:
        raise NotFound(way_out=WAY)
    return found


def take(session: WriteSession, id: str) -> HonourList:
    """The list, locked until the transaction ends; raises NotFound."""
    found = session.get(HonourList, id, with_for_update=True, populate_existing=True)
    if found is None:
        raise NotFound(way_out=WAY)
    return found


def latest_version(session: ReadSession, board: str) -> int:
    return session.scalar(select(func.max(HonourList.version)).where(HonourList.board == board)) or 0


def add(session: WriteSession, new: HonourList) -> None:
    """Raises BoardMoved where another list took this version meanwhile."""
    try:
        with session.begin_nested():
            session.add(new)
            session.flush()
    except IntegrityError as error:
        raise BoardMoved(way_out=Text("重新拟定", "Propose it again")) from error


def of_board(
    session: ReadSession, board: str, offset: int, limit: int, states: Sequence[str] = ()
) -> tuple[int, list[HonourList]]:
    """How many there are, and one page, newest version first."""
    conditions = [HonourList.board == board, *([HonourList.state.in_(states)] if states else [])]
    total = session.scalar(select(func.count()).select_from(HonourList).where(*conditions)) or 0
    found = session.scalars(
        select(HonourList).where(*conditions).order_by(HonourList.version.desc()).offset(offset).limit(limit)
    )
    return total, list(found)


def objections(session: ReadSession, list_id: str) -> list[Objection]:
    return list(
        session.scalars(
            select(Objection).where(Objection.list == list_id).order_by(Objection.filed_at, Objection.id)
        )
    )


def revoked(session: ReadSession, list_ids: Sequence[str]) -> set[tuple[str, str, str]]:
    """List, entry and award of every honour of these lists that was taken back."""
    columns = (Revocation.list, Revocation.entry, Revocation.award)
    found = session.execute(select(*columns).where(Revocation.list.in_(list_ids)))
    return {(row.list, row.entry, row.award) for row in found}


def revocation(session: ReadSession, list_id: str, entry: str, award: str) -> Revocation | None:
    return session.get(Revocation, (list_id, entry, award))
