"""What a judge may give: the check of marks on their way in."""

from collections.abc import Iterator, Mapping
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import TYPE_CHECKING

from rules.problems import Refusal
from rules.rounding import show
from rules.scheme_index import Placed
from rules.scheme_nodes import Aspect
from rules.scheme_types import is_plain
from rules.text import Text

if TYPE_CHECKING:
    from rules.scheme import Scheme

_EXACT = Context(prec=50, traps=[Inexact, InvalidOperation])


class Limit:
    """The limits of one aspect, looked up once; `fault` is the hot path."""

    __slots__ = ("allowed", "attempts", "high", "low", "path", "step", "title")

    def __init__(self, placed: Placed) -> None:
        assert isinstance(placed.node, Aspect)
        scale = placed.node.scale
        self.path = placed.path
        self.title = placed.title
        self.attempts = placed.repeated.node.attempts.count if placed.repeated else 1  # type: ignore[union-attr] # repeated = has attempts
        self.low, self.high, self.step = scale.min, scale.max, scale.step
        self.allowed: frozenset[Decimal] | None = None
        if scale.yes_no:
            self.allowed = frozenset((Decimal(0), Decimal(1)))
        elif scale.levels:
            self.allowed = frozenset(level.mark for level in scale.levels)

    def fault(self, mark: Decimal) -> str | None:
        """The slug of the rule that a mark breaks, None for a good mark."""
        if not mark.is_finite():
            return "not_finite"
        if self.allowed is not None:
            return None if mark in self.allowed else "not_a_level"
        if mark < self.low:
            return "below_min"
        if self.high is not None and mark > self.high:
            return "above_max"
        if self.step is not None:
            return None if self._on_step(mark, self.step) else "off_step"
        return None if is_plain(mark) else "too_fine"

    def _on_step(self, mark: Decimal, step: Decimal) -> bool:
        try:
            return not _EXACT.remainder(_EXACT.subtract(mark, self.low), step)
        except (Inexact, InvalidOperation):
            return False  # far longer than any step


def limit_of(placed: Placed) -> Limit:
    """The limits of an aspect."""
    return Limit(placed)


def check_marks(
    scheme: "Scheme", stage: str, attempt: int, marks: Mapping[str, Decimal | None]
) -> tuple[Refusal, ...]:
    """Refuse marks that the scheme does not allow; an empty result means that all are good.

    `stage` is the path of the node that the sheet covers. A mark of None (no mark given) is always allowed.
    """
    limits = scheme.limits.get(stage)
    if limits is None:
        return (_unknown_stage(scheme, stage),)
    return tuple(_faults(limits, attempt, marks))


def _faults(
    limits: Mapping[str, Limit], attempt: int, marks: Mapping[str, Decimal | None]
) -> Iterator[Refusal]:
    for path, mark in marks.items():
        limit = limits.get(path)
        if limit is None:
            yield _unknown_aspect(limits, path)
            continue
        if attempt != 1 and not 1 <= attempt <= limit.attempts:
            yield _beyond(limit, attempt)
        if mark is not None:
            rule = limit.fault(mark)
            if rule is not None:
                yield _refusal(limit, rule, mark)


def _refusal(limit: Limit, rule: str, mark: Decimal) -> Refusal:
    value = show(mark) if mark.is_finite() and is_plain(mark) else str(mark)
    words = {
        "not_finite": Text("不是有限的数", "is not a finite number"),
        "not_a_level": Text("不是可选的档次", "is not one of the levels"),
        "below_min": Text(f"低于最低分 {limit.low}", f"is below the lowest mark {limit.low}"),
        "above_max": Text(f"高于最高分 {limit.high}", f"is above the highest mark {limit.high}"),
        "off_step": Text(f"不在步长 {limit.step} 上", f"is off the step {limit.step}"),
        "too_fine": Text("过大或小数位过多", "is too large or has too many decimals"),
    }[rule]
    return Refusal(
        limit.path,
        rule,
        Text(f"“{limit.title.zh}”的分 {value} {words.zh}", f"{limit.title.en}: mark {value} {words.en}"),
        _allowed(limit),
        value=value,
    )


def _allowed(limit: Limit) -> Text:
    if limit.allowed is not None:
        marks = [show(mark) for mark in sorted(limit.allowed)]
        return Text(f"请从 {'、'.join(marks)} 中选", f"choose one of {', '.join(marks)}")
    zh, en = f"不低于 {limit.low}", f"from {limit.low}"
    if limit.high is not None:
        zh, en = f" {limit.low} 到 {limit.high}", f"{en} to {limit.high}"
    if limit.step is not None:
        zh, en = f"{zh}、步长 {limit.step}", f"{en} by {limit.step}"
    return Text(f"请给{zh} 的分", f"give a mark {en}")


def _beyond(limit: Limit, attempt: int) -> Refusal:
    return Refusal(
        limit.path,
        "attempt_beyond_count",
        Text(
            f"“{limit.title.zh}”没有第 {attempt} 次，共 {limit.attempts} 次",
            f"{limit.title.en} has {limit.attempts} attempt(s), there is no attempt {attempt}",
        ),
        Text(f"次数应为 1 到 {limit.attempts}", f"use an attempt from 1 to {limit.attempts}"),
        value=str(attempt),
    )


def _unknown_aspect(limits: Mapping[str, Limit], path: str) -> Refusal:
    known = "、".join(list(limits)[:20])
    return Refusal(
        path,
        "unknown_aspect",
        Text(f"评分表上没有评分项“{path}”", f"the sheet has no aspect {path!r}"),
        Text(f"可用的评分项：{known}", f"aspects of this sheet: {known.replace('、', ', ')}"),
        value=path,
    )


def _unknown_stage(scheme: "Scheme", stage: str) -> Refusal:
    known = [placed.path or '""' for placed in scheme.stages()]
    return Refusal(
        stage,
        "unknown_stage",
        Text(f"方案没有阶段“{stage}”", f"the scheme has no stage {stage!r}"),
        Text(f"可用的阶段：{'、'.join(known)}", f"stages: {', '.join(known)}"),
        value=stage,
    )
