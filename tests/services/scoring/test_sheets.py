"""Sheets from judges: taken once, in order, on the right base."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event

from schemas.events.scores import SheetSubmitted, WindowSet
from schemas.objects import Window
from services.scoring.domain.submission import Submission
from services.scoring.problems import StaleBase, WindowClosed
from services.scoring.service.sheets import Command, SheetTaker, Taken
from tests.services.scoring.contest import BOARD, Contest, a_sheet, problem


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


def test_next_version_replaces_the_one_that_it_names(open_contest: Contest) -> None:
    open_contest.taken(a_sheet())

    second = open_contest.taken(a_sheet("s-2", base=1, marks={"practical.seam": None, "practical.size": "1"}))

    assert (second["version"], second["base"], second["marks"]["practical.seam"]) == (2, 1, None)
    history = open_contest.send("GET", "/sheets/s-1", by=open_contest.judge()).json()
    assert [each["id"] for each in history["history"]] == ["s-1", "s-2"]
    assert history["current"]["id"] == "s-2"


def test_judges_do_not_touch_each_others_sheets(open_contest: Contest) -> None:
    open_contest.taken(a_sheet("s-1"), "j-1")
    open_contest.taken(a_sheet("s-2"), "j-2")

    assert [fact.sheet.version for fact in told(open_contest)] == [1, 1]
    assert open_contest.send("GET", "/sheets/s-1", by=open_contest.judge("j-2")).status_code == 403


def test_two_writers_on_the_same_base_exactly_one_wins(open_contest: Contest) -> None:
    open_contest.taken(a_sheet("s-0"))
    start = threading.Barrier(8)

    def write(n: int) -> int:
        start.wait()
        marks = {"practical.seam": str(n), "practical.size": "1"}
        return open_contest.submit(a_sheet(f"w-{n}", base=1, marks=marks)).status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(write, range(8)))

    assert statuses == [201] + [409] * 7
    assert [fact.sheet.version for fact in told(open_contest)] == [1, 2]


def test_two_processes_on_the_same_base_exactly_one_wins(open_contest: Contest) -> None:
    """Each process remembers boards by itself: only the database can tell them apart."""
    open_contest.taken(a_sheet("s-0"))
    commands = [Command(submission(f"w-{n}", base=1), "j-1") for n in range(6)]
    takers = [SheetTaker(open_contest.runtime.clock) for _ in commands]
    start = threading.Barrier(len(commands))

    def take(n: int) -> object:
        start.wait()
        with open_contest.runtime.database.transaction() as session:
            return takers[n](session, [commands[n]])[0]

    with ThreadPoolExecutor(len(commands)) as pool:
        answers = list(pool.map(take, range(len(commands))))

    assert sum(isinstance(answer, Taken) for answer in answers) == 1
    assert sum(isinstance(answer, StaleBase) for answer in answers) == len(commands) - 1
    assert [fact.sheet.version for fact in told(open_contest)] == [1, 2]


def test_other_process_closed_the_window_and_this_one_knows(open_contest: Contest) -> None:
    open_contest.taken(a_sheet("s-1"))
    closing = WindowSet(window=Window(board=BOARD, stage="", mode="closed"))
    open_contest.tell(closing)

    assert problem(open_contest.submit(a_sheet("s-2", "e-2"))) == "window-closed"


def test_what_a_process_remembers_survives_a_transaction_that_failed(open_contest: Contest) -> None:
    taker = SheetTaker(open_contest.runtime.clock)
    with pytest.raises(ZeroDivisionError), open_contest.runtime.database.transaction() as session:
        taker(session, [Command(submission("lost"), "j-1")])
        _ = 1 / 0
    open_contest.tell(WindowSet(window=Window(board=BOARD, stage="", mode="closed")))

    with open_contest.runtime.database.transaction() as session:
        [answer] = taker(session, [Command(submission("next"), "j-1")])

    assert isinstance(answer, WindowClosed)
    assert told(open_contest) == []


def test_batch_is_answered_one_by_one_in_its_order(open_contest: Contest) -> None:
    sheets = [
        a_sheet("b-1"),
        a_sheet("b-2", base=1),
        a_sheet("b-3", "e-9"),
        a_sheet("b-4", base=2),
        a_sheet("b-1"),
    ]

    answer = open_contest.send("POST", "/sheets/batch", {"sheets": sheets}, by=open_contest.judge())

    items = answer.json()["items"]
    assert [(item["id"], item["status"]) for item in items] == [
        ("b-1", 201),
        ("b-2", 201),
        ("b-3", 404),
        ("b-4", 201),
        ("b-1", 200),
    ]
    assert items[2]["problem"]["type"] == "urn:leitai:problem:unknown-entry"
    assert [fact.sheet.id for fact in told(open_contest)] == ["b-1", "b-2", "b-4"]


def test_batch_longer_than_a_group_keeps_its_order(open_contest: Contest) -> None:
    sheets = [a_sheet(f"b-{n:03}", base=n) for n in range(400)]

    answer = open_contest.send("POST", "/sheets/batch", {"sheets": sheets}, by=open_contest.judge())

    assert {item["status"] for item in answer.json()["items"]} == {201}
    assert [fact.sheet.version for fact in told(open_contest)] == list(range(1, 401))


def test_batch_is_refused_for_a_board_where_one_is_no_judge(open_contest: Contest) -> None:
    sheets = [a_sheet("b-1", board="other"), a_sheet("b-2")]

    answer = open_contest.send("POST", "/sheets/batch", {"sheets": sheets}, by=open_contest.judge())

    assert [item["status"] for item in answer.json()["items"]] == [403, 201]


def test_organiser_sees_all_sheets_by_page_and_a_judge_their_own(open_contest: Contest) -> None:
    for entry in ("e-1", "e-2", "e-3"):
        for judge in ("j-1", "j-2"):
            open_contest.taken(a_sheet(f"{entry}-{judge}", entry), judge)

    first = open_contest.send("GET", "/boards/weld/sheets?limit=4", by=open_contest.organiser()).json()
    rest = open_contest.send("GET", "/boards/weld/sheets?offset=4", by=open_contest.organiser()).json()
    own = open_contest.send("GET", "/boards/weld/sheets?judge=j-2", by=open_contest.judge()).json()
    one = open_contest.send("GET", "/boards/weld/sheets?entry=e-1", by=open_contest.organiser()).json()

    assert (first["total"], len(first["items"]), len(rest["items"])) == (6, 4, 2)
    assert {each["judge"] for each in own["items"]} == {"j-1"}
    assert [each["id"] for each in one["items"]] == ["e-1-j-1", "e-1-j-2"]


def test_list_of_sheets_costs_the_same_queries_at_one_and_at_three(open_contest: Contest) -> None:
    def cost() -> int:
        statements: list[str] = []
        engine = open_contest.runtime.database._reader

        def count(*args: Any) -> None:
            if "scoring_" in args[2]:
                statements.append(args[2])

        event.listen(engine, "before_cursor_execute", count)
        open_contest.send("GET", "/boards/weld/sheets", by=open_contest.organiser())
        event.remove(engine, "before_cursor_execute", count)
        return len(statements)

    open_contest.taken(a_sheet("s-1", "e-1"))
    open_contest.send("GET", "/boards/weld/sheets", by=open_contest.organiser())
    one = cost()
    open_contest.taken(a_sheet("s-2", "e-2"))
    open_contest.taken(a_sheet("s-3", "e-3"))

    assert cost() == one


def submission(id: str, **changes: Any) -> Submission:
    marks = {"practical.seam": Decimal(5), "practical.size": Decimal(6)}
    given: dict[str, Any] = {"board": BOARD, "entry": "e-1", "judge": "j-1", "stage": "practical"}
    return Submission(id=id, marks=marks, **given | changes)


def told(contest: Contest) -> list[SheetSubmitted]:
    return [fact for fact in contest.facts() if isinstance(fact, SheetSubmitted)]
