"""How many score sheets to check again, and what the errors found mean.

The head of the list is checked whole, of the others a share, rounded up. More errors among the checked
than the limit are no accident: then everything is checked.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import ceil

from rules.text import Text


@dataclass(frozen=True, slots=True)
class RecheckRule:
    """`head` entries from the top, `tail` as a share of the others, `limit` as a share of the checked."""

    head: int = 10
    tail: Decimal = Decimal("0.15")
    limit: Decimal = Decimal("0.05")


@dataclass(frozen=True, slots=True)
class Verdict:
    rate: Decimal
    check_all: bool
    text: Text


def sample_size(rule: RecheckRule, field: int) -> int:
    """The number of sheets to check in a field of that many."""
    head = min(rule.head, field)
    return head + ceil((field - head) * rule.tail)


def judge_sample(rule: RecheckRule, checked: int, errors: int) -> Verdict:
    """What `errors` among `checked` sheets mean. Raises ValueError for impossible counts."""
    if not 0 <= errors <= checked or not checked:
        raise ValueError(f"{errors} errors among {checked} checked sheets")
    rate = Decimal(errors) / checked
    share, limit = f"{rate * 100:.2f} %", f"{rule.limit * 100:f} %"
    if rate > rule.limit:
        return Verdict(
            rate,
            True,
            Text(
                f"{checked} 份中 {errors} 份有误，{share} 超过 {limit}，全部复核",
                f"{errors} of {checked} wrong, {share} is over {limit}: check all",
            ),
        )
    return Verdict(
        rate,
        False,
        Text(
            f"{checked} 份中 {errors} 份有误，{share} 未超过 {limit}，更正所错即可",
            f"{errors} of {checked} wrong, {share} is within {limit}: correct these",
        ),
    )
