"""Sheets after they were taken: confirmed by a second person, corrected and voided with a reason."""

import pytest
from httpx2 import Response
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.scoring.tables import ConfirmationRow
from tests.services.scoring.contest import NOW, SCHEME, Contest, a_sheet, problem

MARKS = {"practical.seam": "10", "practical.size": "20"}


def correct(contest: Contest, **changes: object) -> Response:
    body = {"id": "c-1", "base": 1, "marks": MARKS, "reason": "录入有误"} | changes
    return contest.send("POST", "/sheets/s-1/correct", body, by=contest.chief())


def test_second_person_confirms_once(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())

    same = open_contest.send("POST", "/sheets/s-1/confirm", by=open_contest.judge())
    first = open_contest.send("POST", "/sheets/s-1/confirm", by=open_contest.chief())
    again = open_contest.send("POST", "/sheets/s-1/confirm", by=open_contest.judge("j-2"))

    assert (same.status_code, problem(same)) == (409, "same-person")
    assert first.json()["confirmed_by"] == again.json()["confirmed_by"] == "chief-weld"
    assert open_contest.kinds().count("sheet.confirmed") == 1


def test_database_itself_refuses_one_person_as_two(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())
    row = insert(ConfirmationRow).values(sheet="s-1", submitter="j-1", confirmer="j-1", confirmed_at=NOW)

    with pytest.raises(IntegrityError), open_contest.runtime.database.transaction() as session:
        session.execute(row)


def test_only_the_present_version_can_be_confirmed(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())
    open_contest.taken(a_sheet("s-2", base=1))

    answer = open_contest.send("POST", "/sheets/s-1/confirm", by=open_contest.chief())

    assert problem(answer) == "stale-base"
    assert answer.json()["current"]["id"] == "s-2"


def test_chief_judge_corrects_with_a_reason_and_the_first_version_stays(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())

    first, again = correct(open_contest), correct(open_contest)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    history = open_contest.send("GET", "/sheets/c-1", by=open_contest.chief()).json()["history"]
    assert [(each["version"], each["reason"]) for each in history] == [(1, ""), (2, "录入有误")]
    assert history[1]["judge"] == "j-1"
    assert open_contest.kinds().count("sheet.corrected") == 1


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [
        ({"reason": ""}, 422, "malformed"),
        ({"base": 0}, 409, "stale-base"),
        ({"marks": MARKS | {"practical.seam": "99"}}, 422, "mark-outside-scale"),
        ({"id": "s-1"}, 409, "sheet-id-reused"),
    ],
)
def test_wrong_correction_is_refused(
    open_contest: Contest, changes: dict[str, object], status: int, slug: str
) -> None:
    open_contest.taken(a_sheet())

    answer = correct(open_contest, **changes)

    assert (answer.status_code, problem(answer)) == (status, slug)
    assert "sheet.corrected" not in open_contest.kinds()


def test_judge_may_not_correct(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())
    body = {"id": "c-1", "base": 1, "marks": MARKS, "reason": "录入有误"}

    assert open_contest.send("POST", "/sheets/s-1/correct", body, by=open_contest.judge()).status_code == 403
    assert open_contest.send("POST", "/sheets/none/correct", body, by=open_contest.chief()).status_code == 404


def test_voided_sheet_counts_no_more_and_can_be_marked_again(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())
    body = {"id": "v-1", "base": 1, "reason": "误评他人"}

    voided = open_contest.send("POST", "/sheets/s-1/void", body, by=open_contest.chief())
    again = open_contest.send("POST", "/sheets/s-1/void", body, by=open_contest.chief())
    twice = open_contest.send(
        "POST", "/sheets/s-1/void", body | {"id": "v-2", "base": 2}, by=open_contest.chief()
    )
    marked = open_contest.submit(a_sheet("s-2", base=2))

    assert (voided.status_code, voided.json()["voided"], again.status_code) == (201, True, 200)
    assert problem(twice) == "sheet-void"
    assert marked.status_code == 201
    assert open_contest.kinds().count("sheet.voided") == 1


def test_import_takes_all_or_none(open_contest: Contest) -> None:
    good = {
        "id": "i-1",
        "entry": "e-1",
        "judge": "j-1",
        "stage": "practical",
        "marks": {"practical.seam": "1"},
    }
    bad = good | {"id": "i-2", "entry": "e-9"}
    path = "/boards/weld/sheets/import"

    refused = open_contest.send("POST", path, {"sheets": [good, bad]}, by=open_contest.organiser())
    dry = open_contest.send("POST", path, {"sheets": [good], "dry_run": True}, by=open_contest.organiser())
    before = open_contest.kinds().count("sheet.submitted")
    done = open_contest.send("POST", path, {"sheets": [good]}, by=open_contest.organiser())
    again = open_contest.send("POST", path, {"sheets": [good]}, by=open_contest.organiser())

    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (404, "/sheets/1/entry")
    assert (dry.json()["created"], before) == (1, 0)
    assert (done.json()["created"], again.json()["repeated"]) == (1, 1)
    assert open_contest.kinds().count("sheet.submitted") == 1


def test_examination_results_need_no_panel_and_no_window(contest: Contest) -> None:
    contest.put("/boards/weld/scheme", {"data": SCHEME})
    sheet = {"id": "t-1", "entry": "e-1", "judge": "theory", "marks": {"theory": "86.5"}}

    answer = contest.send("POST", "/boards/weld/sheets/import", {"sheets": [sheet]}, by=contest.organiser())

    assert answer.json()["created"] == 1
    assert contest.facts()[-1].sheet.source == "imported"  # type: ignore[attr-defined]  # a SheetSubmitted
