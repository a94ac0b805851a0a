"""Marks against the scheme: every fault of a sheet at once, as the problem that its first fault names."""

from collections.abc import Iterable, Sequence
from typing import Any

from rules.evaluate import check_marks
from rules.problems import Refusal
from rules.text import Text
from schemas.objects import Sheet
from services.kit.problems import Fault, Problem
from services.kit.resources import plain
from services.scoring import problems
from services.scoring.domain.ruleset import Ruleset
from services.scoring.domain.submission import Submission

_NAMED: dict[str, type[Problem]] = {
    "unknown_aspect": problems.UnknownAspect,
    "missing_aspect": problems.MissingAspect,
    "unknown_stage": problems.UnknownStage,
    "attempt_beyond_count": problems.AttemptBeyondCount,
}


def require_marks(rules: Ruleset, given: Submission) -> None:
    """Raises the problem that the first fault names, with all faults."""
    refusals = check_marks(rules.scheme, given.stage, given.attempt, given.marks)
    faults = [_fault(refusal) for refusal in refusals]
    if given.source == "judge" and not given.on_behalf and not _stage_is_unknown(refusals):
        missing = rules.required(given.stage, given.attempt) - given.marks.keys()
        faults += _missing(rules, sorted(missing))
    if faults:
        raise _NAMED.get(faults[0].rule, problems.MarkOutsideScale)(faults=faults)


def pointer(*parts: str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + part.replace("~", "~0").replace("/", "~1") for part in parts)


def shown(sheet: Sheet) -> dict[str, Any]:
    """A sheet as problems show it, so that a tablet can lay both versions side by side."""
    return {
        "id": sheet.id,
        "entry": sheet.entry,
        "judge": sheet.judge,
        "stage": sheet.stage,
        "attempt": sheet.attempt,
        "round": sheet.round,
        "version": sheet.version,
        "base": sheet.base,
        "voided": sheet.voided,
        "marks": {path: None if mark is None else plain(mark) for path, mark in sheet.marks.items()},
        "notes": sheet.notes,
        "reason": sheet.reason,
        "device": sheet.device,
        "marked_at": sheet.marked_at.isoformat() if sheet.marked_at else None,
    }


def _fault(refusal: Refusal) -> Fault:
    field = {
        "unknown_stage": "/stage",
        "attempt_beyond_count": "/attempt",
    }.get(refusal.rule) or pointer("marks", refusal.path)
    return Fault(field, refusal.value, refusal.rule, refusal.text, refusal.way_out)


def _stage_is_unknown(refusals: Sequence[Refusal]) -> bool:
    return bool(refusals) and refusals[0].rule == "unknown_stage"


def _missing(rules: Ruleset, paths: Iterable[str]) -> list[Fault]:
    found = []
    for path in paths:
        title = rules.scheme.node(path).title
        found.append(
            Fault(
                pointer("marks", path),
                None,
                "missing_aspect",
                Text(f"“{title.zh}”没有评分", f"{title.en} is not marked"),
                Text("补上分数；弃权写 null", "Give a mark; null says that you abstain"),
            )
        )
    return found
