"""What was decided about a board: scheme, panels, windows, locks, jury. A fold over the board's own facts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from rules.problems import SchemeRefused
from schemas.events import scores
from schemas.objects import Panel, PanelJudge, SchemeVersion, Window
from schemas.registry import Fact
from services.scoring.domain.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class BoardControl:
    """Everything that decides whether a sheet is taken, apart from the entry and the sheet before it.

    `sealed` are the stages that take no marks: locked, or published on their own.
    """

    id: str
    scheme: SchemeVersion | None = None
    rules: Ruleset | None = None
    panels: Mapping[str, Panel] = field(default_factory=dict)
    windows: Mapping[str, Window] = field(default_factory=dict)
    locked: frozenset[str] = frozenset()
    shown_stages: frozenset[str] = frozenset()
    frozen: bool = False
    published_at: datetime | None = None
    disqualified: Mapping[str, str] = field(default_factory=dict)
    vetoes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    decisions: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    @property
    def sealed(self) -> frozenset[str]:
        return self.locked | self.shown_stages

    def panel(self, stage: str) -> Panel | None:
        """Who marks a stage: its own panel, else the whole scheme's."""
        return self.panels.get(stage) or self.panels.get("")

    def seat(self, stage: str, judge: str) -> PanelJudge | None:
        panel = self.panel(stage)
        return next((each for each in panel.judges if each.judge == judge), None) if panel else None

    def window(self, stage: str) -> Window | None:
        """When a stage takes marks: its own window, else the whole scheme's."""
        return self.windows.get(stage) or self.windows.get("")

    def sealing(self, stage: str, aspects: Iterable[str]) -> str | None:
        """The sealed stage that a sheet with these aspects would write into."""
        for path in self.sealed:
            if not path or stage == path or stage.startswith(f"{path}."):
                return path
            if any(aspect == path or aspect.startswith(f"{path}.") for aspect in aspects):
                return path
        return None


def apply(board: BoardControl, fact: Fact, time: datetime) -> BoardControl:
    """The board after a fact; facts that decide nothing about it leave it alone."""
    change = _ON.get(type(fact))
    return board if change is None else change(board, fact, time)


def _scheme(board: BoardControl, fact: scores.SchemePublished, _: datetime) -> BoardControl:
    try:
        rules = Ruleset.of(fact.scheme.data)
    except SchemeRefused:  # written by another version of the rulebook: marks wait for a new version
        rules = None
    return replace(board, scheme=fact.scheme, rules=rules)


def _panel(board: BoardControl, fact: scores.PanelSet, _: datetime) -> BoardControl:
    return replace(board, panels={**board.panels, fact.panel.stage: fact.panel})


def _window(board: BoardControl, fact: scores.WindowSet, _: datetime) -> BoardControl:
    return replace(board, windows={**board.windows, fact.window.stage: fact.window})


def _locked(board: BoardControl, fact: scores.StageLocked, _: datetime) -> BoardControl:
    return replace(board, locked=board.locked | {fact.stage})


def _unlocked(board: BoardControl, fact: scores.StageUnlocked, _: datetime) -> BoardControl:
    return replace(board, locked=board.locked - {fact.stage})


def _frozen(board: BoardControl, _fact: scores.BoardFrozen, _: datetime) -> BoardControl:
    return replace(board, frozen=True)


def _thawed(board: BoardControl, _fact: scores.BoardThawed, _: datetime) -> BoardControl:
    return replace(board, frozen=False)


def _published(board: BoardControl, fact: scores.ResultsPublished, time: datetime) -> BoardControl:
    if fact.stage:
        return replace(board, shown_stages=board.shown_stages | {fact.stage})
    return replace(board, frozen=False, published_at=fact.published_at or time)


def _withdrawn(board: BoardControl, _fact: scores.ResultsWithdrawn, _: datetime) -> BoardControl:
    return replace(board, published_at=None, shown_stages=frozenset())


def _disqualified(board: BoardControl, fact: scores.EntryDisqualified, _: datetime) -> BoardControl:
    return replace(board, disqualified={**board.disqualified, fact.entry: fact.reason})


def _reinstated(board: BoardControl, fact: scores.EntryReinstated, _: datetime) -> BoardControl:
    return replace(board, disqualified=_without(board.disqualified, fact.entry))


def _veto(board: BoardControl, fact: scores.VetoRaised, _: datetime) -> BoardControl:
    raised = {**board.vetoes.get(fact.entry, {}), fact.veto: fact.reason}
    return replace(board, vetoes={**board.vetoes, fact.entry: raised})


def _no_veto(board: BoardControl, fact: scores.VetoLifted, _: datetime) -> BoardControl:
    left = _without(board.vetoes.get(fact.entry, {}), fact.veto)
    return replace(board, vetoes={**board.vetoes, fact.entry: left})


def _decided(board: BoardControl, fact: scores.TieDecided, _: datetime) -> BoardControl:
    decided = {
        entry: {**board.decisions.get(entry, {}), fact.key: place} for entry, place in fact.order.items()
    }
    return replace(board, decisions={**board.decisions, **decided})


def _without(mapping: Mapping[str, str], key: str) -> dict[str, str]:
    return {name: value for name, value in mapping.items() if name != key}


# A table by fact class: the class that a function takes is the class that it is filed under.
_ON: dict[type[Fact], Callable[[BoardControl, Any, datetime], BoardControl]] = {
    scores.SchemePublished: _scheme,
    scores.PanelSet: _panel,
    scores.WindowSet: _window,
    scores.StageLocked: _locked,
    scores.StageUnlocked: _unlocked,
    scores.BoardFrozen: _frozen,
    scores.BoardThawed: _thawed,
    scores.ResultsPublished: _published,
    scores.ResultsWithdrawn: _withdrawn,
    scores.EntryDisqualified: _disqualified,
    scores.EntryReinstated: _reinstated,
    scores.VetoRaised: _veto,
    scores.VetoLifted: _no_veto,
    scores.TieDecided: _decided,
}
CONTROL: tuple[type[Fact], ...] = tuple(_ON)
"""The facts that decide something about a board."""
