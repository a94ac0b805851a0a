"""What holds for any marks: order never matters, values stay inside their bounds, twice is equal."""

import random
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from rules.evaluate import evaluate, evaluate_field
from rules.formulas import formula, formula_names
from rules.results import EntryInput, Sheet
from rules.scheme import load_scheme
from rules.scheme_span import span
from tests.rules.trees import aspect, entry, panel_of, scheme

halves = st.integers(0, 200).map(lambda n: Decimal(n) / 2)
FUNCTIONS = ("mean", "sum", "median", "trimmed_mean", "trimmed_sum")
COMPOSED = scheme(
    aspect(
        "a",
        panel={"function": "trimmed_mean", "judges": 5},
        then=[{"op": "round", "digits": 2}],
        weight="0.4",
    ),
    aspect("b", panel={"function": "mean", "judges": 5}, weight="0.6"),
    aspect("d", kind="deduction", scale={"max": 10}, weight=1),
    function="weighted_sum",
)


@given(st.lists(halves, min_size=5, max_size=9), st.sampled_from(FUNCTIONS), st.randoms())
def test_order_of_judges_and_sheets_never_matters(
    marks: list[Decimal], function: str, shuffled: random.Random
) -> None:
    tree = scheme(aspect(panel={"function": function, "judges": len(marks)}))
    sheets = [Sheet(f"J{number}", {"a": mark}) for number, mark in enumerate(marks)]
    mixed = sheets.copy()
    shuffled.shuffle(mixed)
    values = [sheet.marks for sheet in mixed]
    swapped = [Sheet(sheet.judge, mark) for sheet, mark in zip(sheets, values, strict=True)]

    found = evaluate(tree, EntryInput("A", sheets))

    assert evaluate(tree, EntryInput("A", mixed)) == found
    assert evaluate(tree, EntryInput("A", swapped)).total == found.total


@given(st.lists(halves, min_size=3, max_size=9))
def test_trimmed_sum_is_the_sum_without_one_highest_and_one_lowest(marks: list[Decimal]) -> None:
    tree = scheme(aspect(panel={"function": "trimmed_sum", "judges": len(marks)}))

    cell = evaluate(tree, entry(panel_of([str(mark) for mark in marks]))).cells["a"]

    assert cell.value == sum(marks) - max(marks) - min(marks)
    assert sorted(mark.mark for mark in cell.marks if not mark.used) == sorted((max(marks), min(marks)))


@given(st.lists(st.tuples(halves, halves), min_size=5, max_size=5), st.integers(0, 20))
def test_total_lies_inside_the_bounds_told_from_the_scheme(
    marks: list[tuple[Decimal, Decimal]], deduction: int
) -> None:
    sheets = [Sheet(f"J{number}", {"a": a, "b": b}) for number, (a, b) in enumerate(marks)]
    sheets.append(Sheet("R", {"d": Decimal(deduction) / 2}))

    total = evaluate(COMPOSED, EntryInput("A", sheets)).total

    assert list(span(COMPOSED.index.root)) == [-10, 100]
    assert total is not None
    assert -10 <= total <= 100


@given(st.lists(halves, min_size=5, max_size=5), st.integers(0, 4), halves)
def test_higher_mark_never_lowers_the_value(marks: list[Decimal], which: int, more: Decimal) -> None:
    tree = scheme(aspect(scale={"max": 300}, panel={"function": "trimmed_mean", "judges": 5}))
    raised = [mark + more if number == which else mark for number, mark in enumerate(marks)]

    before, after = (
        evaluate(tree, entry(panel_of([str(m) for m in each]))).total for each in (marks, raised)
    )

    assert before is not None
    assert after is not None
    assert after >= before


@given(st.dictionaries(st.text("ABCDEFGH", min_size=1, max_size=2), halves, min_size=1, max_size=8))
def test_field_evaluated_twice_or_in_another_order_is_equal(marks: dict[str, Decimal]) -> None:
    tree = load_scheme(formula("ballots_by_mark"))
    field = [entry({"J1": {"mark": str(mark)}, "J2": {"mark": 1}}, name) for name, mark in marks.items()]

    found = evaluate_field(tree, field)

    assert evaluate_field(tree, field) == found
    assert evaluate_field(tree, list(reversed(field))) == found


@given(st.sampled_from(formula_names()))
def test_scheme_reads_back_equal(name: str) -> None:
    tree = load_scheme(formula(name))

    assert load_scheme(tree.to_data()) == tree
