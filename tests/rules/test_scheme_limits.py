from decimal import Decimal
from typing import Any

import pytest

from rules.evaluate import check_marks
from tests.rules.trees import aspect, group, scheme

TREE = scheme(
    group(
        "practical",
        aspect("weld", scale={"min": 1, "max": 10, "step": "0.5"}),
        aspect("level", scale={"levels": [{"mark": 0, "text": "差"}, {"mark": 3, "text": "好"}]}),
        aspect("safe", kind="measurement", scale={"yes_no": True}),
        aspect("run", kind="measurement", attempts={"count": 2, "function": "best"}),
        stage=True,
    ),
    aspect("theory", kind="imported"),
)


def rules_of(path: str, mark: str, stage: str = "practical", attempt: int = 1) -> list[tuple[str, str]]:
    refused = check_marks(TREE, stage, attempt, {path: Decimal(mark)})
    assert all(
        refusal.text.zh and refusal.text.en and refusal.way_out.zh and refusal.way_out.en
        for refusal in refused
    )
    return [(refusal.path, refusal.rule) for refusal in refused]


@pytest.mark.parametrize(
    ("path", "mark", "rule"),
    [
        ("practical.weld", "0.5", "below_min"),
        ("practical.weld", "10.5", "above_max"),
        ("practical.weld", "9.3", "off_step"),
        ("practical.weld", "NaN", "not_finite"),
        ("practical.weld", "sNaN", "not_finite"),
        ("practical.weld", "Infinity", "not_finite"),
        ("practical.weld", "1E+999999", "above_max"),
        ("practical.weld", "5." + "0" * 60 + "1", "off_step"),
        ("practical.level", "2", "not_a_level"),
        ("practical.safe", "2", "not_a_level"),
        ("practical.run", "-1", "below_min"),
        ("practical.run", "1E+999999", "too_fine"),
        ("practical.run", "0.00000000001", "too_fine"),
        ("theory", "5", "unknown_aspect"),
        ("practical", "5", "unknown_aspect"),
        ("practical.ghost", "5", "unknown_aspect"),
    ],
)
def test_wrong_mark_is_refused(path: str, mark: str, rule: str) -> None:
    assert rules_of(path, mark) == [(path, rule)]


@pytest.mark.parametrize(
    ("path", "mark"),
    [
        ("practical.weld", "1"),
        ("practical.weld", "9.50"),
        ("practical.level", "3.0"),
        ("practical.safe", "0"),
        ("practical.run", "123456.789"),
    ],
)
def test_good_mark_passes(path: str, mark: str) -> None:
    assert rules_of(path, mark) == []


def test_sheet_of_the_whole_scheme_covers_every_aspect() -> None:
    marks = {"theory": Decimal(5), "practical.weld": None}

    assert check_marks(TREE, "", 1, marks) == ()


def test_attempt_beyond_the_count_is_refused() -> None:
    assert rules_of("practical.run", "5", attempt=2) == []
    assert rules_of("practical.run", "5", attempt=3) == [("practical.run", "attempt_beyond_count")]
    assert rules_of("practical.run", "5", attempt=0) == [("practical.run", "attempt_beyond_count")]
    assert rules_of("practical.weld", "5", attempt=2) == [("practical.weld", "attempt_beyond_count")]


def test_unknown_stage_names_the_known_ones() -> None:
    (refusal,) = check_marks(TREE, "final", 1, {})

    assert refusal.rule == "unknown_stage"
    assert "practical" in refusal.way_out.en


def test_refusal_names_value_and_range() -> None:
    (refusal,) = check_marks(TREE, "practical", 1, {"practical.weld": Decimal(12)})

    assert (refusal.value, "12" in refusal.text.zh, "10" in refusal.way_out.en) == ("12", True, True)


def test_every_wrong_mark_of_a_sheet_is_told() -> None:
    marks: dict[str, Any] = {"practical.weld": Decimal(11), "practical.level": Decimal(9), "x": Decimal(1)}

    assert len(check_marks(TREE, "practical", 1, marks)) == 3
