"""A board as commands and queries find it: what registration says of it, and what was decided about it."""

from dataclasses import dataclass

from rules.text import Text
from schemas.events.registrations import BoardChanged, BoardOpened
from schemas.objects import Board
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.problems import Fault
from services.kit.session import ReadSession, WriteSession
from services.scoring import problems
from services.scoring.domain.board import BoardControl
from services.scoring.repository import boards


@dataclass(frozen=True, slots=True)
class OpenBoard:
    about: Board
    control: BoardControl

    @property
    def id(self) -> str:
        return self.about.id

    def require(self, principal: Principal, *roles: Role) -> None:
        """Raises Forbidden unless one of the roles is granted over this board or its unit."""
        principal.require(*roles, unit=self.about.unit.path, board=self.about.id)

    def may(self, principal: Principal, *roles: Role) -> bool:
        return principal.may(*roles, unit=self.about.unit.path, board=self.about.id)

    def hides_names(self, principal: Principal) -> bool:
        """A blind board shows names to organisers and auditors only, until its results are published."""
        if not self.about.blind or self.control.published_at is not None:
            return False
        return not self.may(principal, Role.ORGANISER, Role.AUDITOR)


def view(session: ReadSession, board: str) -> OpenBoard:
    """The board as it is now. Raises UnknownBoard."""
    found = log.latest(session, board, BoardOpened, BoardChanged)
    if found is None:
        raise unknown_board(board)
    return OpenBoard(found.board, boards.control(session, BoardControl(board)))


def take_turn(session: WriteSession, board: str) -> OpenBoard:
    """The board as it will stay until this transaction ends. Raises UnknownBoard."""
    found = log.latest(session, board, BoardOpened, BoardChanged)
    if found is None:
        raise unknown_board(board)
    log.lock(session, [(board, Topic.SCORES)])
    return OpenBoard(found.board, boards.control(session, BoardControl(board)))


def unknown_board(board: str) -> problems.UnknownBoard:
    unknown = Text("没有这个榜", "There is no such board")
    way_out = Text("检查链接，或从榜的列表中选取", "Check the link, or take one from the list of boards")
    return problems.UnknownBoard(faults=[Fault("/board", board, "unknown_board", unknown, way_out)])
