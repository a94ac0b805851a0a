from decimal import Decimal
from typing import Any

import pytest

from tests.rules.trees import Data, Number, aspect, evaluated, panel_of, scheme


def cell_of(marks: list[Number], digits: int | None = None, **panel: Any) -> Any:
    then = [] if digits is None else [{"op": "round", "digits": digits}]
    tree = scheme(aspect(panel=panel, then=then))
    return evaluated(tree, panel_of(marks)).cells["a"]


@pytest.mark.parametrize(
    ("marks", "mean"),
    [
        ([88, 90, 85, 99, 60], "87.667"),
        ([67, 60, 80, 76, 70], "71.000"),
        ([90, 93, 96, 99, 99], "96.000"),
        ([78, 65, 77, 70, 72], "73.000"),
        ([99, 98, 97], "98.000"),
        ([100, 99, 98, 97], "98.500"),
    ],
)
def test_trimmed_mean_drops_one_copy_of_each_extreme(marks: list[Number], mean: str) -> None:
    assert str(cell_of(marks, 3, function="trimmed_mean").value) == mean


@pytest.mark.parametrize(
    ("function", "value"), [("mean", "4"), ("sum", "20"), ("median", "3"), ("trimmed_sum", "9")]
)
def test_panel_functions(function: str, value: str) -> None:
    assert cell_of([1, 2, 3, 4, 10], function=function).value == Decimal(value)


def test_median_of_an_even_panel_is_the_middle_of_two() -> None:
    assert cell_of([1, 2, 5, 9], function="median").value == Decimal("3.5")


def test_marks_say_which_were_dropped() -> None:
    cell = cell_of([99, 60, 99, 85, 90], function="trimmed_mean")

    assert [(mark.judge, mark.used) for mark in cell.marks] == [
        ("J1", True),
        ("J2", False),
        ("J3", False),
        ("J4", True),
        ("J5", True),
    ]


def test_too_few_marks_for_trimming_wait_and_are_never_a_mean() -> None:
    cell = cell_of([90, 80], function="trimmed_mean")

    assert (cell.value, cell.missing, cell.complete) == (None, "waiting", False)


def test_too_few_marks_with_all_judges_accounted_for_are_refused() -> None:
    tree = scheme(aspect(panel={"function": "trimmed_mean", "judges": 4, "missing": "present"}))

    found = evaluated(tree, panel_of([90, 80, None, None]))

    assert found.cells["a"].missing == "refused"
    assert [(refusal.path, refusal.rule, refusal.value) for refusal in found.refusals] == [
        ("a", "panel_too_small", "2")
    ]


def test_waiting_panel_has_no_value_until_all_judges_marked() -> None:
    panel: Data = {"function": "mean", "judges": 3}

    assert cell_of([90, 80], **panel).missing == "waiting"
    assert cell_of([90, 80, None], **panel).missing == "waiting"
    assert cell_of([90, 80, 70], **panel).value == 80


def test_present_panel_takes_those_who_marked_from_the_minimum_on() -> None:
    panel: Data = {"function": "mean", "judges": 4, "min_judges": 2, "missing": "present"}

    assert cell_of([90], **panel).missing == "waiting"
    early, final = cell_of([90, 80], **panel), cell_of([90, 80, None, None], **panel)
    assert (early.value, early.complete) == (85, False)
    assert (final.value, final.complete) == (85, True)


def test_zero_panel_counts_a_missing_mark_as_nothing() -> None:
    panel: Data = {"function": "sum", "judges": 3, "missing": "zero"}

    assert cell_of([9, 8, None], **panel).value == 17
    assert cell_of([9, 8], **panel).missing == "waiting"


def test_wide_spread_asks_to_mark_again_until_a_round_is_close() -> None:
    tree = scheme(aspect(panel={"function": "mean", "judges": 2, "max_spread": 1}))

    first = evaluated(tree, {"J1": {"a": 1}, "J2": {"a": 3}})
    still = evaluated(tree, {"J1": {"a": 1}, "J2": {"a": 3}, "J1/2": {"a": 0}})
    second = evaluated(tree, {"J1": {"a": 1}, "J2": {"a": 3}, "J1/2": {"a": 2}})

    assert first.cells["a"].missing == still.cells["a"].missing == "remark"
    assert second.cells["a"].value == Decimal("2.5")
