"""Counting a board's list: recount the ledger, compare with the live board, refuse what differs (D6)."""

from collections.abc import Iterator, Mapping
from itertools import islice
from time import monotonic, sleep
from typing import Any

from anyio import from_thread

from rules.text import Text
from schemas.events.registrations import BoardChanged, BoardOpened
from schemas.objects import Board
from schemas.topics import Topic
from services.awards.compare import Difference, differences, is_ahead, is_behind
from services.awards.document import make_document
from services.awards.domain import Document
from services.awards.live import LiveBoard, read_live
from services.awards.problems import BoardBehind, BoardDiffers, NotPublished
from services.awards.recount import Recount, recount
from services.awards.repository import WAY
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.problems import Fault, NotFound
from services.kit.runtime import Runtime
from services.kit.session import ReadSession

_PATIENCE = 3.0
_STEP = 0.1
_SHOWN = 100
READERS = (Role.ORGANISER, Role.CHIEF_JUDGE, Role.AUDITOR)


def count(
    runtime: Runtime, session: ReadSession, asking: Principal, board: str, provisional: bool = False
) -> tuple[Recount, Document]:
    """The board's list as the ledger and the live board agree on it. Call it from a worker thread.

    A board that is a moment behind is waited for. Raises NotPublished unless `provisional` was asked for,
    BoardBehind, BoardDiffers, and what `recount` and `make_document` raise.
    """
    roles = (Role.ORGANISER,) if provisional else READERS
    asking.require(*roles, unit=board_of(session, board).unit.path, board=board)
    counted = recount(session, board)
    if counted.state.published_at is None and not provisional:
        raise NotPublished(
            way_out=Text(
                "先发布成绩；或用 provisional=true 取得草稿",
                "Publish the results first, or ask for a draft with provisional=true",
            )
        )
    live = _live(runtime, board, counted)
    _compare(counted, live)
    return counted, make_document(counted)


def board_of(session: ReadSession, board: str) -> Board:
    """The board as the log last told it; raises NotFound."""
    told = log.latest(session, board, BoardOpened, BoardChanged)
    if told is None:
        raise NotFound(way_out=WAY)
    return told.board


def _live(runtime: Runtime, board: str, counted: Recount) -> LiveBoard | None:
    """The live board once it has folded what was counted, or as it is when patience ends."""
    deadline = monotonic() + _PATIENCE
    while True:
        live = from_thread.run(read_live, runtime.redis, board)
        waits = live is None or (is_behind(counted, live) and not live.aside)
        if not waits or monotonic() > deadline:
            return live
        sleep(_STEP)


def _compare(counted: Recount, live: LiveBoard | None) -> None:
    if live is None or live.aside or is_behind(counted, live) or is_ahead(counted, live):
        raise BoardBehind(
            Text(f"榜单已停：{live.aside}", f"The board was set aside: {live.aside}")
            if live and live.aside
            else None,
            way_out=Text(
                "稍候再试；仍不一致时运行 leitai rebuild",
                "Try again in a moment; if it stays, run leitai rebuild",
            ),
            ledger=_numbers(counted.position),
            board=_numbers(live.position) if live else None,
        )
    found = list(differences(counted, live))
    if found:
        raise BoardDiffers(
            Text(f"{len(found)} 处不一致", f"{len(found)} differences"),
            way_out=Text(
                "运行 leitai rebuild 重建榜单，再核对一次",
                "Rebuild the board with leitai rebuild, then compare again",
            ),
            faults=list(_faults(found)),
            differences=[
                {"entry": each.entry, "field": each.field, "ledger": each.ledger, "board": each.board}
                for each in islice(found, _SHOWN)
            ],
            total=len(found),
        )


def _faults(found: list[Difference]) -> Iterator[Fault]:
    for each in islice(found, _SHOWN):
        yield Fault(
            f"{each.entry}/{each.field}",
            each.board,
            "equals-the-ledger",
            Text(
                f"{each.name}的 {each.field}：账本 {each.ledger}，榜单 {each.board}",
                f"{each.field} of {each.name}: {each.ledger} in the ledger, {each.board} on the board",
            ),
            Text("以账本为准", "The ledger counts"),
        )


def _numbers(position: Mapping[Topic, int]) -> dict[str, Any]:
    return {topic.value: number for topic, number in sorted(position.items())}
