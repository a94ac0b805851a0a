"""Who may see and change which boards and entries."""

from sqlalchemy import ColumnElement, false, or_, select, true

from rules.text import Text
from schemas.events.scores import ResultsPublished, ResultsWithdrawn
from schemas.objects import Board, Entry, UnitRef
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.problems import NotFound
from services.kit.session import ReadSession, WriteSession
from services.registration.domain import BoardRecord
from services.registration.repository import boards as repository
from services.registration.tables import boards, campaigns, units


def organises(principal: Principal, board: Board) -> bool:
    return principal.may(Role.ORGANISER, unit=board.unit.path, board=board.id)


def require_organiser(principal: Principal, board: Board) -> None:
    principal.require(Role.ORGANISER, unit=board.unit.path, board=board.id)


def require_entering(principal: Principal, board: Board, unit: UnitRef) -> None:
    """A board's organiser enters anybody; a unit's organiser enters those of the unit."""
    if not (organises(principal, board) or principal.may(Role.ORGANISER, unit=unit.path)):
        require_organiser(principal, board)


def board_for(session: ReadSession, principal: Principal, board_id: str) -> BoardRecord:
    """The board where this person may see it; else it is not found, so that nothing leaks."""
    record = repository.find(session, board_id)
    if record is None or not may_see(principal, record.board):
        raise NotFound(
            Text("没有这个榜，或您看不到它", "There is no such board, or you may not see it"),
            way_out=Text(
                "核对链接；未公开的榜需先登录", "Check the link; boards that are not public need sign-in"
            ),
        )
    return record


def take_turn(session: WriteSession, principal: Principal, board_id: str) -> BoardRecord:
    """The board, which nobody else changes until the transaction ends.

    Every command of this service that changes a board or its entries begins so: all take the turn before
    they touch a row, and none can wait for another in a ring.
    """
    board_for(session, principal, board_id)
    log.lock(session, [(board_id, Topic.REGISTRATIONS)])
    return board_for(session, principal, board_id)


def may_see(principal: Principal, board: Board) -> bool:
    """Public boards: everyone. Others: who has a role on the board, above its unit or in a unit below it."""
    return (
        board.public
        or principal.is_administrator
        or any(
            grant.covers(board.unit.path, board.id)
            or (grant.role is Role.ORGANISER and grant.unit.startswith(board.unit.path))
            for grant in principal.grants
        )
    )


def visible_boards(principal: Principal) -> ColumnElement[bool]:
    """`may_see` as a condition over boards joined with their units."""
    if principal.is_administrator:
        return true()
    conditions: list[ColumnElement[bool]] = [boards.c.public.is_(True)]
    conditions += [boards.c.id == grant.board for grant in principal.grants if grant.board]
    for grant in principal.grants:
        if grant.unit:
            conditions.append(units.c.path.startswith(grant.unit, autoescape=True))
        if grant.role is Role.ORGANISER and grant.unit:
            conditions.append(units.c.path.in_(_ancestors(grant.unit)))
    return or_(*conditions)


def visible_campaigns(principal: Principal) -> ColumnElement[bool]:
    """Campaigns with a board that this person may see, and those of the units they organise."""
    if principal.is_administrator:
        return true()
    with_boards = (
        select(boards.c.campaign)
        .join(units, boards.c.unit == units.c.id)
        .where(visible_boards(principal))
        .correlate(None)
    )
    own = [
        units.c.path.startswith(grant.unit, autoescape=True)
        for grant in principal.grants
        if grant.unit and grant.role is Role.ORGANISER
    ]
    return or_(campaigns.c.id.in_(with_boards), *(own or [false()]))


def sees_names(session: ReadSession, principal: Principal, board: Board) -> bool:
    """Blind boards show names to organisers and auditors only, until their results are published."""
    if not board.blind or principal.may(Role.ORGANISER, Role.AUDITOR, unit=board.unit.path, board=board.id):
        return True
    return isinstance(log.latest(session, board.id, ResultsPublished, ResultsWithdrawn), ResultsPublished)


def nameless(entry: Entry) -> Entry:
    """What a blind board shows of an entry."""
    return Entry(
        id=entry.id,
        board=entry.board,
        kind=entry.kind,
        name=entry.code,
        unit=UnitRef(id="", name="", path="/"),
        number=entry.number,
        code=entry.code,
        category=entry.category,
        status=entry.status,
        unranked=entry.unranked,
        factors=entry.factors,
        times=entry.times,
    )


def _ancestors(path: str) -> list[str]:
    """A path and the paths above it."""
    parts = path.strip("/").split("/")
    return ["/" + "".join(f"{part}/" for part in parts[:depth]) for depth in range(1, len(parts) + 1)]
