"""Templates, samples, and how the judging goes."""

from typing import Any

import pytest

from services.scoring.templates import NAMES, template
from tests.services.scoring.contest import BOARD, SCHEME, Contest, problem


def ask(contest: Contest, path: str, by: str = "") -> Any:
    answer = contest.send("GET", path, by=by or contest.organiser())
    assert answer.status_code == 200, answer.text
    return answer.json()


def sheet(id: str, judge: str, seam: str) -> dict[str, Any]:
    marks = {"practical.seam": seam, "practical.size": "30"}
    return {"id": f"{id}-{judge}", "board": BOARD, "entry": id, "stage": "practical", "marks": marks}


@pytest.mark.parametrize("name", NAMES)
def test_every_template_is_a_scheme_that_a_board_takes(contest: Contest, name: str) -> None:
    data = template(name)["scheme"]

    assert contest.put(f"/boards/{BOARD}/scheme", {"data": data}).json()["version"] == 1


def test_templates_are_for_people_who_are_signed_in(contest: Contest) -> None:
    assert contest.send("GET", "/templates").status_code == 401
    assert [each["id"] for each in ask(contest, "/templates")["items"]] == list(NAMES)


def test_sample_sheet_is_counted_without_a_board(contest: Contest) -> None:
    marks = {"theory": "80", "practical.seam": "50", "practical.size": "30"}
    answer = contest.send("POST", "/scheme/try", {"data": SCHEME, "marks": marks}, by=contest.organiser())

    assert answer.json()["total"] == "80.0"
    assert answer.json()["values"]["practical"] == "80"
    assert answer.json()["stages"] == ["", "practical"]


def test_sample_of_a_wrong_scheme_names_every_fault(contest: Contest) -> None:
    wrong = {
        "id": "x",
        "root": {"kind": "group", "sum_check": "100", "children": [{"kind": "what", "id": "a"}]},
    }
    answer = contest.send("POST", "/scheme/try", {"data": wrong}, by=contest.organiser())

    assert problem(answer) == "scheme-not-valid"


def test_progress_tells_who_has_marked_what(open_contest: Contest) -> None:
    open_contest.taken(sheet("e-1", "j-1", "50"))
    rows = ask(open_contest, f"/boards/{BOARD}/progress")["items"]

    assert {row["entry"]: [slot["judge"] for slot in row["slots"]] for row in rows} == {
        "e-1": ["j-1"],
        "e-2": [],
        "e-3": [],
    }


def test_progress_is_paged_by_entries(open_contest: Contest) -> None:
    page = ask(open_contest, f"/boards/{BOARD}/progress?offset=1&limit=1")

    assert (page["total"], len(page["items"])) == (3, 1)


def test_judges_do_not_see_how_their_colleagues_mark(open_contest: Contest) -> None:
    for what in ("progress", "judging"):
        answer = open_contest.send("GET", f"/boards/{BOARD}/{what}", by=open_contest.judge())
        assert answer.status_code == 403


def test_judging_tells_the_generous_judge_and_the_panel_that_disagrees(open_contest: Contest) -> None:
    open_contest.taken(sheet("e-1", "j-1", "50"))
    open_contest.taken(sheet("e-1", "j-2", "30"), judge="j-2")
    report = ask(open_contest, f"/boards/{BOARD}/judging")

    assert [(each["judge"], each["deviation"]) for each in report["judges"]] == [
        ("j-1", "5.000"),
        ("j-2", "-5.000"),
    ]
    [alarm] = report["alarms"]
    assert (alarm["path"], alarm["lowest"], alarm["highest"]) == ("practical.seam", "30", "50")
    assert (alarm["low_judges"], alarm["high_judges"]) == (["j-2"], ["j-1"])
    assert [each["path"] for each in report["incomparable"]] == ["practical.seam", "practical.size"]
