"""Every formula shipped, on marks whose sums are worked by hand in the file beside this one."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules.evaluate import check_marks, evaluate_field
from rules.formulas import formula, formula_names
from rules.ranking import load_ranking, rank
from rules.results import Contender, EntryInput, Evaluation, Sheet
from rules.scheme import Scheme, load_scheme
from rules.scheme_text import parse_yaml

CASES = Path(__file__).parent / "formulas"


def sheets_of(marks: dict[str, dict[str, Any]], round_number: int = 1) -> list[Sheet]:
    sheets: dict[tuple[str, int], dict[str, Decimal | None]] = {}
    for judge, given in marks.items():
        for key, mark in given.items():
            path, _, attempt = key.partition("#")
            sheet = sheets.setdefault((judge, int(attempt or 1)), {})
            sheet[path] = None if mark is None else Decimal(mark)
    return [
        Sheet(judge, marks, attempt=attempt, round=round_number) for (judge, attempt), marks in sheets.items()
    ]


def entry_of(name: str, case: dict[str, Any]) -> EntryInput:
    return EntryInput(
        name,
        [*sheets_of(case["marks"]), *sheets_of(case.get("rounds", {}), 2)],
        {key: Decimal(value) for key, value in case.get("factors", {}).items()},
        frozenset(case.get("absent", ())),
    )


def evaluated(name: str) -> tuple[Scheme, dict[str, Any], list[EntryInput], dict[str, Evaluation]]:
    scheme = load_scheme(formula(name))
    case = parse_yaml((CASES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(case, dict)
    entries = [entry_of(entry, data) for entry, data in case["entries"].items()]
    return scheme, case, entries, evaluate_field(scheme, entries)


def test_every_formula_has_a_case_worked_by_hand() -> None:
    assert {path.stem for path in CASES.glob("*.yaml")} == set(formula_names())


@pytest.mark.parametrize("name", formula_names())
def test_formula_values_equal_the_sums_by_hand(name: str) -> None:
    _, case, _, evaluations = evaluated(name)

    for entry, expected in case["entries"].items():
        found = evaluations[entry]
        values = {key: found.cells[key].value for key in expected["expect"]}
        assert values == {key: Decimal(value) for key, value in expected["expect"].items()}, entry
        missing = expected.get("missing", {})
        assert {key: found.cells[key].missing for key in missing} == missing
        assert (found.complete, found.band, found.barred) == (
            expected.get("complete", True),
            expected.get("band", 0),
            expected.get("barred", False),
        )


@pytest.mark.parametrize("name", formula_names())
def test_formula_accepts_every_mark_of_its_case(name: str) -> None:
    scheme, _, entries, _ = evaluated(name)

    refusals = [
        check_marks(scheme, sheet.stage, sheet.attempt, {path: mark})
        for entry in entries
        for sheet in entry.sheets
        for path, mark in sheet.marks.items()
        if sheet.attempt == 1 or scheme.node(path).repeated is not None
    ]

    assert not any(refusals)


@pytest.mark.parametrize("name", formula_names())
def test_formula_reads_back_from_its_own_data(name: str) -> None:
    scheme = load_scheme(formula(name))

    assert load_scheme(scheme.to_data()) == scheme


@pytest.mark.parametrize("name", formula_names())
def test_formula_ranks_as_worked_by_hand(name: str) -> None:
    scheme, case, _, evaluations = evaluated(name)
    rows = rank(load_ranking(scheme.ranking), evaluations, {entry: Contender(entry) for entry in evaluations})

    assert [row.entry for row in rows] == case.get("order", [row.entry for row in rows])
    places = {row.entry: row.place for row in rows}
    assert places == case.get("places", places)
