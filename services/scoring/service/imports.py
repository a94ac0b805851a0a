"""Sheets that do not come from a judge's tablet: typed in for judges, imported, reported by units."""

from collections.abc import Sequence
from dataclasses import replace as changed

from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.problems import Fault, Problem
from services.kit.session import WriteSession
from services.scoring.domain.submission import Submission
from services.scoring.repository import boards
from services.scoring.repository.opened import take_turn
from services.scoring.service.sheets import Command, SheetTaker, Taken


def import_sheets(
    session: WriteSession, board_id: str, given: Sequence[Submission], who: Principal, clock: Clock
) -> list[Taken]:
    """Take all of them or none. Raises the first refusal, with the faults of all by their row."""
    take_turn(session, board_id).require(who, Role.ORGANISER)
    commands = [Command(changed(each, source="imported", on_behalf=True), who.account) for each in given]
    answers = SheetTaker(clock)(session, commands)
    refused = [(row, answer) for row, answer in enumerate(answers) if isinstance(answer, Problem)]
    if refused:
        raise _of_rows(refused, given)
    return [answer for answer in answers if isinstance(answer, Taken)]


def report(session: WriteSession, given: Submission, who: Principal, clock: Clock) -> Taken:
    """Indicators of one period: the unit's own figures, or an inspector's beside them."""
    board = take_turn(session, given.board)
    if given.source == "checker":
        board.require(who, Role.ORGANISER, Role.CHIEF_JUDGE)
    else:
        boards.project(session, given.board)
        entry = boards.entry(session, given.board, given.entry)
        unit = entry.unit if entry else None
        if unit is None:
            board.require(who, Role.ORGANISER, Role.CONTESTANT)
        else:
            who.require(Role.ORGANISER, Role.CONTESTANT, unit=unit.path, board=given.board)
    [answer] = SheetTaker(clock)(session, [Command(changed(given, judge=given.source), who.account)])
    if isinstance(answer, Problem):
        raise answer
    return answer


def _of_rows(refused: Sequence[tuple[int, Problem]], given: Sequence[Submission]) -> Problem:
    """The first refusal's problem with every row's faults, each with its place in the import."""
    first = refused[0][1]
    faults: list[Fault] = []
    for row, problem in refused[:100]:
        own = problem.faults or [
            Fault(
                "",
                given[row].id,
                problem.slug,
                problem.detail or problem.title,
                problem.way_out or problem.title,
            )
        ]
        faults += [changed(fault, field=f"/sheets/{row}{fault.field}") for fault in own]
    return type(first)(
        first.detail, way_out=first.way_out, faults=faults, rows_refused=len(refused), **first.extensions
    )
