"""Schemes, panels, windows, the desk and the ledger."""

from typing import Any

import pytest

from schemas.envelope import GENESIS, decode_chained, link, unchained
from schemas.events.registrations import BoardChanged, NumbersDrawn
from services.kit.access import Grant, Role
from tests.services.scoring.contest import BOARD, SCHEME, UNIT, Contest, a_board, a_sheet, problem


def amended(weight: str = "0.5") -> dict[str, Any]:
    """The scheme with a heavier seam: marks above 40 count less."""
    practical = SCHEME["root"]["children"][1]
    seam = practical["children"][0] | {"then": [{"op": "clamp", "max": "40"}]}
    children = [seam, *practical["children"][1:]]
    root = SCHEME["root"] | {"children": [SCHEME["root"]["children"][0], practical | {"children": children}]}
    return SCHEME | {"root": root}


def mark(contest: Contest, entry: str, seam: str, size: str) -> None:
    for judge in ("j-1", "j-2"):
        marks = {"practical.seam": seam, "practical.size": size}
        contest.taken(a_sheet(f"{entry}-{judge}", entry, marks=marks), judge)


def test_scheme_is_published_once_and_read_by_anyone(contest: Contest) -> None:
    first = contest.put("/boards/weld/scheme", {"data": SCHEME}).json()
    again = contest.put("/boards/weld/scheme", {"data": SCHEME}).json()

    assert first == again
    assert (first["version"], first["locked"]) == (1, False)
    assert contest.send("GET", "/boards/weld/scheme").json()["data"] == SCHEME
    assert contest.kinds() == ["scheme.published"]


def test_private_boards_scheme_is_for_those_who_run_it(contest: Contest) -> None:
    contest.put("/boards/weld/scheme", {"data": SCHEME})
    contest.tell(BoardChanged(board=a_board(public=False)))

    assert contest.send("GET", "/boards/weld/scheme").status_code == 403
    assert contest.send("GET", "/boards/weld/scheme", by=contest.judge()).status_code == 200


def test_wrong_scheme_is_refused_with_the_path_of_every_fault(contest: Contest) -> None:
    data = {"id": "x", "root": {"kind": "group", "children": [{"kind": "judgement", "id": "a", "colour": 1}]}}

    answer = contest.send("PUT", "/boards/weld/scheme", {"data": data}, by=contest.organiser())

    assert (answer.status_code, problem(answer)) == (422, "scheme-not-valid")
    assert all(error["field"].startswith("/data/") and error["way_out"] for error in answer.json()["errors"])


def test_scheme_is_locked_by_the_first_mark_and_amended_with_a_reason(open_contest: Contest) -> None:
    mark(open_contest, "e-1", "50", "10")
    path, by = "/boards/weld/scheme", open_contest.organiser()

    locked = open_contest.send("PUT", path, {"data": amended()}, by=by)
    silent = open_contest.send("PUT", path, {"data": amended(), "amend": True}, by=by)
    done = open_contest.send("PUT", path, {"data": amended(), "amend": True, "reason": "公式有误"}, by=by)

    assert problem(locked) == "scheme-locked"
    assert (silent.status_code, silent.json()["errors"][0]["field"]) == (422, "/reason")
    assert (done.json()["version"], done.json()["reason"]) == (2, "公式有误")


def test_check_shows_whose_place_would_change_before_anything_does(open_contest: Contest) -> None:
    mark(open_contest, "e-1", "60", "10")
    mark(open_contest, "e-2", "40", "20")
    mark(open_contest, "e-3", "30", "0")

    check = open_contest.send(
        "POST", "/boards/weld/scheme/check", {"data": amended()}, by=open_contest.organiser()
    ).json()

    places = {each["entry"]: (each["before"]["place"], each["after"]["place"]) for each in check["changes"]}
    assert places == {"e-1": (1, 2), "e-2": (2, 1)}
    assert (check["locked"], check["entries"], check["sheets_refused"]) == (True, 3, 0)
    assert open_contest.kinds().count("scheme.published") == 1


def test_check_counts_sheets_that_the_scheme_would_not_take(open_contest: Contest) -> None:
    mark(open_contest, "e-1", "60", "40")
    children = [{"kind": "judgement", "id": "a", "scale": {"max": "10"}}]
    data = {"id": "x", "root": {"kind": "group", "children": children}}

    check = open_contest.send(
        "POST", "/boards/weld/scheme/check", {"data": data}, by=open_contest.organiser()
    )

    assert check.json()["sheets_refused"] == 2


@pytest.mark.parametrize(
    ("path", "body", "slug"),
    [
        ("panels", {"stage": "final", "judges": []}, "unknown-stage"),
        ("panels", {"judges": [{"judge": "a", "name": "x"}, {"judge": "a", "name": "y"}]}, "malformed"),
        ("window", {"stage": "final", "mode": "all"}, "unknown-stage"),
        ("window", {"mode": "one", "entry": "e-9"}, "unknown-entry"),
        ("window", {"mode": "one"}, "unknown-entry"),
        ("window", {"mode": "ajar"}, "malformed"),
    ],
)
def test_wrong_panel_or_window_is_refused(
    open_contest: Contest, path: str, body: dict[str, Any], slug: str
) -> None:
    answer = open_contest.send("PUT", f"/boards/weld/{path}", body, by=open_contest.organiser())

    assert problem(answer) == slug


def test_setting_up_needs_an_organiser_of_the_boards_unit(contest: Contest) -> None:
    elsewhere = contest.sign_in("o-2", Grant(Role.ORGANISER, unit="/11/"))

    for path, body in (("scheme", {"data": SCHEME}), ("panels", {"judges": []}), ("window", {"mode": "all"})):
        assert contest.send("PUT", f"/boards/weld/{path}", body, by=elsewhere).status_code == 403
        assert contest.send("PUT", f"/boards/none/{path}", body, by=elsewhere).status_code == 404


def test_windows_are_told_with_the_servers_clock(open_contest: Contest) -> None:
    open_contest.put("/boards/weld/window", {"stage": "practical", "mode": "one", "entry": "e-1", "grace": 5})

    told = open_contest.send("GET", "/boards/weld/window", by=open_contest.judge()).json()

    assert told["server_time"] == "2026-05-01T08:00:00Z"
    assert [(each["stage"], each["mode"], each["entry"]) for each in told["windows"]] == [
        ("", "all", None),
        ("practical", "one", "e-1"),
    ]


def test_desk_has_everything_in_draw_order(open_contest: Contest) -> None:
    open_contest.taken(a_sheet("s-1", "e-2"))
    open_contest.taken(a_sheet("s-2", "e-2"), "j-2")
    open_contest.tell(NumbersDrawn(board=BOARD, numbers={"e-1": 3, "e-2": 1, "e-3": 2}))

    desk = open_contest.send("GET", "/boards/weld/desk", by=open_contest.judge()).json()

    assert [(each["id"], each["name"]) for each in desk["entries"]] == [
        ("e-2", "选手e-2"),
        ("e-3", "选手e-3"),
        ("e-1", "选手e-1"),
    ]
    assert [each["id"] for each in desk["sheets"]] == ["s-1"]
    assert (desk["judge"], desk["scheme"]["version"], desk["windows"][0]["mode"]) == ("j-1", 1, "all")


def test_desk_of_a_blind_board_has_codes_and_no_names(open_contest: Contest) -> None:
    open_contest.tell(BoardChanged(board=a_board(blind=True)))

    answer = open_contest.send("GET", "/boards/weld/desk", by=open_contest.judge())

    assert [each["name"] for each in answer.json()["entries"]] == ["K1", "K2", "K3"]
    assert "选手" not in answer.text
    assert UNIT.name not in answer.text


def test_desk_says_what_is_to_be_marked_again_until_the_panel_agrees(open_contest: Contest) -> None:
    def owed(judge: str) -> list[tuple[int, list[str]]]:
        desk = open_contest.send("GET", "/boards/weld/desk", by=open_contest.judge(judge)).json()
        return [(each["round"], each["paths"]) for each in desk["remarks"]]

    def marks(seam: str) -> dict[str, str]:
        return {"practical.seam": seam, "practical.size": "30"}

    open_contest.taken(a_sheet("a-1", marks=marks(seam="20")))
    alone = owed("j-1")
    open_contest.taken(a_sheet("b-1", marks=marks(seam="45")), "j-2")
    apart = owed("j-1"), owed("j-2")
    open_contest.taken(a_sheet("a-2", base=1, round=2, marks=marks(seam="30")))
    still_apart = owed("j-1"), owed("j-2")
    open_contest.taken(a_sheet("b-2", base=1, round=2, marks=marks(seam="41")), "j-2")
    again = owed("j-1"), owed("j-2")
    open_contest.taken(a_sheet("a-3", base=2, round=3, marks=marks(seam="36")))

    seam = ["practical.seam"]
    assert alone == []
    assert apart == ([(2, seam)], [(2, seam)])
    assert still_apart == ([], [(2, seam)])
    assert again == ([(3, seam)], [(3, seam)])
    assert (owed("j-1"), owed("j-2")) == ([], [])


def test_desk_is_for_judges(open_contest: Contest) -> None:
    assert open_contest.send("GET", "/boards/weld/desk", by=open_contest.organiser()).status_code == 403


def test_ledger_has_every_fact_and_its_chain_holds(open_contest: Contest) -> None:
    mark(open_contest, "e-1", "50", "10")
    auditor = open_contest.sign_in("a-1", Grant(Role.AUDITOR, unit="/44/"))

    answer = open_contest.send("GET", "/boards/weld/ledger.ndjson", by=auditor)

    lines = answer.content.splitlines()
    assert answer.headers["content-type"] == "application/x-ndjson"
    assert [decode_chained(line).type for line in lines[:4]] == ["leitai.board.opened"] + [
        "leitai.entry.registered"
    ] * 3
    heads: dict[str, str] = {}
    for line in lines:
        body, chain = unchained(line)
        topic = "registrations" if lines.index(line) < 4 else "scores"
        heads[topic] = link(heads.get(topic, GENESIS), body)
        assert heads[topic] == chain
    assert len(lines) == 4 + len(open_contest.kinds())


def test_ledger_is_for_auditors_and_organisers(open_contest: Contest) -> None:
    assert open_contest.send("GET", "/boards/weld/ledger.ndjson", by=open_contest.judge()).status_code == 403
    assert (
        open_contest.send("GET", "/boards/none/ledger.ndjson", by=open_contest.organiser()).status_code == 404
    )


def test_repeat_with_an_idempotency_key_gets_the_first_answer(open_contest: Contest) -> None:
    mark(open_contest, "e-1", "50", "10")
    key = {"Idempotency-Key": "k-1"}

    first = open_contest.send("POST", "/boards/weld/publish", {}, by=open_contest.chief(), **key)
    again = open_contest.send("POST", "/boards/weld/publish", {}, by=open_contest.chief(), **key)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert open_contest.kinds().count("results.published") == 1
