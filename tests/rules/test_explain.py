import pytest

from rules.explain import explain_cell
from rules.formulas import formula
from rules.scheme import load_scheme
from tests.rules.trees import aspect, entry, group, panel_of, scheme

TRIMMED = {"function": "trimmed_mean", "judges": 5}
ROUND_3 = {"op": "round", "digits": 3}


def test_aspect_is_explained_by_its_marks_and_steps() -> None:
    title = {"zh": "焊缝", "en": "Seam"}
    tree = scheme(aspect(title=title, panel=TRIMMED, then=[ROUND_3, {"op": "coefficient", "value": 2}]))

    found = explain_cell(tree, entry(panel_of([88, 90, 85, 99, 60])), "a")

    assert found.sentence.zh == (
        "焊缝 175.334：五名裁判 88、90、85、99、60，去掉最高 99 和最低 60，平均 87.666666…；"
        "87.666666… 四舍五入保留 3 位小数得 87.667；87.667 × 系数 2 = 175.334"
    )
    assert found.sentence.en == (
        "Seam 175.334: 5 judges gave 88, 90, 85, 99, 60, without the highest 99 and the lowest 60; "
        "mean 87.666666…; 87.666666… rounded half up to 3 decimals is 87.667; "
        "87.667 × coefficient 2 = 175.334"
    )
    assert [step.op for step in found.cell.steps] == ["trimmed_mean", "round", "coefficient"]


def test_group_is_explained_by_its_parts() -> None:
    tree = scheme(
        aspect("t", kind="imported", weight="0.3"),
        aspect("p", kind="imported", weight="0.7"),
        function="weighted_sum",
    )

    found = explain_cell(tree, entry({"R": {"t": "86.05"}}), "")

    assert [(part.title.en, part.cell.value, str(part.factor)) for part in found.parts][1] == (
        "p",
        None,
        "0.7",
    )
    assert found.sentence.zh == "总分 25.815（尚未评完）：t 86.05 × 0.3、p 待评 × 0.7，加权相加得 25.815"
    assert "p not marked yet × 0.7" in found.sentence.en


def test_attempts_are_explained_together_and_each() -> None:
    tree = scheme(aspect("run", kind="imported", attempts={"count": 2, "function": "best"}))
    marked = entry({"R": {"run#1": 7, "run#2": 9}})

    together, second = explain_cell(tree, marked, "run"), explain_cell(tree, marked, "run", 2)

    assert together.sentence.zh == "run 9：第 1 次 7、第 2 次 9，取最好得 9"
    assert [part.cell.value for part in together.parts] == [7, 9]
    assert second.sentence.en == "run (attempt 2) 9: the mark is 9"


def test_missing_value_is_explained_by_its_reason() -> None:
    tree = scheme(group("g", aspect(panel={"function": "mean", "judges": 2, "max_spread": 1})))

    found = explain_cell(tree, entry(panel_of([1, 9], "g.a")), "g.a")

    assert (found.sentence.zh, found.cell.missing) == ("a：分差过大，待重评", "remark")


def test_place_in_the_field_is_explained_with_the_field() -> None:
    tree = load_scheme(formula("ballots_by_mark"))
    field = [entry({"J1": {"mark": mark}, "J2": {"mark": mark}}, name) for name, mark in (("A", 9), ("B", 8))]

    found = explain_cell(tree, field[1], "mark", field=field)

    assert found.cell.value == 20
    assert "8 在全场的名次折合 10 分" in found.sentence.zh


def test_explained_value_equals_the_evaluated_one() -> None:
    tree = scheme(aspect(panel=TRIMMED, then=[ROUND_3]))
    marked = entry(panel_of([1, 2, 3, 4, 6]))

    assert explain_cell(tree, marked, "").cell.value == explain_cell(tree, marked, "a").cell.value == 3


def test_unknown_path_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        explain_cell(scheme(aspect("a")), entry({}), "b")
