"""A package in memory: what contest.yaml and the tables say, joined.

Entries are known by their external id, judges, units and boards by their codes. `row` is the line of the
table that something was read from (0 where it was not read); it is no part of what is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from schemas.objects import ProposalKind, ProposalStage
from services.cli.package import model

Level = Literal["region", "union", "unit", "team"]
Source = Literal["judge", "self", "checker"]
VetoSource = Literal["inspector", "authority", "organiser"]
Numbers = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str
    parent: str = ""
    level: Level = "unit"
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """`withdrawn` is the reason, empty for those who take part; `unit` a code, empty for the board's unit."""

    external_id: str
    name: str
    unit: str = ""
    category: str = ""
    number: int = 0
    code: str = ""
    unranked: bool = False
    withdrawn: str = ""
    members: tuple[str, ...] = ()
    factors: Numbers = field(default_factory=dict)
    times: Numbers = field(default_factory=dict)
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Judge:
    judge: str
    name: str
    stage: str = ""
    seat: str = ""
    chief: bool = False
    recused: tuple[str, ...] = ()
    row: int = field(default=0, compare=False)


class SheetKey(NamedTuple):
    """Which sheet: sorted, sheets of one entry stand together and a later round behind its earlier one."""

    entry: str
    stage: str
    attempt: int
    round: int
    judge: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What one judge marked for one entry in one stage, attempt and round. `rows` are its aspects'."""

    key: SheetKey
    marks: Mapping[str, Decimal | None]
    source: Source = "judge"
    notes: Mapping[str, str] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal or hazard of a drive; `merged_into` is the external id of another."""

    external_id: str
    kind: ProposalKind
    title: str
    stage: ProposalStage
    authors: tuple[str, ...] = ()
    unit: str = ""
    category: str = ""
    present: str = ""
    measure: str = ""
    effect: str = ""
    reason: str = ""
    benefit: Decimal | None = None
    votes: int = 0
    merged_into: str = ""
    anonymous: bool = False
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Veto:
    entry: str
    veto: str
    reason: str
    source: VetoSource = "organiser"
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Disqualification:
    entry: str
    reason: str
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Decision:
    """What a committee or a play-off decided: the entry's place among those it was tied with."""

    key: str
    entry: str
    place: Decimal
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class BoardPart:
    """A board with all that belongs to it. `scheme_file` says where the scheme was read, for flaws."""

    about: model.Board
    scheme: Mapping[str, Any] | None = None
    entries: tuple[Entry, ...] = ()
    judges: tuple[Judge, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    disqualifications: tuple[Disqualification, ...] = ()
    decisions: tuple[Decision, ...] = ()
    scheme_file: str = field(default="", compare=False)

    @property
    def code(self) -> str:
        return self.about.code

    @property
    def known(self) -> frozenset[str]:
        """The external ids of everything that has a row on the board."""
        return frozenset(
            (*(each.external_id for each in self.entries), *(each.external_id for each in self.proposals))
        )


@dataclass(frozen=True, slots=True)
class Package:
    """A whole package. Units are complete: every code that is used is there."""

    campaign: model.Campaign
    units: tuple[Unit, ...]
    boards: tuple[BoardPart, ...]

    def board(self, code: str) -> BoardPart:
        """Raises KeyError."""
        for board in self.boards:
            if board.code == code:
                return board
        raise KeyError(code)

    def unit_of(self, board: BoardPart, unit: str = "") -> str:
        """The code of a unit, or where none is given the board's, or the campaign's."""
        return unit or board.about.unit or self.campaign.unit_code


_COURSES: Mapping[ProposalKind, tuple[ProposalStage, ...]] = {
    "proposal": ("submitted", "screened", "reviewed", "adopted", "implemented", "verified"),
    "golden_idea": ("submitted", "screened", "reviewed", "adopted", "implemented", "verified"),
    "five_small": ("submitted", "screened", "reviewed", "adopted", "verified"),
    "hazard": ("submitted", "screened", "closed"),
}


def course(proposal: Proposal) -> tuple[ProposalStage, ...]:
    """The stages that a proposal goes through to its own; none where its kind has no such stage."""
    stages = _COURSES[proposal.kind]
    if proposal.stage in ("declined", "merged"):
        return ("submitted", proposal.stage)
    return stages[: stages.index(proposal.stage) + 1] if proposal.stage in stages else ()
