"""Templates, samples, and how the judging goes."""

from typing import Any

import pytest

from schemas.events.registrations import BoardChanged, EntryWithdrawn, NumbersDrawn
from services.scoring.repository import changes
from services.scoring.service.judging import Judging
from services.scoring.templates import NAMES, template
from tests.services.scoring.contest import BOARD, SCHEME, Contest, a_board, an_entry, problem


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


def test_progress_is_in_draw_order_page_by_page_whatever_was_read_already(open_contest: Contest) -> None:
    def entries() -> list[str]:
        pages = [ask(open_contest, f"/boards/{BOARD}/progress?offset={at}&limit=2") for at in (0, 2)]
        assert {page["total"] for page in pages} == {3}
        return [row["entry"] for page in pages for row in page["items"]]

    open_contest.tell(NumbersDrawn(board=BOARD, numbers={"e-1": 3, "e-2": 1, "e-3": 2}))
    before = entries()
    open_contest.taken(sheet("e-1", "j-1", "50"))

    assert before == entries() == ["e-2", "e-3", "e-1"]


def since(contest: Contest, cursor: str, **query: str) -> Any:
    words = "&".join(f"{name}={value}" for name, value in {"since": cursor, **query}.items())
    return ask(contest, f"/boards/{BOARD}/progress?{words}")


def test_progress_since_a_cursor_is_what_changed_since(open_contest: Contest) -> None:
    whole = ask(open_contest, f"/boards/{BOARD}/progress")
    open_contest.taken(sheet("e-2", "j-1", "50"))

    changed = since(open_contest, whole["cursor"])

    assert [(row["entry"], len(row["slots"])) for row in changed["items"]] == [("e-2", 1)]
    assert (changed["total"], changed["board_changed"]) == (1, False)
    assert since(open_contest, changed["cursor"])["items"] == []


def test_progress_says_when_the_board_itself_changed(open_contest: Contest) -> None:
    cursor = ask(open_contest, f"/boards/{BOARD}/progress")["cursor"]
    open_contest.put(f"/boards/{BOARD}/window", {"mode": "closed"})

    changed = since(open_contest, cursor)

    assert (changed["items"], changed["board_changed"]) == ([], True)


def test_progress_kept_by_its_changes_is_the_progress_asked_anew(open_contest: Contest) -> None:
    acts = (
        lambda: open_contest.taken(sheet("e-1", "j-1", "50")),
        lambda: open_contest.taken(sheet("e-1", "j-2", "30"), judge="j-2"),
        lambda: open_contest.send("POST", "/sheets/e-1-j-1/confirm", by=open_contest.chief()),
        lambda: open_contest.send(
            "POST", "/sheets/e-1-j-2/void", {"id": "v", "base": 1, "reason": "抄错"}, by=open_contest.chief()
        ),
        lambda: open_contest.tell(NumbersDrawn(board=BOARD, numbers={"e-1": 3, "e-2": 1, "e-3": 2})),
        lambda: open_contest.tell(EntryWithdrawn(entry=an_entry("e-2", status="withdrawn"))),
    )
    whole = ask(open_contest, f"/boards/{BOARD}/progress")
    rows, cursor = {row["entry"]: row for row in whole["items"]}, whole["cursor"]

    for act in acts:
        act()
        changed = since(open_contest, cursor)
        rows |= {row["entry"]: row for row in changed["items"]}
        cursor = changed["cursor"]

        anew = ask(open_contest, f"/boards/{BOARD}/progress")["items"]
        assert sorted(rows.values(), key=lambda row: row["number"]) == anew


def test_progress_that_changed_on_more_than_a_page_is_the_whole(open_contest: Contest) -> None:
    """While pages of changes are read, they could grow to what is answered with everything."""
    cursor = ask(open_contest, f"/boards/{BOARD}/progress")["cursor"]
    for entry in ("e-1", "e-3"):
        open_contest.taken(sheet(entry, "j-1", "50"))

    assert since(open_contest, cursor, limit="2")["total"] == 2
    pages = [since(open_contest, cursor, offset=str(offset), limit="1") for offset in range(3)]

    assert [page["total"] for page in pages] == [3, 3, 3]
    assert {row["entry"] for page in pages for row in page["items"]} == {"e-1", "e-2", "e-3"}


def test_progress_is_the_whole_once_the_board_shows_names_in_another_way(open_contest: Contest) -> None:
    cursor = ask(open_contest, f"/boards/{BOARD}/progress")["cursor"]
    open_contest.tell(BoardChanged(board=a_board(blind=True)))

    found = since(open_contest, cursor)

    assert (found["total"], found["board_changed"]) == (3, True)


def test_alarms_of_a_blind_board_name_nobody_to_the_chief_judge(open_contest: Contest) -> None:
    open_contest.tell(BoardChanged(board=a_board(blind=True)))
    open_contest.tell(NumbersDrawn(board=BOARD, numbers={"e-1": 7}, codes={"e-1": "A-7"}))
    for judge, mark in (("j-1", "50"), ("j-2", "10")):
        open_contest.taken(sheet("e-1", judge, mark), judge=judge)

    def names(by: Any) -> list[str]:
        found = open_contest.send("GET", f"/boards/{BOARD}/judging?spread=1", by=by).json()
        return [alarm["name"] for alarm in found["alarms"]]

    assert names(open_contest.chief()) == ["A-7"]
    assert names(open_contest.organiser()) == [an_entry("e-1").name]


def test_progress_since_too_long_ago_is_the_whole(
    open_contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    cursor = ask(open_contest, f"/boards/{BOARD}/progress")["cursor"]
    monkeypatch.setattr(changes, "MOST_FACTS", 1)
    for judge in ("j-1", "j-2"):
        open_contest.taken(sheet("e-1", judge, "50"), judge=judge)

    found = since(open_contest, cursor)

    assert (found["total"], found["board_changed"]) == (3, True)


def test_progress_since_a_place_that_the_log_does_not_have_is_the_whole(open_contest: Contest) -> None:
    """As a page asks that was open while an older backup was restored."""
    open_contest.taken(sheet("e-1", "j-1", "50"))
    here = ask(open_contest, f"/boards/{BOARD}/progress")["cursor"]
    registrations, scores, suggestions = (int(number) for number in here.split("-"))

    assert since(open_contest, here)["total"] == 0
    found = since(open_contest, f"{registrations}-{scores + 1}-{suggestions}")

    assert (found["total"], found["board_changed"]) == (3, True)


def test_progress_since_a_text_that_is_no_cursor_is_refused(open_contest: Contest) -> None:
    answer = open_contest.send("GET", f"/boards/{BOARD}/progress?since=x", by=open_contest.organiser())

    assert problem(answer) == "malformed"


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


def test_judging_gives_the_alarms_asked_for_and_tells_how_many_there_are(
    open_contest: Contest,
) -> None:
    for entry in ("e-1", "e-2"):
        open_contest.taken(sheet(entry, "j-1", "50"))
        open_contest.taken(sheet(entry, "j-2", "30"), judge="j-2")

    report = ask(open_contest, f"/boards/{BOARD}/judging?limit=1")

    assert ([each["entry"] for each in report["alarms"]], report["alarm_count"]) == (["e-1"], 2)


def judged_anew(contest: Contest) -> Any:
    """The answer of a service that has just begun."""
    state = contest.client.app.state  # type: ignore[attr-defined]  # what the client calls is a FastAPI
    kept, state.judging = state.judging, Judging()
    try:
        return ask(contest, f"/boards/{BOARD}/judging?spread=5")
    finally:
        state.judging = kept


FIELD_WIDE = {
    "id": "each",
    "root": {
        "kind": "group",
        "children": [
            {
                "kind": "judgement",
                "id": "seam",
                "scale": {"max": "60"},
                "each": [{"op": "standard_scale"}],
                "panel": {"function": "trimmed_mean", "judges": 3, "drop_high": 1, "drop_low": 0},
            }
        ],
    },
}
"""Which mark is left out hangs on what its judge gave to all others."""


@pytest.mark.parametrize("scheme", [SCHEME, FIELD_WIDE])
def test_judging_kept_while_marks_change_is_the_judging_counted_anew(
    contest: Contest, scheme: dict[str, Any]
) -> None:
    contest.set_up(scheme=scheme, judges=("j-1", "j-2", "j-3"))
    stage, path = ("", "seam") if scheme is FIELD_WIDE else ("practical", "practical.seam")
    size = {"practical.size": "30"} if stage else {}
    given = [(entry, judge, "30") for entry in ("e-1", "e-2", "e-3") for judge in (1, 2, 3)]
    given += [("e-1", 1, "31"), ("e-2", 1, "50"), ("e-3", 1, "60"), ("e-1", 2, "29"), ("e-3", 3, "1")]
    versions: dict[tuple[str, int], int] = {}

    for turn, (entry, judge, seam) in enumerate(given):
        base = versions.get((entry, judge), 0)
        versions[entry, judge] = base + 1
        marks = {"id": f"s-{turn}", "board": BOARD, "entry": entry, "stage": stage, "base": base}
        contest.taken(marks | {"marks": {path: seam} | size}, judge=f"j-{judge}")
        kept = ask(contest, f"/boards/{BOARD}/judging?spread=5")

        assert kept == judged_anew(contest)
