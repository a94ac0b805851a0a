"""What a scheme is refused for: the path of the node, the rule, and the way out in both languages."""

import json
from typing import Any

import jsonschema
import pytest

from rules.formulas import formula, formula_names
from rules.problems import SchemeRefused
from rules.scheme import json_schema, load_scheme
from tests.rules.trees import Data, aspect, data_of, group, refusals, scheme

SCALE_100 = {"max": 100}


def table(*rows: Data) -> Data:
    return {"op": "table", "rows": list(rows)}


def gate(**more: Any) -> Data:
    return {"id": "g", "require": [{"path": "a", "at_least": 1}], **more}


CASES: dict[str, tuple[Data, str, str]] = {
    "weights off": (
        data_of(aspect("a", weight="0.3"), aspect("b", weight="0.6"), function="weighted_sum", sum_check=1),
        "",
        "sum_check",
    ),
    "full marks off": (data_of(group("g", aspect("a"), aspect("b"), sum_check=150)), "g", "sum_check"),
    "full marks unbounded": (data_of(aspect("a", kind="imported"), sum_check=100), "", "sum_check"),
    "weight missing": (data_of(group("g", aspect("a"), function="weighted_sum")), "g.a", "weight_missing"),
    "weight unused": (data_of(aspect("a", weight="0.5")), "a", "weight_unused"),
    "unknown key": (data_of(group("g", aspect("a", wieght="0.5"))), "g.a", "extra_forbidden"),
    "unknown key of a part": (data_of(aspect("a", panel={"drop": 1})), "a", "extra_forbidden"),
    "unknown kind": (data_of(aspect("a", kind="opinion")), "a", "union_tag_invalid"),
    "kind missing": (data_of({"id": "a"}), "a", "union_tag_not_found"),
    "unknown conversion": (data_of(aspect("a", then=[{"op": "sqrt"}])), "a", "union_tag_invalid"),
    "duplicate id": (data_of(group("g", aspect("a"), aspect("a"))), "g.a", "duplicate_id"),
    "dot in an id": (data_of(aspect("a.b")), "a.b", "string_pattern_mismatch"),
    "empty group": (data_of(group("g")), "g", "too_short"),
    "group without id": (data_of({"kind": "group", "children": [aspect("a")]}), "total", "missing"),
    "float": (data_of(group("g", aspect("a", weight=0.3))), "g.a", "float_refused"),
    "not a number": (data_of(aspect("a", scale={"max": "ten"})), "a", "not_a_number"),
    "infinite": (data_of(aspect("a", scale={"max": "Infinity"})), "a", "out_of_range"),
    "trimming a panel of two": (
        data_of(aspect("a", panel={"function": "trimmed_mean", "judges": 2})),
        "a",
        "drops_eat_panel",
    ),
    "dropping all": (
        data_of(aspect("a", panel={"function": "trimmed_mean", "drop_high": 2, "drop_low": 2, "judges": 4})),
        "a",
        "drops_eat_panel",
    ),
    "drops without trimming": (data_of(aspect("a", panel={"drop_high": 1})), "a", "drops_unused"),
    "trimming nothing": (
        data_of(aspect("a", panel={"function": "trimmed_sum", "drop_high": 0, "drop_low": 0})),
        "a",
        "drops_missing",
    ),
    "minimum above the panel": (
        data_of(aspect("a", panel={"judges": 2, "min_judges": 3})),
        "a",
        "min_judges",
    ),
    "coefficient missing": (data_of(aspect("a", then=[{"op": "coefficient"}])), "a", "coefficient_missing"),
    "clamp without bounds": (data_of(aspect("a", then=[{"op": "clamp"}])), "a", "clamp_bounds"),
    "table of mixed bounds": (
        data_of(aspect("a", then=[table({"at_least": 1, "points": 1}, {"at_most": 2, "points": 2})])),
        "a",
        "table_rows",
    ),
    "table with a bound twice": (
        data_of(aspect("a", then=[table({"at_least": 1, "points": 1}, {"at_least": 1, "points": 2})])),
        "a",
        "table_rows",
    ),
    "step off the range": (data_of(aspect("a", scale={"max": 10, "step": 3})), "a", "step"),
    "range upside down": (data_of(aspect("a", scale={"min": 5, "max": 5})), "a", "range"),
    "judgement without a maximum": (data_of({"id": "a", "kind": "judgement"}), "a", "max_missing"),
    "yes/no with a range": (data_of(aspect("a", scale={"yes_no": True, "max": 3})), "a", "yes_no"),
    "level twice": (
        data_of(aspect("a", scale={"levels": [{"mark": 1, "text": "x"}, {"mark": 1, "text": "y"}]})),
        "a",
        "levels",
    ),
    "best of too many": (data_of(aspect("a"), function="best_k", k=2), "", "k"),
    "k without need": (data_of(aspect("a"), k=1), "", "k"),
    "last of too many attempts": (
        data_of(aspect("a", attempts={"count": 2, "function": "last_k", "k": 3})),
        "a",
        "k",
    ),
    "attempts in attempts": (
        data_of(
            group(
                "g",
                aspect("a", attempts={"count": 2, "function": "sum"}),
                attempts={"count": 2, "function": "sum"},
            )
        ),
        "g.a",
        "attempts_nested",
    ),
    "stage in a stage": (
        data_of(group("g", group("h", aspect("a"), stage=True), stage=True)),
        "g.h",
        "stage_nested",
    ),
    "deduction in a best": (data_of(aspect("a", kind="deduction"), function="best"), "a", "deduction_place"),
    "carry of the unknown": (data_of(group("g", aspect("a"), carry=[{"path": "x"}])), "g", "unknown_path"),
    "carry from inside attempts": (
        data_of(
            group("r", aspect("a"), attempts={"count": 2, "function": "sum"}),
            group("g", aspect("a"), carry=[{"path": "r.a"}]),
        ),
        "g",
        "path_in_attempts",
    ),
    "carry in a circle": (
        data_of(
            group("g", aspect("a"), carry=[{"path": "h"}]), group("h", aspect("a"), carry=[{"path": "g"}])
        ),
        "g",
        "carry_cycle",
    ),
    "carry of one's own parent": (data_of(group("g", aspect("a"), carry=[{"path": ""}])), "", "carry_cycle"),
    "gate on the unknown": (
        data_of(aspect("a"), gates=[gate(require=[{"path": "x", "at_least": 1}])]),
        "gates.g",
        "unknown_path",
    ),
    "gate without a bound": (
        data_of(aspect("a"), gates=[gate(require=[{"path": "a"}])]),
        "gates.g",
        "condition",
    ),
    "gate with two bounds": (
        data_of(aspect("a"), gates=[gate(require=[{"path": "a", "at_least": 1, "below": 5}])]),
        "gates.g",
        "condition",
    ),
    "cap without a number": (data_of(aspect("a"), gates=[gate(effect="cap")]), "gates.g", "cap"),
    "unknown band": (data_of(aspect("a"), gates=[gate(effect="band", band="x")]), "gates.g", "band"),
    "gate twice": (data_of(aspect("a"), gates=[gate(), gate()]), "gates.g", "duplicate_id"),
    "title in one language": (data_of(aspect("a", title={"zh": "焊接"})), "a", "not_a_title"),
}


@pytest.mark.parametrize("name", CASES)
def test_wrong_scheme_is_refused_with_path_rule_and_way_out(name: str) -> None:
    data, path, rule = CASES[name]

    found = refusals(data)

    assert (path, rule) in {(refusal.path, refusal.rule) for refusal in found}
    for refusal in found:
        assert refusal.text.zh != refusal.text.en
        assert all((refusal.text.zh, refusal.text.en, refusal.way_out.zh, refusal.way_out.en))


def test_every_fault_is_told_at_once() -> None:
    data = data_of(aspect("a", weight=1), aspect("b", panel={"drop_high": 1}), function="best_k", k=5)

    assert {refusal.rule for refusal in refusals(data)} == {"weight_unused", "drops_unused", "k"}


def test_misspelt_key_is_told_the_right_one() -> None:
    (refusal,) = refusals(data_of(aspect("a", wieght="0.5")))

    assert refusal.key == "wieght"
    assert "weight" in refusal.way_out.en


def test_refusal_of_a_number_names_its_key_and_value() -> None:
    (refusal,) = refusals(data_of(group("g", aspect("a", scale={"max": 9.5}))))

    assert (refusal.path, refusal.key, refusal.value) == ("g.a", "scale.max", "9.5")
    assert '"9.5"' in refusal.way_out.en


@pytest.mark.parametrize("data", [None, [], "x", {}, {"id": "x"}, {"id": "x", "root": []}])
def test_data_of_the_wrong_shape_is_refused(data: Any) -> None:
    assert refusals(data)


def test_data_nested_without_end_is_refused() -> None:
    node = aspect("a")
    for _ in range(200):
        node = group("g", node)

    assert [refusal.rule for refusal in refusals(data_of(node))] == ["too_deep"]


def test_refused_scheme_says_what_is_wrong() -> None:
    with pytest.raises(SchemeRefused, match="must not be empty"):
        load_scheme(data_of(group("g")))


def test_scheme_data_survives_a_round_trip_through_json() -> None:
    for name in formula_names():
        tree = load_scheme(formula(name))

        assert load_scheme(json.loads(json.dumps(tree.to_data()))) == tree


def test_json_schema_accepts_every_formula_and_refuses_a_wrong_one() -> None:
    validator = jsonschema.Draft202012Validator(json_schema())
    for name in formula_names():
        validator.validate(load_scheme(formula(name)).to_data())

    assert not validator.is_valid(data_of(aspect("a", wieght="0.5")))


def test_nodes_come_parents_first_and_are_found_by_path() -> None:
    tree = scheme(group("g", aspect("a"), aspect("b")), aspect("c"))

    assert [placed.path for placed in tree.nodes()] == ["", "g", "g.a", "g.b", "c"]
    assert [placed.path for placed in tree.aspects()] == ["g.a", "g.b", "c"]
    assert tree.node("g.b").title.en == "b"
    with pytest.raises(KeyError):
        tree.node("x")


def test_stages_are_the_marked_groups_and_the_root_for_what_lies_outside() -> None:
    one = scheme(group("g", aspect("a"), stage=True), group("h", aspect("a"), stage=True))
    rest = scheme(group("g", aspect("a"), stage=True), aspect("b"))
    none = scheme(aspect("a"))

    assert [[placed.path for placed in tree.stages()] for tree in (one, rest, none)] == [
        ["g", "h"],
        ["", "g"],
        [""],
    ]


def test_aliases_are_not_needed_to_name_nodes_in_chinese() -> None:
    assert scheme(group("实操", aspect("焊缝"))).node("实操.焊缝").title.zh == "焊缝"
