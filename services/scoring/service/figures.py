"""Figures of a whole board from one table: indicators of a period, or results from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import replace as changed

from rules.scheme_index import Placed
from schemas.live_state import status
from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.ids import new_id
from services.kit.problems import Fault, Problem
from services.kit.session import ReadSession, WriteSession
from services.kit.tabular import Table
from services.scoring import problems
from services.scoring.domain.figures import Figures, Line, Source, aspects_of, read_figures
from services.scoring.domain.submission import Submission
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import OpenBoard, take_turn
from services.scoring.repository.sheets import StoredSheet
from services.scoring.service.boards import shown_name
from services.scoring.service.sheets import Command, SheetTaker

_SHOWN = 200
_WRITING: Mapping[Source, tuple[Role, ...]] = {
    "self": (Role.ORGANISER,),
    "checker": (Role.ORGANISER, Role.CHIEF_JUDGE),
    "exam": (Role.ORGANISER,),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures of a board: whose, and of which period."""

    board: str
    source: Source
    period: int


@dataclass(frozen=True, slots=True)
class Written:
    """How many rows a table had, and how many of them said something new."""

    rows: int
    changed: int


def aspects(board: OpenBoard, wanted: Wanted) -> list[Placed]:
    """The columns of a board's table. Raises SchemeMissing."""
    if board.control.rules is None:
        raise problems.SchemeMissing()
    return aspects_of(board.control.rules.scheme, wanted.source, wanted.period)


def lines(session: ReadSession, board: OpenBoard, who: Principal) -> list[Line]:
    """The rows of a board's table: entries in draw order, by their code where `who` may not know the name."""
    hidden = board.hides_names(who)
    return [
        Line(
            entry=state.id,
            number=state.number,
            name=shown_name(state, hidden),
            unit="" if hidden or state.unit is None else state.unit.name,
        )
        for state in boards.entries(session, board.id)
        if status(state) != "withdrawn"
    ]


def present(session: ReadSession, wanted: Wanted) -> dict[str, StoredSheet]:
    """The figures that stand, by entry."""
    return {
        stored.sheet.entry: stored
        for stored in sheets.current(session, wanted.board, judge=wanted.source)
        if stored.sheet.attempt == wanted.period and not stored.sheet.stage
    }


def take_figures(
    session: WriteSession, wanted: Wanted, table: Table, who: Principal, clock: Clock
) -> Written:
    """Take what is new in a table, all of it or nothing. An emptied cell takes its figure back."""
    board = take_turn(session, wanted.board)
    board.require(who, *_WRITING[wanted.source])
    found = read_figures(table, aspects(board, wanted), lines(session, board, who))
    _require(found.faults)
    given = _submissions(wanted, found, present(session, wanted))
    answers = SheetTaker(clock)(session, [Command(each, who.account) for each in given])
    faults: list[Fault] = []
    for each, answer in zip(given, answers, strict=True):
        if isinstance(answer, Problem):
            faults += _of_cells(answer, each.entry, found)
    _require(faults)
    return Written(len(found.rows), len(given))


def _submissions(wanted: Wanted, found: Figures, before: Mapping[str, StoredSheet]) -> list[Submission]:
    given = []
    for entry, cells in found.marks.items():
        stored = before.get(entry)
        standing = stored.sheet.marks if stored and not stored.sheet.voided else {}
        said = {path: mark for path, mark in {**standing, **cells}.items() if mark is not None}
        if said == {path: mark for path, mark in standing.items() if mark is not None}:
            continue
        given.append(
            Submission(
                id=new_id(),
                board=wanted.board,
                entry=entry,
                judge=wanted.source,
                marks=said,
                attempt=wanted.period,
                base=stored.sheet.version if stored else 0,
                source="imported" if wanted.source == "exam" else wanted.source,
                on_behalf=wanted.source == "exam",
            )
        )
    return given


def _of_cells(refusal: Problem, entry: str, found: Figures) -> list[Fault]:
    """The faults of one row by their cells. Raises the refusal where the state says no, not the marks."""
    placed = []
    for fault in refusal.faults:
        if not fault.field.startswith("/marks/"):
            raise refusal
        placed.append(changed(fault, field=found.place(entry, fault.field.removeprefix("/marks/"))))
    if not placed:
        raise refusal
    return placed


def _require(faults: Sequence[Fault]) -> None:
    if faults:
        raise problems.FiguresRefused(faults=faults[:_SHOWN], shown=len(faults[:_SHOWN]), found=len(faults))
