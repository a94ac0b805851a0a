"""The objects that facts carry: board, entry, scheme, panel, window, sheet, proposal.

Ids are UUIDv7 texts. Marks and points are exact decimals and travel as JSON strings. Times are UTC.
Names that people read carry both languages (`zh`, `en`); `en` may repeat `zh`.

Here and in every fact `gc=False`: such an object never holds itself, so Python's collector need not look for
that among the hundreds of thousands that a rebuild holds.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec


class Named(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A title in both languages."""

    zh: str
    en: str


class UnitRef(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A unit (region, union, enterprise, 班组) and its place in the tree: `/` + ids from the root + `/`."""

    id: str
    name: str
    path: str = "/"


BoardKind = Literal["contest", "league", "drive", "campaign"]
"""技能大比武, 劳动竞赛, 合理化建议/五小, 工人先锋号."""

EntryKind = Literal["person", "team", "unit", "proposal"]


class Feed(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One way in which points come to a campaign board from another board.

    `source` is the source board's id, or `*` with `source_kind` for every board of that kind in the
    campaign's year. `cause` is what earns: a place in published results, an adopted or verified proposal,
    a closed hazard. `aspect` is the aspect path on this board; `points` maps a place ("1"), an award id or
    "each" to points; `cap` limits an entry's sum over this feed.
    """

    id: str
    cause: Literal["place", "proposal.adopted", "proposal.verified", "hazard.closed"]
    aspect: str
    points: dict[str, Decimal]
    source: str = "*"
    source_kind: BoardKind | None = None
    cap: Decimal | None = None


class Board(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Everything that ranks (榜). `blind` boards show codes, not names, until they are published.

    `code` is the short name that people and packages use for it inside a campaign.
    """

    id: str
    code: str
    campaign: str
    campaign_title: Named
    kind: BoardKind
    title: Named
    unit: UnitRef
    entry_kind: EntryKind = "person"
    trade: str = ""
    blind: bool = False
    public: bool = True
    feeds: tuple[Feed, ...] = ()
    opened_at: datetime | None = None


class Entry(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who or what is ranked. No id number, phone or birth date ever travels in an event.

    `external_id` is the organiser's own number; `number` the draw number (0 = not drawn); `code` the
    blind code; `factors` what the entry brings (path or path#attempt → coefficient or base value);
    `times` named seconds for time keys; `members` names of a team.
    """

    id: str
    board: str
    kind: EntryKind
    name: str
    unit: UnitRef
    external_id: str = ""
    number: int = 0
    code: str = ""
    category: str = ""
    status: Literal["registered", "verified", "withdrawn"] = "registered"
    unranked: bool = False
    reason: str = ""
    factors: dict[str, Decimal] = {}
    times: dict[str, Decimal] = {}
    members: tuple[str, ...] = ()


class SchemeVersion(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of a board's scheme, as data that `rules.scheme.load_scheme` reads."""

    board: str
    version: int
    data: dict[str, Any]
    reason: str = ""


class PanelJudge(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A judge on a panel. `seat` is the letter or number that boards show in place of the name."""

    judge: str
    name: str
    seat: str = ""
    chief: bool = False
    recused: tuple[str, ...] = ()


class Panel(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Who marks a stage ("" = the whole scheme)."""

    board: str
    stage: str
    judges: tuple[PanelJudge, ...]


class Window(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When a stage takes marks: for nobody, for one entry, for all; until `deadline` plus `grace` seconds.

    `editable` says whether an accepted sheet may still be replaced by its judge.
    """

    board: str
    stage: str
    mode: Literal["closed", "one", "all"]
    entry: str | None = None
    deadline: datetime | None = None
    grace: int = 0
    editable: bool = True


SheetSource = Literal["judge", "self", "checker", "imported", "contribution"]


class Sheet(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One version of what one judge marked for one entry in one stage and attempt (评分表).

    `id` is made on the device and is this version's own; `version` counts from 1 and `base` is the
    version it replaces (0 = none). `marks` maps aspect paths to marks, None = abstained. For indicators
    `judge` is the reporter, `attempt` the period. `marked_at` is the device's clock.
    """

    id: str
    board: str
    entry: str
    judge: str
    marks: dict[str, Decimal | None]
    stage: str = ""
    attempt: int = 1
    round: int = 1
    version: int = 1
    base: int = 0
    source: SheetSource = "judge"
    notes: dict[str, str] = {}
    reason: str = ""
    device: str = ""
    marked_at: datetime | None = None
    confirmed_by: str = ""
    voided: bool = False

    @property
    def key(self) -> tuple[str, str, str, int]:
        """Which sheet this is a version of: entry, judge, stage, attempt."""
        return (self.entry, self.judge, self.stage, self.attempt)


ProposalKind = Literal["proposal", "golden_idea", "five_small", "hazard"]
"""合理化建议, 金点子, 五小, 隐患 (金眼睛)."""

ProposalStage = Literal[
    "submitted", "screened", "reviewed", "adopted", "declined", "implemented", "verified", "closed", "merged"
]


class Proposal(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A proposal or hazard report, whole. `entry` is its entry on the drive's board (same id).

    `present`, `measure` and `effect` are the three parts that make it gradable (现状, 措施, 预期效果).
    `benefit` is the yearly value in yuan, as verified. `authors` are names; the first is the proposer.
    """

    id: str
    board: str
    kind: ProposalKind
    stage: ProposalStage
    title: str
    unit: UnitRef
    authors: tuple[str, ...]
    present: str
    measure: str
    effect: str
    external_id: str = ""
    category: str = ""
    reason: str = ""
    benefit: Decimal | None = None
    votes: int = 0
    merged_into: str | None = None
    anonymous: bool = False
