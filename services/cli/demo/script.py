"""What of the demo year is there from the beginning, and what happens in it, in which order. Pure.

The year is a whole contest package. Judges' sheets, indicators, vetoes, most proposals and what becomes of
them are held back and played; everything else is imported as it stands.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from schemas.objects import ProposalStage
from services.cli.package.contest import BoardPart, Package, Proposal, Sheet, Veto, course

Moment = float
"""0 is the beginning of the year, 1 its end."""

PROPOSALS_AT_FIRST = 6
_HANDING_IN = 0.6
_FROZEN_FROM = 0.85
_VETOED_AT = 0.75


@dataclass(frozen=True, slots=True)
class Mark:
    """A judge marks an entry, a unit reports, or an inspector checks."""

    board: str
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Move:
    """A proposal is handed in or reaches its next stage; `proposal.stage` is the stage reached."""

    board: str
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Raise:
    """A veto is raised."""

    board: str
    veto: Veto


@dataclass(frozen=True, slots=True)
class Decide:
    """The jury lets the public board stand still or go on, or makes the results final."""

    board: str
    what: Literal["freeze", "thaw", "publish"]


Act = Mark | Move | Raise | Decide


def beginning(package: Package) -> Package:
    """The package as it is imported before anything is played."""
    return replace(package, boards=tuple(map(_beginning, package.boards)))


def acts(package: Package) -> list[Act]:
    """All that is played, in order."""
    timed = [each for part in package.boards for each in _of_board(part)]
    return [act for _, act in sorted(timed, key=lambda each: each[0])]


def _beginning(part: BoardPart) -> BoardPart:
    return replace(
        part,
        about=part.about.model_copy(update={"published": False}),
        sheets=tuple(sheet for sheet in part.sheets if not _is_played(part, sheet)),
        proposals=tuple(
            replace(each, stage="submitted", reason="", benefit=None, merged_into="")
            for each in part.proposals[:PROPOSALS_AT_FIRST]
        ),
        vetoes=(),
    )


def _is_played(part: BoardPart, sheet: Sheet) -> bool:
    """Results that come from elsewhere, such as a theory examination, name no judge of a panel."""
    return sheet.source != "judge" or any(judge.judge == sheet.key.judge for judge in part.judges)


def _of_board(part: BoardPart) -> Iterator[tuple[Moment, Act]]:
    begin, end = _span(part)
    length = end - begin
    marks = sorted((each for each in part.sheets if _is_played(part, each)), key=_Order(part).of)
    if part.proposals:
        yield from _of_drive(part, marks, begin, length)
    else:
        yield from _spread(part.code, marks, begin, length)
    yield from ((begin + _VETOED_AT * length, Raise(part.code, veto)) for veto in part.vetoes)
    if part.about.kind == "contest" and not part.about.published:
        yield begin + _FROZEN_FROM * length, Decide(part.code, "freeze")
        yield end, Decide(part.code, "thaw")
    if part.about.published:
        yield end, Decide(part.code, "publish")


def _span(part: BoardPart) -> tuple[Moment, Moment]:
    """A contest that is published ends before the middle: its places then count towards the campaign."""
    if part.about.kind == "contest":
        return (0.0, 0.45) if part.about.published else (0.1, 1.0)
    return {"league": (0.05, 0.8), "drive": (0.0, 0.85), "campaign": (0.3, 0.95)}[part.about.kind]


class _Order:
    """Periods and stages one after another, and in each the entries in the order of their draw."""

    def __init__(self, part: BoardPart) -> None:
        self._numbers = {each.external_id: each.number for each in part.entries}
        self._stages = {judge.stage: number for number, judge in reversed([*enumerate(part.judges, 1)])}

    def of(self, sheet: Sheet) -> tuple[int, int, int, str, bool, str]:
        key = sheet.key
        stage, number = self._stages.get(key.stage, 0), self._numbers.get(key.entry, 0)
        return (key.attempt, stage, number, key.entry, sheet.source != "self", key.judge)


def _spread(
    board: str, marks: Sequence[Sheet], begin: Moment, length: Moment
) -> Iterator[tuple[Moment, Act]]:
    for done, sheet in enumerate(marks):
        yield begin + length * done / len(marks), Mark(board, sheet)


def _of_drive(
    part: BoardPart, marks: Sequence[Sheet], begin: Moment, length: Moment
) -> Iterator[tuple[Moment, Act]]:
    """Proposals come in one after another, and each goes its own course."""
    for number, proposal in enumerate(part.proposals):
        steps = list(
            _course(part.code, proposal, [each for each in marks if each.key.entry == proposal.external_id])
        )
        start = begin + length * _HANDING_IN * number / len(part.proposals)
        for done, act in enumerate(steps):
            yield start + length * (1 - _HANDING_IN) * done / len(steps), act


def _course(board: str, proposal: Proposal, marks: Sequence[Sheet]) -> Iterator[Act]:
    """Every stage up to the proposal's own; its panel marks it once it is screened."""
    for stage in course(proposal):
        yield Move(board, _at(proposal, stage))
        if stage == "screened":
            yield from (Mark(board, sheet) for sheet in marks)


def _at(proposal: Proposal, stage: ProposalStage) -> Proposal:
    """The proposal as it was when it reached an earlier stage of its course."""
    return proposal if stage == proposal.stage else replace(proposal, stage=stage, reason="", benefit=None)
