"""Telling the log what changed on a board."""

from datetime import datetime

from schemas.events.registrations import BoardChanged, BoardOpened
from schemas.registry import Fact
from services.kit import log
from services.kit.access import Principal
from services.kit.session import WriteSession
from services.registration.domain import BoardRecord

SOURCE = "registration"


def tell(
    session: WriteSession, fact: Fact, board: str, principal: Principal, *, now: datetime, version: int
) -> None:
    """Append a fact of this service."""
    log.append(
        session,
        fact,
        board=board,
        source=SOURCE,
        actor=principal.account,
        time=now,
        entityversion=version,
    )


def tell_board(session: WriteSession, record: BoardRecord, principal: Principal, now: datetime) -> None:
    """Append that a board was opened (version 1) or changed."""
    fact = BoardOpened if record.version == 1 else BoardChanged
    tell(session, fact(board=record.board), record.board.id, principal, now=now, version=record.version)
