"""1,734 dances: the total is the sum of the judges who were there, 3, 4 or 5 of them."""

from decimal import Decimal

from rules.evaluate import check_marks, evaluate
from rules.results import EntryInput, Sheet
from rules.scheme import load_scheme
from tests.real.places import rows_of

SCHEME = load_scheme(
    {
        "id": "dance",
        "root": {
            "kind": "group",
            "children": [
                {
                    "id": "dance",
                    "kind": "judgement",
                    "scale": {"max": 10, "step": 1},
                    "panel": {"function": "sum", "min_judges": 3},
                    "unmarked": 0,
                }
            ],
        },
    }
)


def sheets_of(row: dict[str, str]) -> list[Sheet]:
    """A score of 0 means that the judge was not there; one dance was shown and not judged at all."""
    scores = {column: Decimal(mark) for column, mark in row.items() if column.startswith("score_")}
    return [Sheet(judge, {"dance": mark}) for judge, mark in scores.items() if mark]


def test_every_dance_total_equals_the_published_one() -> None:
    rows = rows_of("strictly_come_dancing", "results.csv")

    found = [evaluate(SCHEME, EntryInput(str(n), sheets_of(row))).total for n, row in enumerate(rows)]

    assert len(found) == 1734
    assert found == [Decimal(row["total"]) for row in rows]


def test_every_mark_given_is_on_the_scale() -> None:
    rows = rows_of("strictly_come_dancing", "results.csv")

    sheets = [sheet for row in rows for sheet in sheets_of(row)]

    assert len(sheets) == 6900
    assert not any(check_marks(SCHEME, "", 1, sheet.marks) for sheet in sheets)
