"""Standings counted from the ledger: entries with their sheets, evaluated and ranked. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from msgspec.structs import replace

from rules.awards import Facts, award
from rules.evaluate import check_marks, evaluate, evaluate_field
from rules.ranking import load_ranking, rank
from rules.results import Contender, Evaluation, Row
from schemas.live_state import EntryState, SheetState, contender, entry_input, sheet_key, with_vetoes
from schemas.objects import Sheet
from services.scoring.domain.board import BoardControl
from services.scoring.domain.ruleset import Ruleset
from services.scoring.domain.submission import Rounds


@dataclass(frozen=True, slots=True)
class Standings:
    """All rows in board order, and what ranking knew of each entry."""

    rows: tuple[Row, ...]
    evaluations: Mapping[str, Evaluation]
    contenders: Mapping[str, Contender]

    @property
    def places(self) -> dict[str, int]:
        return {row.entry: row.place for row in self.rows if row.place is not None}


def with_sheets(state: EntryState, sheets: Iterable[Sheet], board: BoardControl) -> EntryState:
    """An entry with the current versions of its sheets and what the jury decided about it."""
    return replace(
        state,
        sheets={sheet_key(sheet): SheetState.of(sheet) for sheet in sheets},
        disqualified=board.disqualified.get(state.id),
        vetoes=dict(board.vetoes.get(state.id, {})),
        decisions=dict(board.decisions.get(state.id, {})),
    )


def count(rules: Ruleset, states: Iterable[EntryState]) -> Standings:
    """The standings of all entries of a board under these rules."""
    known = {state.id: state for state in states}
    evaluated = evaluate_field(rules.scheme, [entry_input(state) for state in known.values()])
    evaluations = {entry: with_vetoes(known[entry], found) for entry, found in evaluated.items()}
    contenders = {entry: contender(state) for entry, state in known.items()}
    return Standings(rank(rules.ranking, evaluations, contenders), evaluations, contenders)


def places_in_stage(stage: str, standings: Standings) -> dict[str, int]:
    """Places by the value of one stage alone, equal values sharing a place."""
    ranking = load_ranking({"keys": [{"by": "node", "path": stage}]})
    marked = {
        entry: evaluation
        for entry, evaluation in standings.evaluations.items()
        if (cell := evaluation.cells.get(stage)) is not None and cell.value is not None
    }
    rows = rank(ranking, marked, standings.contenders)
    return {row.entry: row.place for row in rows if row.place is not None}


def awards_of(rules: Ruleset, standings: Standings, board: str) -> dict[str, tuple[str, ...]]:
    """Award ids by entry, without awards of units and titles that an authority has still to approve."""
    given = award(rules.awards, standings.rows, Facts(contenders=standings.contenders, board=board))
    found: dict[str, tuple[str, ...]] = {}
    for level in given.levels:
        if level.of == "units" or level.proposed:
            continue
        for entry in dict.fromkeys(winner.entry for winner in level.winners):
            found[entry] = (*found.get(entry, ()), level.id)
    return found


def rounds(rules: Ruleset, state: EntryState, stage: str, attempt: int) -> Rounds:
    """How far marking again has come for one stage and attempt of an entry."""
    marked = [
        sheet.round
        for sheet in state.sheets.values()
        if sheet.stage == stage and sheet.attempt == attempt and not sheet.voided
    ]
    asked = any(
        cell.missing == "remark" and cell.attempt == attempt and cell.path in rules.scheme.index.aspects
        for cell in evaluate(rules.scheme, entry_input(state)).cells.values()
        if not stage or cell.path == stage or cell.path.startswith(f"{stage}.")
    )
    return Rounds(max(marked, default=1), asked)


def refused_sheets(rules: Ruleset, sheets: Iterable[Sheet]) -> int:
    """How many sheets say something that these rules would not take."""
    return sum(
        bool(check_marks(rules.scheme, sheet.stage, sheet.attempt, sheet.marks))
        for sheet in sheets
        if not sheet.voided
    )
