"""Sheets from judges: taken once, in order, on the right base."""

from tests.services.scoring.contest import Contest, a_sheet, problem


def test_sheet_is_taken_and_told_once(open_contest: Contest) -> None:
    answer = open_contest.submit(a_sheet(marked_at="2026-05-01T08:00:00Z", sent_at="2026-05-01T08:00:02Z"))

    assert answer.status_code == 201
    body = answer.json()
    assert (body["version"], body["base"], body["judge"], body["marks"]["practical.seam"]) == (
        1,
        0,
        "j-1",
        "50.5",
    )
    assert body["received_at"] == "2026-05-01T08:00:00Z"
    assert body["clock_skew_ms"] == 2000
    assert open_contest.kinds().count("sheet.submitted") == 1


def test_sheet_sent_again_gets_the_first_answer_and_is_not_told_again(open_contest: Contest) -> None:
    first = open_contest.submit(a_sheet())
    open_contest.put("/boards/weld/window", {"mode": "closed"})

    again = open_contest.submit(a_sheet())

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert open_contest.kinds().count("sheet.submitted") == 1


def test_sheet_id_with_other_content_is_refused_with_both(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())

    answer = open_contest.submit(a_sheet(marks={"practical.seam": "1", "practical.size": "2"}))

    assert (answer.status_code, problem(answer)) == (409, "sheet-id-reused")
    assert answer.json()["stored"]["marks"]["practical.seam"] == "50.5"
    assert answer.json()["sent"]["marks"]["practical.seam"] == "1"
