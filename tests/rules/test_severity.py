from collections.abc import Mapping, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from rules.results import Evaluation
from rules.severity import Guards, Severity, severity_report
from tests.rules.board import evaluation

FEW = Guards(min_marks=3)


def marked(columns: Mapping[str, Sequence[str | None]], path: str = "weld") -> list[Evaluation]:
    """One evaluation per line of the columns, each a judge's marks for entries a, b, c …"""
    length = len(next(iter(columns.values())))
    return [
        evaluation(
            chr(97 + i), 0, {path: 0}, marks={path: {judge: marks[i] for judge, marks in columns.items()}}
        )
        for i in range(length)
    ]


def test_corrected_marks_put_all_judges_on_one_mean_and_spread() -> None:
    # x: mean 20, SD sqrt(200/3); y: mean 80, the same SD: both become the pooled mean 50 and the pooled SD.
    # pooled: squares 1600 900 400 400 900 1600 → 5800 / 6, SD 31.0912…; z = ±10 / 8.16496… = ±1.224744…
    # 50 + 1.224744… × 31.0912… = 88.0788…
    report = severity_report(marked({"x": ["10", "20", "30"], "y": ["70", "80", "90"]}), guards=FEW)

    (aspect,) = report.aspects
    assert aspect.invalid == ()
    assert [(m.entry, m.judge, str(m.raw), str(m.corrected)) for m in aspect.marks] == [
        ("a", "x", "10", "11.921"),
        ("a", "y", "70", "11.921"),
        ("b", "x", "20", "50.000"),
        ("b", "y", "80", "50.000"),
        ("c", "x", "30", "88.079"),
        ("c", "y", "90", "88.079"),
    ]


def test_deviation_is_the_distance_from_the_panel_mean() -> None:
    # a: panel mean 8; b: panel mean 6
    report = severity_report(marked({"x": ["9", "6"], "y": ["8", "7"], "z": ["7", "5"]}))

    assert [(j.judge, j.marks, str(j.deviation), str(j.distance)) for j in report.judges] == [
        ("x", 2, "0.500", "0.500"),
        ("y", 2, "0.500", "0.500"),
        ("z", 2, "-1.000", "1.000"),
    ]


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"x": ["1", "2", "3"]}, "only one judge"),
        ({"x": ["1", "2"], "y": ["2", "3"]}, "fewer than 3"),
        ({"x": ["1", "2", "3", "4"], "y": ["2", "3", "4", None]}, "did not see the same entries"),
        ({"x": ["1", "2", "3"], "y": ["5", "5", "5"]}, "standard deviation 0"),
    ],
)
def test_correction_is_left_out_with_the_reason(
    columns: Mapping[str, Sequence[str | None]], why: str
) -> None:
    (aspect,) = severity_report(marked(columns), guards=FEW).aspects

    assert why in aspect.invalid[0].en
    assert aspect.invalid[0].zh
    assert {mark.corrected for mark in aspect.marks} == {None}


def test_spread_beyond_the_limit_raises_an_alarm_with_both_ends() -> None:
    columns = {"x": ["3", "2"], "y": ["1", "2"], "z": ["3", "3"]}

    report = severity_report(marked(columns), max_spread={"weld": Decimal(1)})

    (alarm,) = report.alarms
    assert (alarm.entry, alarm.low_judges, alarm.high_judges) == ("a", ("y",), ("x", "z"))
    assert [judge.alarms for judge in report.judges] == [1, 1, 1]


def test_marks_dropped_as_extremes_are_counted_high_and_low() -> None:
    (one,) = marked({"x": ["60"], "y": ["85"], "z": ["99"]})
    cell = one.cells["weld"]
    trimmed = replace(cell, dropped=[0, 2])

    report = severity_report([replace(one, cells={"weld": trimmed})])

    assert [(j.judge, j.dropped_high, j.dropped_low) for j in report.judges] == [
        ("x", 0, 1),
        ("y", 0, 0),
        ("z", 1, 0),
    ]


def test_report_without_marks_is_empty() -> None:
    report = severity_report([evaluation("a", 1)])

    assert (report.judges, report.aspects, report.alarms) == ((), (), ())


MARK = st.sampled_from([None, "0", "1", "2.5", "7", "10"])
PANEL = st.dictionaries(st.sampled_from("xyz"), MARK)


@given(st.lists(st.tuples(st.sampled_from("abc"), PANEL, st.booleans())))
def test_entries_that_are_counted_again_leave_nothing_of_what_they_were(
    told: list[tuple[str, dict[str, str | None], bool]],
) -> None:
    limits = {"weld": Decimal(2)}
    severity, last = Severity(limits, FEW), {}
    for entry, marks, trims in told:
        one = evaluation(entry, 0, {"weld": 0}, marks={"weld": marks})
        cell = replace(one.cells["weld"], dropped=[0] if trims else [])
        last[entry] = replace(one, cells={"weld": cell})
        severity.put(last[entry])

    whole = severity_report(last.values(), limits, FEW)
    assert (severity.judges(), severity.alarms()) == (whole.judges, whole.alarms)
    assert severity.invalid() == {aspect.path: aspect.invalid for aspect in whole.aspects}
