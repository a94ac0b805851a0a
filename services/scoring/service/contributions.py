"""Contributions: points earned on other boards become sheets of a campaign's board (D13).

A contribution is told again when its cause changes; the greatest `telling` is what holds. Its sheet has the
contribution's id as judge, so that the aspect's panel sums one mark for each cause. One that cannot be
entered now (no candidate yet, results published, stage locked) is kept and tried again.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

import msgspec
from sqlalchemy import func, select

from schemas.envelope import canonical
from schemas.events.contributions import ContributionEarned
from schemas.events.scores import ContributionEntered
from schemas.objects import Sheet
from schemas.topics import Topic
from services.kit import log
from services.kit.clock import Clock
from services.kit.processed import once
from services.kit.session import ReadSession, WriteSession
from services.scoring.domain.contributions import under_cap
from services.scoring.domain.submission import slot_of
from services.scoring.problems import UnknownBoard
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import OpenBoard, take_turn
from services.scoring.repository.sheets import StoredSheet
from services.scoring.service.sheets import SOURCE
from services.scoring.tables import ContributionRow

CONSUMER = "scoring.contributions"
ACTOR = "streams"
_decoder = msgspec.json.Decoder(ContributionEarned)


def enter_contribution(session: WriteSession, fact: ContributionEarned, clock: Clock) -> None:
    """Note a contribution and enter it on its board, once for each telling, in the caller's transaction."""
    log.lock(session, [(fact.board, Topic.SCORES)])
    if not once(session, CONSUMER, f"{fact.id}:{fact.telling}"):
        return
    row = session.get(ContributionRow, fact.id)
    if row is None:
        row = ContributionRow(
            id=fact.id, board=fact.board, feed=fact.feed, entry="", telling=-1, entered="0", settled=False
        )
        session.add(row)
    if row.telling >= fact.telling:
        return
    row.telling, row.body, row.settled = fact.telling, canonical(fact), False
    session.flush()
    _settle(session, fact.board, [row], clock())


def retry(session: WriteSession, board: str, clock: Clock) -> int:
    """Try the contributions again that are not on the board yet. Returns how many still are not."""
    log.lock(session, [(board, Topic.SCORES)])
    waiting = session.scalars(
        select(ContributionRow)
        .where(ContributionRow.board == board, ContributionRow.settled.is_(False))
        .order_by(ContributionRow.id)
    ).all()
    _settle(session, board, waiting, clock())
    return sum(not row.settled for row in waiting)


def boards_waiting(session: ReadSession) -> list[str]:
    """The boards that have contributions which are not on them yet."""
    waiting = select(ContributionRow.board).where(ContributionRow.settled.is_(False)).distinct()
    return list(session.scalars(waiting.order_by(ContributionRow.board)))


def page(session: ReadSession, board: str, offset: int, limit: int) -> tuple[int, Sequence[ContributionRow]]:
    """How many contributions a board has, and one page of them by id."""
    total = session.scalar(select(func.count()).where(ContributionRow.board == board)) or 0
    found = select(ContributionRow).where(ContributionRow.board == board).order_by(ContributionRow.id)
    return total, session.scalars(found.offset(offset).limit(limit)).all()


def told(row: ContributionRow) -> ContributionEarned:
    """What was told last."""
    return _decoder.decode(row.body)


def _settle(session: WriteSession, board_id: str, rows: Iterable[ContributionRow], now: datetime) -> None:
    try:
        board = take_turn(session, board_id)
    except UnknownBoard:
        return
    boards.project(session, board_id)
    touched: set[tuple[str, str]] = set()
    for row in rows:
        fact = told(row)
        entry = boards.candidate(session, board_id, fact.unit)
        if entry is None or not _takes(board, fact.aspect):
            continue
        if row.entry and row.entry != entry:
            _write(session, fact, row.entry, Decimal(0), now)
            touched.add((row.entry, row.feed))
            row.entered = "0"
        row.entry, row.settled = entry, True
        touched.add((entry, row.feed))
    session.flush()
    for entry, feed in sorted(touched):
        _enter(session, board, entry, feed, now)


def _takes(board: OpenBoard, aspect: str) -> bool:
    return board.control.published_at is None and board.control.sealing(aspect, ()) is None


def _enter(session: WriteSession, board: OpenBoard, entry: str, feed_id: str, now: datetime) -> None:
    """Write what changed among an entry's contributions of one feed, whose cap they share."""
    rows = session.scalars(
        select(ContributionRow).where(
            ContributionRow.board == board.id,
            ContributionRow.entry == entry,
            ContributionRow.feed == feed_id,
            ContributionRow.settled.is_(True),
        )
    ).all()
    cap = next((feed.cap for feed in board.about.feeds if feed.id == feed_id), None)
    facts = {row.id: told(row) for row in rows}
    allowed = under_cap({id: fact.points for id, fact in facts.items()}, cap)
    for row in sorted(rows, key=lambda row: row.id):
        if Decimal(row.entered) != allowed[row.id]:
            _write(session, facts[row.id], entry, allowed[row.id], now)
            row.entered = format(allowed[row.id], "f")


def _write(
    session: WriteSession, fact: ContributionEarned, entry: str, points: Decimal, now: datetime
) -> None:
    """The next version of a contribution's sheet; 0 points void it."""
    slot = slot_of(entry, fact.id, "", 1)
    before = sheets.history(session, fact.board, slot)
    base = before[-1].sheet.version if before else 0
    sheet = Sheet(
        id=fact.id,
        board=fact.board,
        entry=entry,
        judge=fact.id,
        marks={fact.aspect: points},
        version=base + 1,
        base=base,
        source="contribution",
        notes={fact.aspect: fact.text.zh},
        voided=points == 0,
    )
    sheets.add(session, [StoredSheet(f"{entry}.{fact.id}.{sheet.version}", slot, sheet, ACTOR, now)])
    log.append(
        session,
        ContributionEntered(sheet=sheet),
        board=fact.board,
        source=SOURCE,
        actor=ACTOR,
        time=now,
        entityversion=sheet.version,
        causationid=fact.cause_event,
    )
