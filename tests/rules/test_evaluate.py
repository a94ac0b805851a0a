from decimal import Decimal
from typing import Any

import pytest

from tests.rules.trees import Data, aspect, evaluated, group, scheme

D = Decimal


def imported(name: str, **more: Any) -> Data:
    return aspect(name, kind="imported", **more)


def test_weighted_sum_is_exact_where_binary_floats_are_not() -> None:
    tree = scheme(
        imported("t", weight="0.3"), imported("p", weight="0.7"), function="weighted_sum", sum_check=1
    )

    assert evaluated(tree, {"R": {"t": "86.05", "p": "91.35"}}).total == D("89.760")


@pytest.mark.parametrize(
    ("function", "value"),
    [("sum", 15), ("mean", 5), ("best", 8), ("last", 3), ("highest_only", 8), ("product", 96)],
)
def test_group_functions(function: str, value: int) -> None:
    tree = scheme(imported("a"), imported("b"), imported("c"), function=function)

    assert evaluated(tree, {"R": {"a": 4, "b": 8, "c": 3}}).total == value


def test_best_k_sums_the_best() -> None:
    tree = scheme(imported("a"), imported("b"), imported("c"), function="best_k", k=2)

    assert evaluated(tree, {"R": {"a": 4, "b": 8, "c": 3}}).total == 12


def test_mean_takes_weights() -> None:
    tree = scheme(imported("a", weight=3), imported("b", weight=1), function="mean")

    assert evaluated(tree, {"R": {"a": 10, "b": 2}}).total == 8


def test_weight_zero_counts_nothing_and_still_has_a_cell() -> None:
    tree = scheme(imported("a", weight=0), imported("b"))

    found = evaluated(tree, {"R": {"a": 4, "b": 8}})

    assert (found.total, found.cells["a"].value) == (8, 4)


def test_running_total_sums_what_is_known() -> None:
    tree = scheme(imported("a"), group("g", imported("b"), imported("c")))

    found = evaluated(tree, {"R": {"g.b": 8}})

    assert (found.total, found.complete) == (8, False)
    assert (found.cells["a"].missing, found.cells["a"].value) == ("waiting", None)
    assert found.cells["g"].complete is False


def test_nothing_marked_has_no_total_even_where_defaults_exist() -> None:
    tree = scheme(imported("a"), aspect("bonus", kind="bonus"))

    found = evaluated(tree, {})

    assert (found.total, found.complete, found.cells[""].missing) == (None, False, "waiting")


def test_deduction_subtracts_and_counts_nothing_where_nobody_gave_one() -> None:
    tree = scheme(imported("a"), aspect("late", kind="deduction"))

    assert evaluated(tree, {"R": {"a": 50, "late": 3}}).total == 47
    assert evaluated(tree, {"R": {"a": 50}}).complete is True


def test_unmarked_can_be_made_to_wait() -> None:
    tree = scheme(imported("a"), aspect("late", kind="deduction", unmarked="wait"))

    assert evaluated(tree, {"R": {"a": 50}}).complete is False


def test_highest_only_does_not_wait_for_what_was_not_earned() -> None:
    tree = scheme(group("h", imported("x"), imported("y"), function="highest_only"), imported("a"))

    found = evaluated(tree, {"R": {"a": 1, "h.x": 5}})

    assert (found.total, found.complete) == (6, True)


def test_absent_part_counts_zero_or_is_skipped() -> None:
    zero = scheme(imported("a"), imported("b"), function="mean")
    skip = scheme(imported("a"), imported("b"), function="mean", absent="skip")
    marks = {"R": {"a": 10}}

    assert evaluated(zero, marks, absent=frozenset({"b"})).total == 5
    assert evaluated(skip, marks, absent=frozenset({"b"})).total == 10


def test_entry_absent_everywhere_is_absent() -> None:
    tree = scheme(group("g", imported("a"), imported("b")))

    found = evaluated(tree, {}, absent=frozenset({"g"}))

    assert (found.total, found.cells[""].missing, found.cells["g.a"].missing) == (None, "absent", "absent")
    assert found.complete is False


@pytest.mark.parametrize(
    ("attempts", "value"),
    [
        ({"function": "best"}, 9),
        ({"function": "sum"}, 18),
        ({"function": "mean"}, 6),
        ({"function": "last"}, 2),
        ({"function": "best_k", "k": 2}, 16),
        ({"function": "last_k", "k": 2}, 11),
        ({"function": "sum", "then": [{"op": "clamp", "max": 10}]}, 10),
    ],
)
def test_attempts(attempts: Data, value: int) -> None:
    tree = scheme(imported("run", attempts={"count": 3, **attempts}))

    assert evaluated(tree, {"R": {"run#1": 7, "run#2": 9, "run#3": 2}}).total == value


def test_attempt_not_started_is_left_out_and_does_not_hold_the_rest_open() -> None:
    tree = scheme(imported("run", attempts={"count": 3, "function": "mean"}))

    found = evaluated(tree, {"R": {"run#1": 7, "run#3": 9}}, absent=frozenset({"run#2"}))

    assert (found.total, found.complete) == (8, True)


def test_group_with_attempts_has_a_cell_for_each() -> None:
    tree = scheme(group("q", imported("a"), imported("b"), attempts={"count": 2, "function": "sum"}))

    found = evaluated(tree, {"R": {"q.a#1": 1, "q.b#1": 2, "q.a#2": 10, "q.b#2": 20}})

    values = {key: cell.value for key, cell in found.cells.items()}
    assert values == {"q.a#1": 1, "q.b#1": 2, "q#1": 3, "q.a#2": 10, "q.b#2": 20, "q#2": 30, "q": 33, "": 33}


def test_preliminary_carries_into_the_semi_final_and_not_into_the_final() -> None:
    tree = scheme(
        group("prelim", imported("a")),
        group("semi", imported("a"), carry=[{"path": "prelim", "weight": "0.5"}]),
        group("final", imported("a")),
        function="last",
    )

    semi = evaluated(tree, {"R": {"prelim.a": 80, "semi.a": 50}})
    final = evaluated(tree, {"R": {"prelim.a": 80, "semi.a": 50, "final.a": 70}})

    assert (semi.cells["semi"].value, semi.total, semi.complete) == (90, 90, False)
    assert (final.total, final.complete) == (70, True)


def test_unrounded_thirds_sum_to_a_whole() -> None:
    third: Data = {"panel": {"function": "mean", "judges": 3}}
    tree = scheme(*(aspect(name, **third) for name in "abc"))
    marks = {"J1": dict.fromkeys("abc", 1), "J2": dict.fromkeys("abc", 0), "J3": dict.fromkeys("abc", 0)}

    assert evaluated(tree, marks).total == 1


def test_cell_keeps_the_value_before_its_last_rounding() -> None:
    half = {"op": "round", "digits": 0}
    tree = scheme(
        imported("a", then=[{"op": "coefficient", "value": "0.5"}, half]), imported("b", then=[half])
    )

    cells = evaluated(tree, {"R": {"a": 5, "b": 5}}).cells

    assert [(cells[key].value, cells[key].exact) for key in ("a", "b", "")] == [
        (3, D("2.5")),
        (5, None),
        (8, None),
    ]


def test_marks_outside_the_scheme_are_left_out() -> None:
    assert evaluated(scheme(imported("a")), {"R": {"a": 5, "ghost": 9}}).total == 5


def gate(**more: Any) -> Data:
    return {"id": "safety", "require": [{"path": "a", "at_least": 60}], **more}


def test_failed_gate_bars_and_keeps_the_total() -> None:
    found = evaluated(scheme(imported("a"), gates=[gate()]), {"R": {"a": 59}})

    assert (found.barred, found.total) == (True, 59)
    assert "59" in found.gates[0].text.zh
    assert "59" in found.gates[0].text.en


def test_failed_gate_caps_the_total_and_the_root_cell() -> None:
    tree = scheme(imported("a"), imported("b"), gates=[gate(effect="cap", cap=50)])

    found = evaluated(tree, {"R": {"a": 10, "b": 90}})

    assert (found.total, found.cells[""].value) == (50, 50)


def test_worst_band_of_the_failed_gates_counts() -> None:
    bands = [{"id": "first"}, {"id": "second"}, {"id": "third"}]
    gates = [gate(effect="band", band="third"), gate(effect="band", band="second") | {"id": "other"}]

    found = evaluated(scheme(imported("a"), gates=gates, bands=bands), {"R": {"a": 1}})

    assert (found.band, found.barred) == (2, False)


@pytest.mark.parametrize(("unknown", "barred"), [("pass", False), ("fail", True)])
def test_gate_on_an_unmarked_node_follows_its_setting(unknown: str, barred: bool) -> None:
    assert evaluated(scheme(imported("a"), gates=[gate(unknown=unknown)]), {}).barred is barred


def test_gate_that_needs_any_of_its_conditions() -> None:
    either = [{"path": "a", "at_least": 60}, {"path": "b", "above": 0}]
    tree = scheme(imported("a"), imported("b"), gates=[gate(match="any") | {"require": either}])

    assert evaluated(tree, {"R": {"a": 0, "b": 1}}).barred is False
    assert evaluated(tree, {"R": {"a": 0, "b": 0}}).barred is True
