"""The life of proposals and hazards. Pure.

A **proposal** (合理化建议, 金点子) is handed in, screened, reviewed by a panel, adopted or declined,
implemented, and its benefit verified. A **五小** result is in use when it is handed in, so nothing is left to
implement. A **hazard** (隐患) is screened and closed; no panel marks it and nobody votes on it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from msgspec.structs import replace

from rules.text import Text
from schemas.events import suggestions as facts
from schemas.objects import Proposal, ProposalKind, ProposalStage
from schemas.registry import Fact
from services.kit.problems import Fault
from services.suggestions.problems import NotGradable, NotNow

Action = Literal[
    "screen", "review", "adopt", "decline", "implement", "verify", "merge", "unmerge", "close", "vote"
]
Moves = Mapping[ProposalStage, Mapping[Action, ProposalStage]]

_PROPOSAL: Moves = {
    "submitted": {"screen": "screened", "decline": "declined", "merge": "merged"},
    "screened": {"review": "reviewed", "decline": "declined", "merge": "merged"},
    "reviewed": {"adopt": "adopted", "decline": "declined", "merge": "merged"},
    "adopted": {"implement": "implemented"},
    "implemented": {"verify": "verified"},
}
_FIVE_SMALL: Moves = {**_PROPOSAL, "adopted": {"verify": "verified"}, "implemented": {}}
_HAZARD: Moves = {
    "submitted": {"screen": "screened", "decline": "declined", "merge": "merged"},
    "screened": {"close": "closed", "decline": "declined", "merge": "merged"},
}
MOVES: Mapping[ProposalKind, Moves] = {
    "proposal": _PROPOSAL,
    "golden_idea": _PROPOSAL,
    "five_small": _FIVE_SMALL,
    "hazard": _HAZARD,
}
"""Kind → stage → what may be done → the stage that follows."""

ADOPTED: frozenset[ProposalStage] = frozenset({"adopted", "implemented", "verified", "closed"})
"""From here on a merge stands: honours may rest on it."""

_VOTED: frozenset[ProposalStage] = frozenset({"submitted", "screened", "reviewed"})

_STATED: Mapping[ProposalStage, Callable[..., Fact]] = {
    "submitted": facts.ProposalSubmitted,
    "screened": facts.ProposalScreened,
    "reviewed": facts.ProposalReviewed,
    "adopted": facts.ProposalAdopted,
    "declined": facts.ProposalDeclined,
    "implemented": facts.ProposalImplemented,
    "verified": facts.ProposalVerified,
    "closed": facts.HazardClosed,
    "merged": facts.ProposalMerged,
}

STAGE_NAMES: Mapping[ProposalStage, Text] = {
    "submitted": Text("已提交", "submitted"),
    "screened": Text("已受理", "screened"),
    "reviewed": Text("已评审", "reviewed"),
    "adopted": Text("已采纳", "adopted"),
    "declined": Text("未采纳", "declined"),
    "implemented": Text("已实施", "implemented"),
    "verified": Text("效益已核实", "verified"),
    "closed": Text("已整改销号", "closed"),
    "merged": Text("已并案", "merged"),
}
_ACTION_NAMES: Mapping[Action, Text] = {
    "screen": Text("受理", "screen"),
    "review": Text("完成评审", "finish the review"),
    "adopt": Text("采纳", "adopt"),
    "decline": Text("不予采纳", "decline"),
    "implement": Text("登记实施", "record as implemented"),
    "verify": Text("核实效益", "verify the benefit"),
    "merge": Text("并案", "merge"),
    "unmerge": Text("撤销并案", "undo the merge"),
    "close": Text("整改销号", "close"),
    "vote": Text("投票", "vote"),
}


@dataclass(frozen=True, slots=True)
class DriveRules:
    """What a drive may set for itself: days to answer a proposal, hours to answer a hazard report, and
    whether a yearly value on the border between two grades belongs to the lower grade."""

    answer_days: int = 20
    hazard_hours: int = 24
    upper_inclusive: bool = False


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of the 1986 state rule: bonus in yuan from `least` to `most`, and the honour with it."""

    grade: int
    least: Decimal
    most: Decimal
    honour: Text


_PRAISE, _DIPLOMA = Text("表扬", "praise"), Text("奖状", "diploma")
_GRADES = (
    (Decimal(1_000_000), Grade(1, Decimal(2500), Decimal(4000), _DIPLOMA)),
    (Decimal(500_000), Grade(2, Decimal(1500), Decimal(2500), _DIPLOMA)),
    (Decimal(100_000), Grade(3, Decimal(500), Decimal(1500), _DIPLOMA)),
    (Decimal(10_000), Grade(4, Decimal(300), Decimal(500), _PRAISE)),
)
_LAST_GRADE = Grade(5, Decimal(0), Decimal(300), _PRAISE)
_FIXED_BORDERS = frozenset({1, 4})


def grade(value: Decimal, upper_inclusive: bool = False) -> Grade:
    """The grade of a yearly value in yuan (国发〔1986〕59号).

    The rule says "≥ 1 000 000" and "< 10 000", so those borders are fixed; `upper_inclusive` decides whether
    500 000 and 100 000 end the band below them instead of beginning the one above.
    """
    for border, found in _GRADES:
        above = value > border if upper_inclusive and found.grade not in _FIXED_BORDERS else value >= border
        if above:
            return found
    return _LAST_GRADE


def answer_due(kind: ProposalKind, submitted_at: datetime, rules: DriveRules) -> datetime:
    """When its proposer must have an answer: a decision, or for a hazard a written instruction."""
    if kind == "hazard":
        return submitted_at + timedelta(hours=rules.hazard_hours)
    return submitted_at + timedelta(days=rules.answer_days)


def answers(kind: ProposalKind, stage: ProposalStage) -> bool:
    """Whether reaching this stage is the answer that the proposer waits for."""
    if kind == "hazard":
        return stage != "submitted"
    return stage in ADOPTED or stage in ("declined", "merged")


def check_gradable(kind: ProposalKind, present: str, measure: str, effect: str) -> None:
    """Raise NotGradable for a report that names no measure (一般性意见) or lacks another of its parts.

    A hazard needs only what was seen: what to do about it is the answer's business.
    """
    needed = {"present": present} if kind == "hazard" else _parts(present, measure, effect)
    faults = [
        Fault(f"/body/{part}", text, "gradable", *_ASKED[part]) for part, text in needed.items() if not text
    ]
    if faults:
        raise NotGradable(faults=faults)


def move(proposal: Proposal, action: Action) -> ProposalStage:
    """The stage that follows; raises NotNow where `action` cannot be done at the proposal's stage."""
    possible = MOVES[proposal.kind].get(proposal.stage, {})
    if action not in possible:
        raise not_now(proposal, action)
    return possible[action]


def possible_actions(proposal: Proposal) -> tuple[Action, ...]:
    """What an organiser may do with it now."""
    if proposal.stage == "merged":
        return ("unmerge",)
    return tuple(MOVES[proposal.kind].get(proposal.stage, {}))


def check_vote(proposal: Proposal) -> None:
    """Raise NotNow unless votes are taken: no hazard, nothing decided yet."""
    if proposal.kind == "hazard" or proposal.stage not in _VOTED:
        raise not_now(proposal, "vote")


def not_now(proposal: Proposal, action: Action) -> NotNow:
    """The refusal that names the stage and what can be done instead."""
    name, stage = _ACTION_NAMES[action], STAGE_NAMES[proposal.stage]
    possible = [_ACTION_NAMES[each] for each in possible_actions(proposal)]
    zh = "、".join(each.zh for each in possible)
    en = ", ".join(each.en for each in possible)
    return NotNow(
        Text(f"现阶段为“{stage.zh}”，不能{name.zh}", f"It is {stage.en} and takes no “{name.en}”"),
        way_out=Text(f"现在可以：{zh}", f"Possible now: {en}")
        if possible
        else Text("流程已结束，无需再办理", "Its course has ended; nothing is left to do"),
        stage=proposal.stage,
        possible=list(possible_actions(proposal)),
    )


def stated(proposal: Proposal) -> Fact:
    """The fact that says the proposal whole, at the stage it has reached."""
    if proposal.kind == "hazard" and proposal.stage == "submitted":
        return facts.HazardReported(proposal=proposal)
    return _STATED[proposal.stage](proposal=proposal)


def told(proposal: Proposal) -> Proposal:
    """The proposal as events may carry it: of an anonymous reporter not even the name."""
    return replace(proposal, authors=()) if proposal.anonymous else proposal


def _parts(present: str, measure: str, effect: str) -> dict[str, str]:
    return {"present": present, "measure": measure, "effect": effect}


_ASKED: Mapping[str, tuple[Text, Text]] = {
    "present": (
        Text("没有说明现状", "The present state is missing"),
        Text("写明问题在哪里、现在怎样", "Say where the problem is and how things are now"),
    ),
    "measure": (
        Text("没有具体措施的属一般性意见，不能评定等级", "An opinion without a measure cannot be graded"),
        Text("写明具体怎么改：做什么、谁来做、用什么", "Say what is to be done, by whom and with what"),
    ),
    "effect": (
        Text("没有说明预期效果", "The expected effect is missing"),
        Text("写明预计节约或增加多少、改善什么", "Say what it will save, bring or improve"),
    ),
}  # fmt: skip
