"""How a board was judged, kept between questions: an answer costs what changed since the last one."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from decimal import Decimal
from threading import Lock
from typing import NamedTuple

from rules.evaluate import evaluate_field
from rules.results import Evaluation
from rules.severity import JudgeSeverity, Severity, SpreadAlarm
from rules.text import Text
from schemas.live_state import entry_input
from services.kit.session import ReadSession
from services.scoring.domain.ruleset import Ruleset
from services.scoring.repository import changes
from services.scoring.repository.changes import Changed
from services.scoring.repository.opened import OpenBoard
from services.scoring.service.boards import board_states, some_states

_MOST_KEPT = 8
_Key = tuple[str, int, Decimal | None]


class Judged(NamedTuple):
    """`incomparable` says by aspect why judges cannot be compared; nothing where they can."""

    judges: tuple[JudgeSeverity, ...]
    alarms: tuple[SpreadAlarm, ...]
    incomparable: Mapping[str, tuple[Text, ...]]


class Judging:
    """What the marks of each board say of its judges, by scheme and by the spread that raises alarms."""

    def __init__(self) -> None:
        self._kept: OrderedDict[_Key, tuple[str, Severity]] = OrderedDict()
        self._turn = Lock()

    def report(
        self, session: ReadSession, board: OpenBoard, rules: Ruleset, spread: Decimal | None
    ) -> Judged:
        """The board as it is now. `spread` holds where the scheme names no limit of its own."""
        key = (board.id, board.control.scheme.version if board.control.scheme else 0, spread)
        with self._turn:
            cursor = changes.cursor(session, board.id)
            before, severity = self._kept.pop(key, ("", None))
            changed = changes.since(session, board.id, before) if before else None
            if severity is None or changed is None:
                severity = Severity(_limits(rules, spread))
                changed = None
            for evaluation in _evaluated(session, board, rules, changed):
                severity.put(evaluation)
            self._kept[key] = (cursor, severity)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)
            return Judged(severity.judges(), severity.alarms(), severity.invalid())


def _evaluated(
    session: ReadSession, board: OpenBoard, rules: Ruleset, changed: Changed | None
) -> Iterable[Evaluation]:
    """What changed; all of it where nothing is known, or where each entry hangs on the others."""
    if changed is None or (changed.entries and rules.scheme.field_wide):
        states, _ = board_states(session, board)
    else:
        states = some_states(session, board, changed.entries)
    return evaluate_field(rules.scheme, map(entry_input, states)).values()


def _limits(rules: Ruleset, spread: Decimal | None) -> dict[str, Decimal]:
    """The spread that raises an alarm, by aspect."""
    aspects = rules.scheme.index.aspects
    own = {path: placed.panel.max_spread for path, placed in aspects.items() if placed.panel}
    return {path: limit for path, each in own.items() if (limit := each or spread) is not None}
