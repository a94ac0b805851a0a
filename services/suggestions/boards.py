"""The drive that a proposal belongs to, as the log tells it, and who has to do with it."""

from rules.text import Text
from schemas.events.registrations import BoardChanged, BoardOpened
from schemas.objects import Board
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.problems import NotFound
from services.kit.session import ReadSession
from services.suggestions.problems import NotADrive

FINDS = Text("检查链接，或从列表中重新打开", "Check the link, or open it from the list again")


def drive_board(session: ReadSession, board_id: str) -> Board:
    """The board as the log last told it; raises NotFound, or NotADrive for one of another kind."""
    fact = log.latest(session, board_id, BoardOpened, BoardChanged)
    if fact is None:
        raise NotFound(way_out=FINDS)
    if fact.board.kind != "drive":
        raise NotADrive(
            way_out=Text("选择合理化建议类的榜单", "Choose a board of kind drive"), kind=fact.board.kind
        )
    return fact.board


def takes_part(asking: Principal, board: Board, *roles: Role) -> bool:
    """Whether the person has a role over the board, or in a unit above or below its unit."""
    path = board.unit.path
    return asking.is_administrator or any(
        (not roles or grant.role in roles)
        and (grant.covers(path, board.id) or bool(grant.unit and grant.unit.startswith(path)))
        for grant in asking.grants
    )
