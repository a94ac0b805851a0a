"""The grade table of the state rule and the stage machines."""

from decimal import Decimal
from typing import get_args

import pytest

from schemas.objects import ProposalKind, ProposalStage
from services.suggestions.domain import MOVES, grade


@pytest.mark.parametrize(
    ("value", "lower", "upper"),
    [
        ("1000000", 1, 1),  # the rule says "≥ 1 000 000"
        ("999999.99", 2, 2),
        ("500000", 2, 3),
        ("500000.01", 2, 2),
        ("100000", 3, 4),
        ("99999.99", 4, 4),
        ("10000", 4, 4),  # the rule says "< 10 000" for the fifth
        ("9999.99", 5, 5),
        ("0", 5, 5),
    ],
)
def test_grade_on_and_beside_each_border(value: str, lower: int, upper: int) -> None:
    assert grade(Decimal(value)).grade == lower
    assert grade(Decimal(value), upper_inclusive=True).grade == upper


@pytest.mark.parametrize("kind", get_args(ProposalKind))
def test_every_stage_that_can_be_reached_ends_somewhere(kind: ProposalKind) -> None:
    seen: set[ProposalStage] = set()
    ahead: list[ProposalStage] = ["submitted"]
    while ahead:
        stage = ahead.pop()
        if stage not in seen:
            seen.add(stage)
            ahead += MOVES[kind].get(stage, {}).values()

    ends = {stage for stage in seen if not MOVES[kind].get(stage)}

    assert ends == {"declined", "merged", "closed" if kind == "hazard" else "verified"}
    assert set(MOVES[kind]) - {"implemented"} <= seen
