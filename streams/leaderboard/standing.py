"""From what the fold keeps of entries to their rows: the board's scheme compiled, rules applied. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import msgspec

from rules.convert import Round
from rules.evaluate import evaluate, evaluate_field
from rules.ranking import Ranking, load_ranking, make_row, survey
from rules.results import Contender, Evaluation, Row
from rules.scheme import Scheme, load_scheme
from rules.scheme_nodes import Group
from rules.text import Text
from schemas.envelope import canonical
from schemas.live import LiveRow
from schemas.live_state import NOWHERE, BoardState, EntryState, contender, entry_input, status, with_vetoes

DEFAULT_DIGITS = 2
MOST_ASPECT_COLUMNS = 8

Standing = tuple[Evaluation, Contender]
"""An entry as ranking takes it."""


@dataclass(frozen=True, slots=True)
class Rulebook:
    """A board's scheme and ranking, ready for use. Without a scheme every entry has a row and no total."""

    scheme: Scheme | None
    ranking: Ranking
    columns: tuple[tuple[str, Text], ...]
    digits: int

    @property
    def field_wide(self) -> bool:
        """Whether one entry's change may move any other's row."""
        return self.ranking.field_wide or (self.scheme is not None and self.scheme.field_wide)


class Made(msgspec.Struct, frozen=True, gc=False):
    """A row with what it was made from."""

    rules: Rulebook
    state: EntryState
    row: LiveRow


Memory = dict[str, Made]
"""Rows by entry as one view made them: another view of the same state need not evaluate again."""


def rulebook(board: BoardState) -> Rulebook:
    """The scheme in force, compiled; raises SchemeRefused for one that cannot be used."""
    return _WITHOUT_SCHEME if board.scheme is None else _compiled(canonical(board.scheme.data))


@lru_cache(maxsize=256)
def _compiled(data: bytes) -> Rulebook:
    """One object per scheme: boards share formulas, and views of a board know that they share theirs."""
    scheme = load_scheme(msgspec.json.decode(data))
    ranking = load_ranking(scheme.ranking, [placed.path for placed in scheme.nodes()])
    return Rulebook(scheme, ranking, _columns(scheme), _digits(scheme))


def evaluate_entry(rules: Rulebook, state: EntryState) -> Standing:
    """One entry by itself; not for a field-wide scheme."""
    if rules.scheme is None:
        evaluation = Evaluation(state.id, {}, None, False)
    else:
        evaluation = evaluate(rules.scheme, entry_input(state))
    return with_vetoes(state, evaluation), contender(state)


def evaluate_all(rules: Rulebook, states: Iterable[EntryState]) -> dict[str, Standing]:
    """Entries together. A field-wide scheme needs all that the board has."""
    states = list(states)
    if rules.scheme is None or not rules.scheme.field_wide:
        return {state.id: evaluate_entry(rules, state) for state in states}
    evaluations = evaluate_field(rules.scheme, [entry_input(state) for state in states])
    return {state.id: (with_vetoes(state, evaluations[state.id]), contender(state)) for state in states}


def rows(rules: Rulebook, states: Iterable[EntryState], memory: Memory | None = None) -> dict[str, LiveRow]:
    """The rows of known entries; a sheet without its entry makes none."""
    known = {state.id: state for state in states if state.known}
    if rules.field_wide:
        return _rows_of_field(rules, known)
    memory = {} if memory is None else memory
    found: dict[str, LiveRow] = {}
    for id, state in known.items():
        made = memory.get(id)
        if made is None or made.rules is not rules or made.state != state:
            row = make_row(rules.ranking, *evaluate_entry(rules, state))
            made = memory[id] = Made(rules, state, _live_row(rules, state, row))
        found[id] = made.row
    return found


def _rows_of_field(rules: Rulebook, known: dict[str, EntryState]) -> dict[str, LiveRow]:
    standings = evaluate_all(rules, known.values())
    found = None
    if rules.ranking.field_wide:
        found = survey(
            rules.ranking,
            {entry: evaluation for entry, (evaluation, _) in standings.items()},
            {entry: contender for entry, (_, contender) in standings.items()},
        )
    return {
        entry: _live_row(rules, known[entry], make_row(rules.ranking, evaluation, contender, found))
        for entry, (evaluation, contender) in standings.items()
    }


def _live_row(rules: Rulebook, state: EntryState, row: Row) -> LiveRow:
    entry, proposal = state.entry, state.proposal
    evaluation = row.evaluation
    members = entry.members if entry else _authors(state)
    return LiveRow(
        entry=state.id,
        name=(entry.name if entry else proposal.title if proposal else "") or state.code,
        unit=state.unit or NOWHERE,
        key=row.key,
        order=row.order,
        number=state.number,
        external_id=entry.external_id if entry else proposal.external_id if proposal else "",
        category=entry.category if entry else proposal.category if proposal else "",
        members=members,
        total=evaluation.total,
        values={path: _value(evaluation, path) for path, _ in rules.columns},
        status=row.status,
        placed=row.status == "competing" and not evaluation.barred and evaluation.total is not None,
        complete=evaluation.complete,
        band=evaluation.band,
        barred=evaluation.barred,
        reason=_reason(state) or row.reason,
    )


def _value(evaluation: Evaluation, path: str) -> Decimal | None:
    cell = evaluation.cells.get(path)
    return cell.value if cell else None


def _authors(state: EntryState) -> tuple[str, ...]:
    proposal = state.proposal
    return () if proposal is None or proposal.anonymous else proposal.authors


def _reason(state: EntryState) -> Text | None:
    how = status(state)
    if how == "disqualified" and state.disqualified:
        return Text(f"取消成绩：{state.disqualified}", f"Disqualified: {state.disqualified}")
    proposal, entry = state.proposal, state.entry
    why = (entry and entry.reason) or (proposal and proposal.reason) or ""
    if how == "withdrawn" and proposal and proposal.stage == "merged":
        return Text(
            f"已并案：{why or '与已有建议相同'}", f"Merged: {why or 'the same as an earlier proposal'}"
        )
    if how == "withdrawn" and why:
        return Text(f"退赛：{why}", f"Withdrawn: {why}")
    if proposal and proposal.stage == "declined":
        return Text(f"未采纳：{why or '未说明原因'}", f"Declined: {why or 'no reason given'}")
    return None


def _columns(scheme: Scheme) -> tuple[tuple[str, Text], ...]:
    """The stages and first-level groups, and first-level aspects if they are few, in the scheme's order."""
    first = [
        placed for placed in scheme.nodes() if placed.parent is not None and placed.parent.parent is None
    ]
    wide = len(first) > MOST_ASPECT_COLUMNS
    return tuple(
        (placed.path, placed.title)
        for placed in scheme.nodes()
        if (isinstance(placed.node, Group) and placed.node.stage and placed.parent is not None)
        or (placed in first and (isinstance(placed.node, Group) or not wide))
    )


def _digits(scheme: Scheme) -> int:
    rounds = [conversion.digits for conversion in scheme.root.then if isinstance(conversion, Round)]
    return rounds[-1] if rounds else DEFAULT_DIGITS


_WITHOUT_SCHEME = Rulebook(None, load_ranking(), (), DEFAULT_DIGITS)
