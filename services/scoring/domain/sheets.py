"""Whether a sheet is taken. Pure: what is known goes in, a new version or a Problem comes out."""

from datetime import datetime, timedelta
from typing import Any

from rules.text import Text
from schemas.objects import Sheet
from services.kit.problems import Fault
from services.scoring import problems
from services.scoring.domain.board import BoardControl
from services.scoring.domain.marks import require_marks, shown
from services.scoring.domain.submission import EXAM, Situation, Submission


def decide(situation: Situation, given: Submission, now: datetime) -> Sheet | None:
    """The new version, or None for the repeat of a sheet that was taken. Raises the Problem that forbids it.

    A repeat is answered before anything else is asked: what was taken stays taken, though the window may be
    closed by now.
    """
    if situation.namesake is not None:
        require_same(situation.namesake, given)
        return None
    board = situation.board
    require_entry(situation.withdrawn, given.entry)
    require_unpublished(board)
    if given.source in ("judge", "imported"):
        _require_judge(board, given)
    if not given.on_behalf:
        _require_window(board, given, now)
    require_unsealed(board, given)
    if board.rules is None:
        raise problems.SchemeMissing(
            way_out=Text("请承办方先发布方案", "Let the organiser publish a scheme first")
        )
    require_marks(board.rules, given)
    require_base(situation.current, given)
    _require_round(situation, given)
    return given.sheet()


def require_same(stored: Sheet, given: Submission) -> None:
    """Raises SheetIdReused unless the sheet that has this id says the same."""
    sent = given.sheet()
    if (stored.board, stored.key, stored.base, stored.round, stored.marks, stored.notes, stored.voided) == (
        (sent.board, sent.key, sent.base, sent.round, sent.marks, sent.notes, False)
    ):
        return
    own = (stored.board, stored.judge) == (sent.board, sent.judge)
    raise problems.SheetIdReused(
        Text(
            "同一编号的评分表已经收下，内容与这次不同",
            "A sheet with this id was taken already, and its content differs",
        ),
        way_out=Text("为新的内容使用新的编号", "Give new content a new id"),
        stored=shown(stored) if own else None,
        sent=shown(sent),
    )


def require_entry(withdrawn: bool | None, entry: str) -> None:
    """Raises UnknownEntry or EntryIsWithdrawn."""
    if withdrawn is None:
        unknown = Text("榜上没有这个参赛者", "The board has no such entry")
        way_out = Text("从榜的参赛名单中选取", "Take one from the board's entries")
        raise problems.UnknownEntry(faults=[Fault("/entry", entry, "unknown_entry", unknown, way_out)])
    if withdrawn:
        raise problems.EntryIsWithdrawn(
            way_out=Text("如退赛有误，请承办方恢复", "If it did not withdraw, let the organiser correct it"),
            entry=entry,
        )


def require_unpublished(board: BoardControl) -> None:
    if board.published_at is not None:
        raise problems.BoardPublished(
            way_out=Text(
                "如需更正，请裁判长先撤回公布", "To correct it, let the chief judge withdraw the results"
            ),
            published_at=board.published_at.isoformat(),
        )


def require_unsealed(board: BoardControl, given: Submission) -> None:
    sealed = board.sealing(given.stage, given.marks)
    if sealed is not None:
        raise problems.StageSealed(
            way_out=Text("请裁判长说明理由后解锁", "Let the chief judge unlock it with a reason"),
            stage=sealed,
        )


def require_base(current: Sheet | None, given: Submission) -> None:
    """Raises StaleBase with the slot's last version and the one sent."""
    version = 0 if current is None else current.version
    if given.base != version:
        raise problems.StaleBase(
            Text(
                f"这次基于第 {given.base} 版，现在是第 {version} 版",
                f"This was made from version {given.base}, the present one is {version}",
            ),
            way_out=Text(
                "比较两份评分表后，以现在的版本为基础再交",
                "Compare the two, then send again on the present version",
            ),
            current=None if current is None else shown(current),
            sent=shown(given.sheet()),
        )


def _require_judge(board: BoardControl, given: Submission) -> None:
    seat = board.seat(given.stage, given.judge)
    if seat is None:
        if given.source == "imported" and (given.judge == EXAM or board.panel(given.stage) is None):
            return
        raise problems.NotOnPanel(
            way_out=Text(
                "请承办方把裁判加入此阶段的裁判组",
                "Let the organiser put the judge on the panel of this stage",
            ),
            judge=given.judge,
            stage=given.stage,
        )
    if given.entry in seat.recused:
        raise problems.Recused(
            way_out=Text("由其他裁判评分", "Leave the entry to the other judges"),
            judge=given.judge,
            entry=given.entry,
        )


def _require_window(board: BoardControl, given: Submission, now: datetime) -> None:
    window = board.window(given.stage)
    times: dict[str, Any] = {
        "server_time": now.isoformat(),
        "device_time": given.marked_at.isoformat() if given.marked_at else None,
    }
    if window is None or window.mode == "closed":
        raise problems.WindowClosed(
            way_out=Text("等承办方开放评分", "Wait until the organiser opens it"), stage=given.stage, **times
        )
    if window.mode == "one" and window.entry != given.entry:
        raise problems.WindowOnAnotherEntry(
            way_out=Text("等轮到这位参赛者", "Wait for this entry's turn"),
            open_entry=window.entry,
            entry=given.entry,
        )
    if window.deadline is not None and now - window.deadline > timedelta(seconds=window.grace):
        raise problems.DeadlinePassed(
            way_out=Text("请裁判长延长时限", "Ask the chief judge for more time"),
            deadline=window.deadline.isoformat(),
            grace_seconds=window.grace,
            **times,
        )
    if given.base and not window.editable:
        raise problems.SheetFinal(
            way_out=Text("请裁判长更正", "Let the chief judge correct it"), stage=given.stage
        )


def _require_round(situation: Situation, given: Submission) -> None:
    """A next round opens only where the spread asks for it; nobody goes back to an earlier one."""
    current, rounds = situation.current, situation.rounds
    past = 1 if current is None or current.voided else current.round
    is_open = given.round == 1 if rounds is None else given.round <= rounds.open + rounds.asked
    if given.round < past or not is_open:
        raise problems.RoundNotAsked(
            way_out=Text("按现在的轮次评分", "Mark in the present round"),
            round=given.round,
            open_round=past if rounds is None else rounds.open,
        )
