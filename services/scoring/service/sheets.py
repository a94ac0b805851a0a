"""Taking sheets: a group of them in one transaction, each answered by itself, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from schemas.events.scores import IndicatorReported, SheetSubmitted
from schemas.objects import Sheet
from schemas.topics import Topic
from services.kit import log
from services.kit.clock import Clock
from services.kit.problems import Problem
from services.kit.session import WriteSession
from services.scoring.domain.board import BoardControl
from services.scoring.domain.sheets import decide
from services.scoring.domain.standings import rounds, with_sheets
from services.scoring.domain.submission import Rounds, Situation, Submission
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import unknown_board
from services.scoring.repository.sheets import StoredSheet

SOURCE = "scoring"
_REMEMBERED = 100_000
_WHOLE = 5_000


@dataclass(frozen=True, slots=True)
class Command:
    """A sheet and the account that sends it."""

    given: Submission
    actor: str


@dataclass(frozen=True, slots=True)
class Taken:
    """The version that was taken, now or (`created` False) by an earlier telling of the same."""

    stored: StoredSheet
    created: bool


@dataclass(slots=True)
class _Board:
    """What a process remembers of a board, and the positions of the log for which it holds."""

    control: BoardControl
    scores: int = 0
    outside: tuple[int, int] = (-1, -1)
    withdrawn: dict[str, bool | None] = field(default_factory=dict)


@dataclass(slots=True)
class _Group:
    """The commands of one transaction while they are decided one after the other."""

    boards: dict[str, _Board]
    by_id: dict[str, StoredSheet]
    current: dict[str, StoredSheet]
    taken: list[StoredSheet] = field(default_factory=list)


class SheetTaker:
    """Takes groups of sheets; remembers boards between groups. Call it from one thread at a time.

    What it remembers holds for the positions of the log that it has seen. It looks at them in every
    transaction, after taking the boards' turn, so that other processes may write too.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._boards: dict[str, _Board] = {}

    def __call__(self, session: WriteSession, commands: Sequence[Command]) -> list[Taken | Problem]:
        now = self._clock()
        group = self._open(session, commands)
        answers = [self._take(session, group, command, now) for command in commands]
        session.at_end(partial(sheets.add, session, group.taken))
        counts: dict[str, int] = {}
        for stored in group.taken:
            sheet = stored.sheet
            reported = sheet.source in ("self", "checker")
            log.append(
                session,
                IndicatorReported(sheet=sheet) if reported else SheetSubmitted(sheet=sheet),
                board=sheet.board,
                source=SOURCE,
                actor=stored.actor,
                time=now,
                entityversion=sheet.version,
            )
            counts[sheet.board] = counts.get(sheet.board, 0) + 1
        if counts:
            # Our own sheets decide nothing about the board: once committed, what we remember holds on.
            session.after_commit(partial(self._committed, counts))
        return answers

    def _committed(self, counts: dict[str, int]) -> None:
        for board, count in counts.items():
            self._boards[board].scores += count

    def _open(self, session: WriteSession, commands: Sequence[Command]) -> _Group:
        known = self._catch_up(session, {command.given.board for command in commands})
        wanted: dict[str, set[str]] = {}
        for command in commands:
            found = known.get(command.given.board)
            if found is not None and command.given.entry not in found.withdrawn:
                wanted.setdefault(command.given.board, set()).add(command.given.entry)
        for board, entries in wanted.items():
            about = boards.withdrawn(session, board, entries)
            known[board].withdrawn.update({entry: about.get(entry) for entry in entries})
        stored = sheets.arriving(
            session,
            [command.given.id for command in commands],
            list(known),
            [command.given.slot for command in commands],
        )
        current: dict[str, StoredSheet] = {}
        for each in stored:
            before = current.get(each.slot)
            if before is None or before.sheet.version < each.sheet.version:
                current[each.slot] = each
        return _Group(known, {each.id: each for each in stored}, current)

    def _catch_up(self, session: WriteSession, ids: set[str]) -> dict[str, _Board]:
        """The boards that exist, locked for this transaction, as the log has them now."""
        known: dict[str, _Board] = {}
        for board, positions in log.take_turn(session, ids).items():
            remembered = known[board] = self._boards.setdefault(board, _Board(BoardControl(board)))
            head = positions.get(Topic.SCORES, 0)
            if head != remembered.scores:
                remembered.control = boards.control(session, remembered.control, after=remembered.scores)
                remembered.scores = head
            outside = (positions.get(Topic.REGISTRATIONS, 0), positions.get(Topic.SUGGESTIONS, 0))
            if outside != remembered.outside or len(remembered.withdrawn) > _REMEMBERED:
                self._learn_entries(session, board, remembered)
                session.after_commit(partial(setattr, remembered, "outside", outside))
        return known

    @staticmethod
    def _learn_entries(session: WriteSession, board: str, remembered: _Board) -> None:
        """Small boards are remembered whole, so that no sheet asks for its entry."""
        since, touched = boards.project(session, board)
        if since == remembered.outside and len(remembered.withdrawn) <= _REMEMBERED:
            for entry in touched:
                remembered.withdrawn.pop(entry, None)
        else:
            remembered.withdrawn = dict(boards.first_withdrawn(session, board, _WHOLE))

    def _take(self, session: WriteSession, group: _Group, command: Command, now: datetime) -> Taken | Problem:
        given = command.given
        board = group.boards.get(given.board)
        if board is None:
            return unknown_board(given.board)
        namesake, current = group.by_id.get(given.id), group.current.get(given.slot)
        situation = Situation(
            board=board.control,
            withdrawn=board.withdrawn.get(given.entry),
            current=current.sheet if current else None,
            namesake=namesake.sheet if namesake else None,
            rounds=None if given.round == 1 else _rounds(session, group, board.control, given),
        )
        try:
            sheet = decide(situation, given, now)
        except Problem as problem:
            return problem
        if sheet is None:
            assert namesake is not None
            return Taken(namesake, created=False)
        stored = StoredSheet(sheet.id, given.slot, sheet, command.actor, now)
        group.taken.append(stored)
        group.by_id[sheet.id] = group.current[given.slot] = stored
        return Taken(stored, created=True)


def _rounds(session: WriteSession, group: _Group, control: BoardControl, given: Submission) -> Rounds | None:
    state = boards.entry(session, given.board, given.entry)
    if state is None or control.rules is None:
        return None
    marked: dict[str, Sheet] = {
        each.slot: each.sheet for each in sheets.current(session, given.board, entry=given.entry)
    }
    marked |= {each.slot: each.sheet for each in group.taken if each.sheet.entry == given.entry}
    return rounds(control.rules, with_sheets(state, marked.values(), control), given.stage, given.attempt)
