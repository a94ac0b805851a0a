"""Every way in which a sheet is refused: the problem, the field, the way out; nothing is kept of it."""

from typing import Any

import pytest

from schemas.events.registrations import BoardOpened, EntryRegistered, EntryWithdrawn
from schemas.events.suggestions import HazardReported
from schemas.objects import Proposal
from services.kit import log
from services.kit.access import Grant, Role
from tests.services.scoring.contest import BOARD, UNIT, Contest, a_board, a_sheet, an_entry, problem

MARKS = {"practical.seam": "50.5", "practical.size": "31"}


def marks(**changes: Any) -> dict[str, Any]:
    return MARKS | {f"practical.{name}": value for name, value in changes.items()}


@pytest.mark.parametrize(
    ("changes", "status", "slug", "field"),
    [
        ({"entry": "e-9"}, 404, "unknown-entry", "/entry"),
        ({"marks": marks(seam="60.5")}, 422, "mark-outside-scale", "/marks/practical.seam"),
        ({"marks": marks(seam="50.3")}, 422, "mark-outside-scale", "/marks/practical.seam"),
        ({"marks": marks(seam="-1")}, 422, "mark-outside-scale", "/marks/practical.seam"),
        ({"marks": marks(size="1e-15")}, 422, "mark-outside-scale", "/marks/practical.size"),
        ({"marks": marks(speed="1")}, 422, "unknown-aspect", "/marks/practical.speed"),
        ({"marks": {"practical.seam": "1"}}, 422, "missing-aspect", "/marks/practical.size"),
        ({"stage": "final"}, 422, "unknown-stage", "/stage"),
        ({"attempt": 2}, 422, "attempt-beyond-count", "/attempt"),
    ],
)
def test_wrong_sheet_is_refused_with_field_value_rule_and_way_out(
    open_contest: Contest, changes: dict[str, Any], status: int, slug: str, field: str
) -> None:
    before = len(open_contest.facts())

    answer = open_contest.submit(a_sheet(**changes))

    assert (answer.status_code, problem(answer)) == (status, slug)
    fault = answer.json()["errors"][0]
    assert fault["field"] == field
    assert all(fault[key] for key in ("rule", "detail", "way_out"))
    assert len(open_contest.facts()) == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"marks": {"practical.seam": 50.5}}, "/body/marks/practical.seam"),
        ({"marks": {"practical.seam": "1E+999999999"}}, "/body/marks/practical.seam"),
        ({"marks": {"practical.seam": "NaN"}}, "/body/marks/practical.seam"),
        ({"id": "a\x00b"}, "/body/id"),
        ({"id": ""}, "/body/id"),
        ({"attempt": 10**30}, "/body/attempt"),
        ({"marked_at": "yesterday"}, "/body/marked_at"),
        ({"colour": "red"}, "/body/colour"),
    ],
)
def test_malformed_sheet_is_refused_at_the_door(
    open_contest: Contest, changes: dict[str, Any], field: str
) -> None:
    answer = open_contest.submit(a_sheet(**changes))

    assert (answer.status_code, problem(answer)) == (422, "malformed")
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"id": "\xff"}', b'{"id": "\\ud800"}', b"1" * 5000]
)
def test_body_that_is_no_sheet_is_malformed(open_contest: Contest, body: bytes) -> None:
    headers = {"Authorization": f"Bearer {open_contest.judge()}", "Content-Type": "application/json"}

    answer = open_contest.client.post("/api/scoring/sheets", content=body, headers=headers)

    assert answer.status_code == 422


def test_nobody_marks_without_a_judges_session(open_contest: Contest) -> None:
    anonymous = open_contest.send("POST", "/sheets", a_sheet())
    organiser = open_contest.send("POST", "/sheets", a_sheet(), by=open_contest.organiser())
    administrator = open_contest.sign_in("root", Grant(Role.ADMINISTRATOR, unit="/"))
    root = open_contest.send("POST", "/sheets", a_sheet(), by=administrator)

    assert [each.status_code for each in (anonymous, organiser, root)] == [401, 403, 403]
    assert problem(root) == "not-a-judge"


def test_unknown_board_is_refused_and_leaves_no_trace(open_contest: Contest) -> None:
    judge = open_contest.sign_in("j-9", Grant(Role.JUDGE, board="none", judge="j-9"))

    answer = open_contest.send("POST", "/sheets", a_sheet(board="none"), by=judge)

    assert (answer.status_code, problem(answer)) == (404, "unknown-board")
    with open_contest.runtime.database.reading() as session:
        assert "none" not in log.boards(session)


def test_judge_outside_the_panel_is_refused(open_contest: Contest) -> None:
    assert problem(open_contest.submit(a_sheet(), judge="j-3")) == "not-on-panel"


def test_recused_judge_is_refused_for_that_entry_only(open_contest: Contest) -> None:
    judges = [{"judge": "j-1", "name": "王芳", "recused": ["e-1"]}, {"judge": "j-2", "name": "李强"}]
    open_contest.put("/boards/weld/panels", {"stage": "", "judges": judges})

    assert problem(open_contest.submit(a_sheet())) == "recused"
    assert open_contest.submit(a_sheet("s-2", "e-2")).status_code == 201


def test_stage_without_a_scheme_takes_nothing(contest: Contest) -> None:
    contest.put("/boards/weld/panels", {"judges": [{"judge": "j-1", "name": "王芳"}]})
    contest.put("/boards/weld/window", {"mode": "all"})

    assert problem(contest.submit(a_sheet())) == "scheme-missing"


def test_closed_window_takes_nothing(open_contest: Contest) -> None:
    open_contest.put("/boards/weld/window", {"mode": "closed"})

    answer = open_contest.submit(a_sheet())

    assert problem(answer) == "window-closed"
    assert answer.json()["server_time"] == "2026-05-01T08:00:00+00:00"


def test_window_on_one_entry_takes_only_that_one(open_contest: Contest) -> None:
    open_contest.put("/boards/weld/window", {"mode": "one", "entry": "e-2"})

    refused = open_contest.submit(a_sheet())

    assert (problem(refused), refused.json()["open_entry"]) == ("window-on-another-entry", "e-2")
    assert open_contest.submit(a_sheet("s-2", "e-2")).status_code == 201


def test_stages_own_window_goes_before_the_boards(open_contest: Contest) -> None:
    open_contest.put("/boards/weld/window", {"stage": "practical", "mode": "closed"})

    assert problem(open_contest.submit(a_sheet())) == "window-closed"


def test_deadline_is_the_servers_and_has_a_grace(open_contest: Contest) -> None:
    window = {"mode": "all", "deadline": "2026-05-01T16:10:00+08:00", "grace": 30}
    open_contest.put("/boards/weld/window", window)

    open_contest.wait(minutes=10, seconds=30)
    in_grace = open_contest.submit(a_sheet(marked_at="2026-05-01T08:00:00Z"))
    open_contest.wait(seconds=1)
    late = open_contest.submit(a_sheet("s-2", "e-2", marked_at="2026-05-01T08:00:00Z"))

    assert in_grace.status_code == 201
    assert problem(late) == "deadline-passed"
    told = late.json()
    assert (told["server_time"], told["device_time"], told["grace_seconds"]) == (
        "2026-05-01T08:10:31+00:00",
        "2026-05-01T08:00:00+00:00",
        30,
    )


def test_sheet_is_final_where_the_window_says_so(open_contest: Contest) -> None:
    open_contest.put("/boards/weld/window", {"mode": "all", "editable": False})
    open_contest.taken(a_sheet())

    assert problem(open_contest.submit(a_sheet("s-2", base=1))) == "sheet-final"


def test_stale_base_is_refused_with_both_versions(open_contest: Contest) -> None:
    open_contest.taken(a_sheet("s-1"))
    open_contest.taken(a_sheet("s-2", base=1, marks=marks(seam="20")))

    answer = open_contest.submit(a_sheet("s-3", base=1, marks=marks(seam="30")))

    assert (answer.status_code, problem(answer)) == (409, "stale-base")
    current, sent = answer.json()["current"], answer.json()["sent"]
    assert (current["version"], current["marks"]["practical.seam"]) == (2, "20")
    assert sent["marks"]["practical.seam"] == "30"


def test_withdrawn_entry_takes_no_sheet(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())
    open_contest.tell(EntryWithdrawn(entry=an_entry("e-2", status="withdrawn")))

    assert problem(open_contest.submit(a_sheet("s-2", "e-2"))) == "entry-is-withdrawn"


def test_entry_that_registered_a_moment_ago_is_known(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())
    hazard = Proposal(
        id="h-1",
        board=BOARD,
        kind="hazard",
        stage="submitted",
        title="护栏松动",
        unit=UNIT,
        authors=("张伟",),
        present="松动",
        measure="加固",
        effect="消除隐患",
    )
    open_contest.tell(HazardReported(proposal=hazard))

    assert open_contest.submit(a_sheet("s-2", "h-1")).status_code == 201


def test_entry_of_another_board_is_unknown_here(open_contest: Contest) -> None:
    fact = EntryRegistered(entry=an_entry("x-1", "other"))
    open_contest.tell(BoardOpened(board=a_board(id="other")), fact, board="other")

    assert problem(open_contest.submit(a_sheet(entry="x-1"))) == "unknown-entry"


def test_round_is_taken_only_where_the_spread_asks_for_it(open_contest: Contest) -> None:
    open_contest.taken(a_sheet("a-1", marks=marks(seam="20")))

    too_early = open_contest.submit(a_sheet("a-2", base=1, round=2, marks=marks(seam="30")))
    open_contest.taken(a_sheet("b-1", marks=marks(seam="45")), "j-2")
    asked = open_contest.submit(a_sheet("a-2", base=1, round=2, marks=marks(seam="38")))
    third = open_contest.submit(a_sheet("b-3", base=1, round=3, marks=marks(seam="40")), "j-2")
    joined = open_contest.submit(a_sheet("b-2", base=1, round=2, marks=marks(seam="40")), "j-2")
    back = open_contest.submit(a_sheet("a-3", base=2, round=1, marks=marks(seam="20")))

    assert [problem(each) for each in (too_early, third, back)] == ["round-not-asked"] * 3
    assert (asked.status_code, joined.status_code) == (201, 201)
    history = open_contest.send("GET", "/sheets/a-2", by=open_contest.judge()).json()["history"]
    assert [each["round"] for each in history] == [1, 2]


def test_refusals_speak_the_users_language(open_contest: Contest) -> None:
    english = open_contest.submit(a_sheet(entry="e-9"), **{"Accept-Language": "en"})
    chinese = open_contest.submit(a_sheet(entry="e-9"))

    assert english.json()["title"] == "The board has no such entry"
    assert chinese.json()["title"] == "榜上没有这个参赛者"


def test_sheet_id_of_another_judge_does_not_show_that_sheet(open_contest: Contest) -> None:
    open_contest.taken(a_sheet(), "j-1")

    answer = open_contest.submit(a_sheet(), "j-2")

    assert (problem(answer), answer.json()["stored"]) == ("sheet-id-reused", None)


def test_deadline_at_the_end_of_time_is_a_deadline(open_contest: Contest) -> None:
    window = {"mode": "all", "deadline": "9999-12-31T23:59:59Z", "grace": 86400}
    open_contest.put("/boards/weld/window", window)

    assert open_contest.submit(a_sheet()).status_code == 201
