"""What the jury decides about a board. A command that would change nothing tells nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from rules.ranking import undecided_ties
from rules.text import Text
from schemas.events import scores
from schemas.registry import Fact
from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.problems import Fault
from services.kit.session import WriteSession
from services.scoring import problems
from services.scoring.domain.board import BoardControl, apply
from services.scoring.domain.ruleset import Ruleset
from services.scoring.domain.sheets import require_entry
from services.scoring.domain.standings import Standings, awards_of, count, places_in_stage
from services.scoring.repository import boards
from services.scoring.repository.opened import take_turn
from services.scoring.service.boards import board_states, name_of, note, require_stage


@dataclass(frozen=True, slots=True)
class Published:
    """What was published; `incomplete` entries still owe marks."""

    control: BoardControl
    places: Mapping[str, int]
    awards: Mapping[str, tuple[str, ...]]
    incomplete: tuple[str, ...]


class Jury:
    """The jury of one board in one transaction; `control` is the board after what it decided."""

    def __init__(self, session: WriteSession, board: str, who: Principal, clock: Clock) -> None:
        self._session, self._who, self._clock = session, who, clock
        self._board = take_turn(session, board)
        self.control = self._board.control

    def freeze(self, reason: str) -> None:
        """Let the public board stand still; marks go on being taken."""
        self._require(Role.ORGANISER, Role.CHIEF_JUDGE)
        if not self.control.frozen and self.control.published_at is None:
            self._tell(scores.BoardFrozen(board=self.control.id, reason=reason))

    def thaw(self, reason: str) -> None:
        self._require(Role.ORGANISER, Role.CHIEF_JUDGE)
        if self.control.frozen:
            self._tell(scores.BoardThawed(board=self.control.id, reason=reason))

    def lock(self, stage: str, reason: str) -> None:
        """Sign a stage off: no mark is taken there until it is unlocked."""
        self._require(Role.CHIEF_JUDGE)
        require_stage(self._board, stage)
        if stage not in self.control.locked:
            self._tell(scores.StageLocked(board=self.control.id, stage=stage, reason=reason))

    def unlock(self, stage: str, reason: str) -> None:
        self._require(Role.CHIEF_JUDGE)
        if stage in self.control.locked:
            self._tell(scores.StageUnlocked(board=self.control.id, stage=stage, reason=reason))

    def disqualify(self, entry: str, reason: str) -> None:
        self._require(Role.CHIEF_JUDGE)
        self._require_open(entry)
        if entry not in self.control.disqualified:
            self._tell(scores.EntryDisqualified(board=self.control.id, entry=entry, reason=reason))

    def reinstate(self, entry: str, reason: str) -> None:
        self._require(Role.CHIEF_JUDGE)
        self._require_open(entry)
        if entry in self.control.disqualified:
            self._tell(scores.EntryReinstated(board=self.control.id, entry=entry, reason=reason))

    def raise_veto(self, fact: scores.VetoRaised) -> None:
        """一票否决: the entry keeps its total, and takes no place and no award."""
        self._require(Role.ORGANISER, Role.CHIEF_JUDGE)
        self._require_open(fact.entry)
        if self.control.vetoes.get(fact.entry, {}).get(fact.veto) != fact.reason:
            self._tell(fact)

    def lift_veto(self, entry: str, veto: str, reason: str) -> None:
        self._require(Role.ORGANISER, Role.CHIEF_JUDGE)
        self._require_open(entry)
        if veto not in self.control.vetoes.get(entry, {}):
            raise problems.UnknownVeto(
                way_out=Text("从参赛者的否决项中选取", "Take one of the vetoes of the entry"), veto=veto
            )
        self._tell(scores.VetoLifted(board=self.control.id, entry=entry, veto=veto, reason=reason))

    def decide_tie(self, key: str, order: Mapping[str, Decimal], reason: str) -> None:
        """Put tied entries in the order that a play-off or the committee found."""
        self._require(Role.CHIEF_JUDGE)
        self._require_unpublished()
        keys = [each.id for each in self._rules().ranking.keys if each.by == "decision"]
        if key not in keys:
            options = ", ".join(keys) or "—"
            raise problems.UnknownTieKey(
                faults=[
                    Fault(
                        "/key",
                        key,
                        "unknown_tie_key",
                        Text("排名规则没有这个裁定项", "The ranking has no such deciding key"),
                        Text(f"可用：{options}", f"use one of: {options}"),
                    )
                ]
            )
        known = {state.id for state in boards.entries(self._session, self.control.id)}
        for entry in order:
            require_entry(False if entry in known else None, entry)
        decided = {entry: self.control.decisions.get(entry, {}).get(key) for entry in order}
        if decided != dict(order):
            self._tell(scores.TieDecided(board=self.control.id, key=key, order=dict(order), reason=reason))

    def publish(self, stage: str, reason: str) -> Published:
        """Make the results final: places and awards are counted from the ledger, here and now."""
        self._require(Role.ORGANISER, Role.CHIEF_JUDGE)
        self._require_unpublished()
        rules = self._rules()
        require_stage(self._board, stage)
        states, _ = board_states(self._session, self._board)
        standings = count(rules, states)
        if stage:
            places, awards = places_in_stage(stage, standings), {}
        else:
            _require_decided(standings, {state.id: name_of(state) for state in states})
            places, awards = standings.places, awards_of(rules, standings, self.control.id)
        fact = scores.ResultsPublished(
            board=self.control.id,
            reason=reason,
            stage=stage,
            places=places,
            awards=awards,
            published_at=self._clock(),
        )
        self._tell(fact)
        incomplete = tuple(
            row.entry for row in standings.rows if row.place is not None and not row.evaluation.complete
        )
        return Published(self.control, places, awards, incomplete)

    def withdraw_results(self, reason: str) -> None:
        """Take published results back, to correct them and publish again."""
        self._require(Role.ORGANISER, Role.CHIEF_JUDGE)
        if self.control.published_at is None and not self.control.shown_stages:
            raise problems.NotPublished(way_out=Text("先公布成绩", "Publish the results first"))
        self._tell(scores.ResultsWithdrawn(board=self.control.id, reason=reason))

    def _require(self, *roles: Role) -> None:
        self._board.require(self._who, *roles)

    def _require_open(self, entry: str) -> None:
        """The entry exists, and the results are not published."""
        self._require_unpublished()
        boards.project(self._session, self.control.id)
        known = boards.withdrawn(self._session, self.control.id, [entry])
        require_entry(False if entry in known else None, entry)

    def _require_unpublished(self) -> None:
        if self.control.published_at is not None:
            raise problems.BoardPublished(
                way_out=Text("先撤回公布", "Withdraw the results first"),
                published_at=self.control.published_at.isoformat(),
            )

    def _rules(self) -> Ruleset:
        if self.control.rules is None:
            raise problems.SchemeMissing(
                way_out=Text("请承办方先发布方案", "Let the organiser publish a scheme first")
            )
        return self.control.rules

    def _tell(self, fact: Fact) -> None:
        note(self._session, fact, self.control.id, self._who, self._clock)
        self.control = apply(self.control, fact, self._clock())


def _require_decided(standings: Standings, names: Mapping[str, str]) -> None:
    ties = undecided_ties(standings.rows)
    if ties:
        raise problems.TiesUndecided(
            way_out=Text(
                "由裁判长记录加赛或裁定的先后",
                "Let the chief judge record the order of the play-off or decision",
            ),
            ties=[[{"entry": row.entry, "name": names[row.entry]} for row in tie] for tie in ties],
        )
