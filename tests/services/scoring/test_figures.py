"""Figures of a whole board by spreadsheet: out with what stands, in with every fault by its cell."""

import io
from typing import Any

import pytest
import xlsxwriter
from python_calamine import load_workbook

from schemas.events.registrations import EntryRegistered
from schemas.events.scores import IndicatorReported, SheetSubmitted
from schemas.objects import UnitRef
from services.kit.access import Grant, Role
from tests.services.scoring.contest import Contest, an_entry, problem

THEORY = {
    "kind": "imported",
    "id": "theory",
    "title": {"zh": "理论", "en": "theory"},
    "scale": {"max": "100"},
}
PLAN = {"kind": "indicator", "id": "plan", "title": {"zh": "进度", "en": "progress"}, "scale": {"max": "200"}}
SITE = {"kind": "bonus", "id": "site", "title": {"zh": "先锋号工地", "en": "site"}, "scale": {"yes_no": True}}
PERIOD = {
    "kind": "group",
    "id": "period",
    "title": {"zh": "季度", "en": "quarter"},
    "attempts": {"count": 4, "function": "sum"},
    "children": [PLAN, SITE],
}
SCHEME: dict[str, Any] = {"id": "league", "root": {"kind": "group", "children": [THEORY, PERIOD]}}


@pytest.fixture
def league(contest: Contest) -> Contest:
    other = UnitRef(id="t-2", name="二车间", path="/44/t-2/")
    contest.tell(EntryRegistered(entry=an_entry("e-4", unit=other, number=4, name="选手e-3")))
    contest.set_up(scheme=SCHEME)
    return contest


def book(*rows: tuple[Any, ...]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


def send(league: Contest, content: bytes, source: str = "checker", by: str = "", **query: Any) -> Any:
    return league.client.post(
        f"/api/scoring/boards/weld/figures/{source}",
        params={"dry_run": "false"} | query,
        files={"file": ("figures.xlsx", content)},
        headers={"Authorization": f"Bearer {by or league.organiser()}"},
    )


def told(league: Contest) -> list[tuple[str, str, int, dict[str, str]]]:
    return [
        (sheet.entry, sheet.judge, sheet.attempt, {path: str(mark) for path, mark in sheet.marks.items()})
        for fact in league.facts()
        if isinstance(fact, IndicatorReported | SheetSubmitted)
        for sheet in [fact.sheet]
    ]


def test_table_of_a_period_is_taken_whole_and_again_changes_nothing(league: Contest) -> None:
    table = book(
        ("姓名或名称", "进度", "先锋号工地"), ("选手e-1", 98.5, "是"), ("选手e-2", "1,00", ""), ("", "", "")
    )

    tried = send(league, table, period=2, dry_run="true")
    first = send(league, table, period=2)
    again = send(league, table, period=2)

    assert tried.json() == {"rows": 2, "changed": 2, "dry_run": True}
    assert first.json() == {"rows": 2, "changed": 2, "dry_run": False}
    assert again.json() == {"rows": 2, "changed": 0, "dry_run": False}
    assert told(league) == [
        ("e-1", "checker", 2, {"period.plan": "98.5", "period.site": "1"}),
        ("e-2", "checker", 2, {"period.plan": "100"}),
    ]


def test_given_out_table_comes_back_unchanged_and_an_emptied_cell_takes_back(league: Contest) -> None:
    send(league, book(("姓名或名称", "进度", "先锋号工地"), ("选手e-1", 98.5, 1)))
    out = league.send("GET", "/boards/weld/figures/checker", by=league.organiser())
    assert out.status_code == 200
    rows = load_workbook(io.BytesIO(out.content)).get_sheet_by_index(0).to_python()

    assert rows[0] == ["序号", "姓名或名称", "单位", "进度", "先锋号工地"]
    assert rows[1] == [1.0, "选手e-1", "广东省总工会", 98.5, 1.0]
    assert send(league, out.content).json()["changed"] == 0
    rows[1][4] = ""
    assert send(league, book(*map(tuple, rows))).json()["changed"] == 1
    assert told(league)[-1] == ("e-1", "checker", 1, {"period.plan": "98.5"})


def test_every_fault_is_told_by_its_cell_and_nothing_is_written(league: Contest) -> None:
    table = book(
        ("姓名或名称", "单位", "进度"),
        ("选手e-1", "", "很好"),
        ("没有这人", "", 5),
        ("选手e-3", "", 6),
        ("选手e-2", "", 7),
        ("选手e-2", "", 8),
    )
    refused = send(league, table)
    beyond = send(league, book(("name", "进度"), ("选手e-1", 50), ("选手e-2", 201)))

    assert (refused.status_code, problem(refused)) == (422, "figures-refused")
    assert [each["field"] for each in refused.json()["errors"]] == [
        "row 2, column 进度",
        "row 3, column 姓名或名称",
        "row 4, column 姓名或名称",
        "row 6, column 姓名或名称",
    ]
    assert [(each["field"], each["value"]) for each in beyond.json()["errors"]] == [
        ("row 3, column 进度", "201")
    ]
    assert told(league) == []


def test_entries_of_one_name_are_told_apart_by_unit_or_number(league: Contest) -> None:
    by_unit = send(league, book(("姓名", "单位", "进度"), ("选手e-3", "二车间", 5)))
    by_number = send(league, book(("序号", "姓名", "进度"), (3, "选手e-3", 6)))
    at_odds = send(league, book(("序号", "姓名", "进度"), (1, "选手e-2", 6)))

    assert (by_unit.status_code, by_number.status_code, at_odds.status_code) == (200, 200, 422)
    assert [entry for entry, *_ in told(league)] == ["e-4", "e-3"]


def test_theory_results_come_the_same_way_whoever_is_on_the_panel(contest: Contest) -> None:
    contest.set_up(scheme=SCHEME)

    assert send(contest, book(("姓名", "理论"), ("选手e-1", 88)), "exam").status_code == 200
    assert told(contest) == [("e-1", "exam", 1, {"theory": "88"})]


def test_only_those_who_run_the_board_send_a_table(league: Contest) -> None:
    table = book(("姓名", "进度"), ("选手e-1", 5))
    reporter = league.sign_in("r-1", Grant(Role.CONTESTANT, unit="/44/"))

    assert send(league, table, "self", by=reporter).status_code == 403
    assert send(league, table, "self", by=league.chief()).status_code == 403
    assert send(league, table, "exam", by=league.chief()).status_code == 403
    assert send(league, table, "checker", by=league.chief()).status_code == 200
    assert league.send("GET", "/boards/weld/figures/self", by=reporter).status_code == 403


def test_closed_window_is_said_as_such(league: Contest) -> None:
    league.put("/boards/weld/window", {"mode": "closed"})

    assert problem(send(league, book(("姓名", "进度"), ("选手e-1", 5)))) == "window-closed"


def test_unknown_column_and_missing_names_are_refused(league: Contest) -> None:
    refused = send(league, book(("谁", "进展"), ("选手e-1", 5)))

    assert [each["rule"] for each in refused.json()["errors"]] == [
        "unknown_column",
        "unknown_column",
        "missing_column",
    ]
