from decimal import Decimal
from typing import Any

import pytest

from schemas.events.registrations import EntryChanged
from tests.services.scoring.contest import BOARD, SCHEME, Contest, an_entry, problem


def preview(contest: Contest, **changes: Any) -> Any:
    body = {"entry": "e-1", "stage": "practical", "marks": {"practical.seam": "50.5", "practical.size": "31"}}
    return contest.send("POST", f"/boards/{BOARD}/preview", body | changes, by=contest.judge())


def test_sheet_is_worth_what_the_scheme_makes_of_it(open_contest: Contest) -> None:
    answer = preview(open_contest)

    assert answer.json() == {"value": "81.5", "complete": True, "groups": {"practical": "81.5"}}


def test_deduction_is_subtracted_as_the_scheme_says(open_contest: Contest) -> None:
    marks = {"practical.seam": "50.5", "practical.size": "31", "practical.late": "1.5"}

    assert preview(open_contest, marks=marks).json()["value"] == "80.0"


def test_half_filled_sheet_has_a_running_total(open_contest: Contest) -> None:
    answer = preview(open_contest, marks={"practical.seam": "50.5"}).json()

    assert (answer["value"], answer["complete"]) == ("50.5", False)


def test_panel_that_drops_extremes_is_worth_the_judges_own_marks(contest: Contest) -> None:
    panel = {"function": "trimmed_mean", "judges": 5}
    seam = {"kind": "judgement", "id": "seam", "scale": {"max": "60"}, "panel": panel}
    contest.set_up(scheme={"id": "weld", "root": {"kind": "group", "children": [seam]}})

    assert preview(contest, stage="", marks={"seam": "48.5"}).json()["value"] == "48.5"


def test_factors_of_the_entry_count(contest: Contest) -> None:
    brought = [{"op": "coefficient", "brought": True}]
    dive = {"kind": "judgement", "id": "dive", "scale": {"max": "10"}, "then": brought}
    contest.set_up(scheme={"id": "dive", "root": {"kind": "group", "children": [dive]}})
    contest.tell(EntryChanged(entry=an_entry("e-1", factors={"dive": Decimal("2.5")})))

    assert preview(contest, stage="", marks={"dive": "8"}).json()["value"] == "20.0"


def test_nothing_is_written(open_contest: Contest) -> None:
    before = open_contest.kinds()

    preview(open_contest)

    assert open_contest.kinds() == before


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [
        ({"marks": {"practical.seam": "60.5"}}, 422, "mark-outside-scale"),
        ({"marks": {"practical.colour": "1"}}, 422, "unknown-aspect"),
        ({"stage": "theory"}, 422, "unknown-stage"),
        ({"entry": "e-9"}, 404, "unknown-entry"),
    ],
)
def test_wrong_marks_are_refused_as_they_would_be_when_sent(
    open_contest: Contest, changes: dict[str, Any], status: int, slug: str
) -> None:
    answer = preview(open_contest, **changes)

    assert (answer.status_code, problem(answer)) == (status, slug)


def test_only_judges_of_the_board_see_it(open_contest: Contest) -> None:
    answer = open_contest.send(
        "POST",
        f"/boards/{BOARD}/preview",
        {"entry": "e-1", "marks": {}, "stage": "practical"},
        by=open_contest.judge("j-9", "another"),
    )

    assert answer.status_code == 403


def test_scheme_of_the_test_has_a_panel_that_waits() -> None:
    """Otherwise the tests above would say nothing about the judges who have not marked yet."""
    seam = SCHEME["root"]["children"][1]["children"][0]

    assert seam["panel"]["judges"] == 2
