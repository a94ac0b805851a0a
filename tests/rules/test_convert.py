from decimal import Decimal
from typing import Any

import pytest

from rules.evaluate import evaluate_field
from tests.rules.trees import aspect, entry, evaluated, scheme


def converted(mark: str | int, *then: dict[str, Any], factors: dict[str, Decimal] | None = None) -> Any:
    tree = scheme(aspect(kind="measurement", scale={"min": -1000}, then=list(then)))
    return evaluated(tree, {"J": {"a": mark}}, factors=factors or {}).cells["a"].value


@pytest.mark.parametrize(
    ("then", "mark", "value"),
    [
        ({"op": "linear", "origin": 120, "slope": "1.8", "offset": 60}, "131.5", "80.7"),
        ({"op": "deduct_from_full", "full": 20, "each": 2}, "3", "14"),
        ({"op": "deduct_from_full", "full": 20, "each": 2}, "30", "0"),
        ({"op": "clamp", "min": 0, "max": 10}, "12", "10"),
        ({"op": "clamp", "min": 0}, "-1", "0"),
        ({"op": "coefficient", "value": 30, "per": 9}, "3", "10"),
        ({"op": "completion", "plan": 200, "full": 60}, "150", "45"),
        ({"op": "completion", "plan": 200, "full": 60, "over_points": "0.5"}, "204.2", "61.05"),
        (
            {"op": "completion", "plan": 200, "full": 60, "over_points": "0.5", "over_whole": True},
            "205.9",
            "61",
        ),
        ({"op": "completion", "plan": 200, "full": 60, "over_points": 1, "over_cap": 3}, "300", "63"),
    ],
)
def test_conversion_value(then: dict[str, Any], mark: str, value: str) -> None:
    assert converted(mark, then) == Decimal(value)


@pytest.mark.parametrize(("mark", "points"), [(59, 0), (60, 1), (79, 1), (80, 2), (100, 2)])
def test_table_from_below_includes_its_bound(mark: int, points: int) -> None:
    rows = [{"at_least": 80, "points": 2}, {"at_least": 60, "points": 1}]

    assert converted(mark, {"op": "table", "rows": rows}) == points


@pytest.mark.parametrize(("seconds", "points"), [(30, 10), ("30.1", 8), (60, 8), (61, 0)])
def test_table_from_above_includes_its_bound(seconds: str | int, points: int) -> None:
    rows = [{"at_most": 60, "points": 8}, {"at_most": 30, "points": 10}]

    assert converted(seconds, {"op": "table", "rows": rows}) == points


def test_conversions_run_in_the_order_listed() -> None:
    two_steps = (
        {"op": "round", "digits": 2},
        {"op": "coefficient", "value": "0.8"},
        {"op": "round", "digits": 2},
    )

    assert converted("8.0357", *two_steps) == Decimal("6.43")
    assert converted("8.0446", *two_steps) == Decimal("6.43")  # in one step it would be 6.44


def test_number_brought_by_the_entry_is_waited_for() -> None:
    base = {"op": "base"}

    assert converted("1.5", base) is None
    assert converted("1.5", base, factors={"a": Decimal(4)}) == Decimal("5.5")
    assert converted("1.5", {"op": "base", "key": "x"}, factors={"x": Decimal(1)}) == Decimal("2.5")


def test_plan_of_nothing_gives_no_value() -> None:
    assert converted(5, {"op": "completion", "key": "plan"}, factors={"plan": Decimal(0)}) is None


def totals(marks: dict[str, int], *then: dict[str, Any]) -> dict[str, Decimal | None]:
    tree = scheme(aspect(kind="imported", then=list(then)))
    found = evaluate_field(tree, [entry({"R": {"a": mark}}, name) for name, mark in marks.items()])
    assert tree.field_wide
    return {name: evaluation.total for name, evaluation in found.items()}


def test_rank_points_share_the_better_place() -> None:
    points = {"op": "rank_points", "points": [12, 10, 8]}

    assert totals({"A": 90, "B": 90, "C": 70, "D": 60}, points) == {"A": 12, "B": 12, "C": 8, "D": 0}


def test_rank_points_can_share_the_mean_and_count_from_below() -> None:
    points = {"op": "rank_points", "points": [12, 10, 8], "ties": "mean", "direction": "asc"}

    assert totals({"A": 30, "B": 30, "C": 70}, points) == {"A": 11, "B": 11, "C": 8}


def test_standard_scale_puts_the_median_at_the_centre() -> None:
    # median 80, distances 20 10 0 5 10 → MAD 10; 100: 700 + 30 × 20 / 14.826 = 740.469… → 740.47
    scaled = totals(
        {"A": 100, "B": 90, "C": 80, "D": 75, "E": 70},
        {"op": "standard_scale"},
        {"op": "round", "digits": 2},
    )

    assert scaled == {
        "A": Decimal("740.47"),
        "B": Decimal("720.23"),
        "C": Decimal("700.00"),
        "D": Decimal("689.88"),
        "E": Decimal("679.77"),
    }


def test_standard_scale_of_an_even_field_is_the_centre_for_all() -> None:
    assert totals({"A": 50, "B": 50, "C": 50, "D": 90}, {"op": "standard_scale"}) == dict.fromkeys(
        "ABCD", 700
    )


def test_field_values_do_not_depend_on_the_order_of_entries() -> None:
    points = {"op": "rank_points", "points": [3, 2, 1]}
    marks = {"A": 10, "B": 30, "C": 20}

    assert totals(marks, points) == totals(dict(reversed(marks.items())), points)
