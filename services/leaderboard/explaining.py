"""How a total was made, and why the row above is above: the fold's state run through the rules again. Pure.

The state is that of the view: what is sealed from the public is not in it. Judges are known to the public
by their seats.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from rules.evaluate import evaluate, evaluate_field
from rules.ranking import Ranking, load_ranking, make_row, survey
from rules.results import Cell, Evaluation, GivenMark, Row
from rules.scheme import Scheme, load_scheme
from rules.text import Text
from rules.why import why_above
from schemas.live import LiveRow, View
from schemas.live_state import BoardState, EntryState, contender, entry_input, with_vetoes
from schemas.objects import PanelJudge, SchemeVersion
from services.leaderboard.problems import CellNotFound
from services.leaderboard.resources import Explanation, ShownCell, ShownGate, ShownMark, ShownStep

_SOURCES = {"self": "自报", "checker": "核查", "imported": "导入", "contribution": "积分"}


@dataclass(frozen=True)
class Rules:
    """A board's scheme and ranking, ready for use."""

    scheme: Scheme | None
    ranking: Ranking

    @property
    def field_wide(self) -> bool:
        """Whether one entry can only be explained with all the others."""
        return self.ranking.field_wide or (self.scheme is not None and self.scheme.field_wide)


def rules_of(state: BoardState) -> Rules:
    return _compiled(_ByVersion(state.scheme))


def explain(
    view: View,
    board: BoardState,
    entry: str,
    states: Mapping[str, EntryState],
    *,
    path: str | None = None,
    attempt: int | None = None,
) -> Explanation:
    """All cells of an entry, or those at one path (and attempt). Raises CellNotFound."""
    rules = rules_of(board)
    state = states[entry]
    evaluation = with_vetoes(state, _explained(rules, entry, states.values()))
    titles = rules.scheme.titles if rules.scheme else {}
    cells = [
        _shown_cell(view, board, state, cell, titles)
        for cell in evaluation.cells.values()
        if (path is None or cell.path == path) and (attempt is None or cell.attempt == attempt)
    ]
    if path is not None and not cells:
        raise CellNotFound(path=path)
    order = {node: number for number, node in enumerate(titles)}
    cells.sort(key=lambda cell: (order.get(cell.path, 0), cell.attempt))
    return Explanation(
        board=board.id,
        view=view,
        entry=entry,
        name=_name(state),
        scheme_version=board.scheme.version if board.scheme else 0,
        total=evaluation.total,
        complete=evaluation.complete,
        barred=evaluation.barred,
        cells=tuple(cells),
        gates=tuple(
            ShownGate(gate=gate.gate, passed=gate.passed, effect=gate.effect, text=gate.text)
            for gate in evaluation.gates
        ),
        refusals=tuple(refusal.text for refusal in evaluation.refusals),
    )


def why(board: BoardState, mine: LiveRow, above: LiveRow, states: Mapping[str, EntryState]) -> Text:
    """Why `above` stands above `mine`."""
    rules = rules_of(board)
    evaluations = _evaluations(rules, states.values())
    contenders = {id: contender(state) for id, state in states.items()}
    found = survey(rules.ranking, evaluations, contenders) if rules.ranking.field_wide else None

    def row(live: LiveRow) -> Row:
        return make_row(rules.ranking, evaluations[live.entry], contenders[live.entry], found)

    names = {live.entry: live.name for live in (mine, above)}
    return why_above(rules.ranking, row(above), row(mine), names)


class _ByVersion:
    """A scheme as a key: a published version never changes."""

    def __init__(self, scheme: SchemeVersion | None) -> None:
        self.scheme = scheme
        self._key = (scheme.board, scheme.version) if scheme else None

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _ByVersion) and self.scheme == other.scheme


@lru_cache(256)
def _compiled(version: _ByVersion) -> Rules:
    if version.scheme is None:
        return Rules(None, load_ranking())
    scheme = load_scheme(version.scheme.data)
    return Rules(scheme, load_ranking(scheme.ranking, [placed.path for placed in scheme.nodes()]))


def _explained(rules: Rules, entry: str, states: Iterable[EntryState]) -> Evaluation:
    inputs = {state.id: entry_input(state) for state in states if state.known}
    mine = inputs.pop(entry)
    if rules.scheme is None:
        return Evaluation(entry, {}, None, False)
    among = inputs.values() if rules.scheme.field_wide else ()
    return evaluate(rules.scheme, mine, among=among, explain=True)


def _evaluations(rules: Rules, states: Iterable[EntryState]) -> dict[str, Evaluation]:
    states = [state for state in states if state.known]
    if rules.scheme is None:
        found = {state.id: Evaluation(state.id, {}, None, False) for state in states}
    elif rules.scheme.field_wide:
        found = evaluate_field(rules.scheme, [entry_input(state) for state in states])
    else:
        found = {state.id: evaluate(rules.scheme, entry_input(state)) for state in states}
    return {state.id: with_vetoes(state, found[state.id]) for state in states}


def _name(state: EntryState) -> str:
    holder = state.entry.name if state.entry else state.proposal.title if state.proposal else ""
    return holder or state.code


def _shown_cell(
    view: View, board: BoardState, state: EntryState, cell: Cell, titles: Mapping[str, Text]
) -> ShownCell:
    return ShownCell(
        path=cell.path,
        attempt=cell.attempt,
        title=titles.get(cell.path, Text(cell.path, cell.path)),
        value=cell.value,
        missing=cell.missing,
        complete=cell.complete,
        marks=tuple(_shown_mark(view, board, state, cell.path, given) for given in cell.marks),
        steps=tuple(ShownStep(op=step.op, value=step.value, text=step.text) for step in cell.steps),
    )


def _shown_mark(view: View, board: BoardState, state: EntryState, path: str, given: GivenMark) -> ShownMark:
    seated = _judge_at(board, path, given.judge)
    seat, note = (seated[0], "") if seated else _source(state, given.judge)
    if view == "public":
        return ShownMark(seat=seat, mark=given.mark, used=given.used, note=note)
    name = seated[1].name if seated else None
    return ShownMark(seat=seat, mark=given.mark, used=given.used, judge=given.judge, name=name, note=note)


def _judge_at(board: BoardState, path: str, judge: str) -> tuple[str, PanelJudge] | None:
    """The judge's seat on the panel nearest to the node; a judge without one is known by number."""
    stages = [stage for stage in board.panels if not stage or path == stage or path.startswith(f"{stage}.")]
    for stage in sorted(stages, key=len, reverse=True):
        for number, each in enumerate(board.panels[stage].judges, 1):
            if each.judge == judge:
                return each.seat or str(number), each
    return None


def _source(state: EntryState, judge: str) -> tuple[str, str]:
    """Where a mark comes from that nobody on a panel gave, and what earned it."""
    for sheet in state.sheets.values():
        if judge in (sheet.judge, sheet.id):
            return _SOURCES.get(sheet.source, ""), sheet.note
    return "", ""
