"""A board counted again from the ledger, by the fold and the rules that live boards are made with (D6).

The one module of the services that imports streams: the same pure fold on the same facts.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from rules.ranking import Ranking, rank
from rules.results import Contender, Evaluation, Row
from rules.scheme import Scheme
from rules.text import Text
from schemas.live import LiveRow
from schemas.live_state import BoardState, EntryState
from schemas.objects import Board
from schemas.topics import BOARD_TOPICS, Topic
from services.awards.problems import LedgerUnreadable
from services.kit import log
from services.kit.problems import NotFound
from services.kit.session import ReadSession
from streams.events import read
from streams.leaderboard.fold import CannotFold
from streams.leaderboard.standing import evaluate_all
from streams.leaderboard.step import Folding, Shown

_CHUNK = 5_000
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recount:
    """A board at a position of the ledger: `lines` as readers of the live board should find them, `rows`
    the same in board order with places."""

    board: Board
    state: BoardState
    entries: Mapping[str, EntryState]
    scheme: Scheme | None
    ranking: Ranking
    columns: tuple[tuple[str, Text], ...]
    digits: int
    rows: tuple[Row, ...]
    lines: Mapping[str, LiveRow]
    contenders: Mapping[str, Contender]
    position: Mapping[Topic, int]


def recount(session: ReadSession, board_id: str) -> Recount:
    """Count the board from all its facts. Raises NotFound or LedgerUnreadable."""
    folding = Folding("jury", Shown.empty(board_id), ())
    try:
        for topic in BOARD_TOPICS:
            _fold_topic(session, folding, board_id, topic)
        if folding.board.board is None:
            raise NotFound(
                way_out=Text("检查链接，或从榜单列表中重新打开", "Check the link, or open the board again")
            )
        step = folding.finish()
        known = {id: state for id, state in step.entries.items() if state.known}
        standings = evaluate_all(step.rules, known.values())
        evaluations: dict[str, Evaluation] = {id: found for id, (found, _) in standings.items()}
        contenders = {id: found for id, (_, found) in standings.items()}
        rows = rank(step.rules.ranking, evaluations, contenders)
    except (CannotFold, ValueError, LookupError, ArithmeticError, TypeError) as error:
        _log.exception("ledger cannot be counted", board=board_id)
        raise LedgerUnreadable(
            Text(f"{type(error).__name__}：{error}", f"{type(error).__name__}: {error}"),
            way_out=Text("运行 leitai doctor，并联系管理员", "Run leitai doctor and call the administrator"),
        ) from error
    return Recount(
        board=folding.board.board,
        state=step.board,
        entries=known,
        scheme=step.rules.scheme,
        ranking=step.rules.ranking,
        columns=step.rules.columns,
        digits=step.rules.digits,
        rows=rows,
        lines={change.after.entry: change.after for change in step.changes},
        contenders=contenders,
        position=dict(step.position),
    )


def _fold_topic(session: ReadSession, folding: Folding, board: str, topic: Topic) -> None:
    after = 0
    while chunk := log.read_board(session, board, topic, after, _CHUNK):
        for logged in chunk:
            folding.fold(read(logged.body, logged.topic))
        after = chunk[-1].sequence
