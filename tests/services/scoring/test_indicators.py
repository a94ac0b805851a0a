"""Indicators of a league: reported by the unit, checked beside it, period by period."""

from typing import Any

import pytest

from schemas.events.registrations import EntryRegistered
from schemas.events.scores import IndicatorReported
from schemas.objects import UnitRef
from services.kit.access import Grant, Role
from tests.services.scoring.contest import Contest, an_entry, problem

TEAM = UnitRef(id="t-1", name="一车间", path="/44/t-1/")
SCHEME: dict[str, Any] = {
    "id": "league",
    "root": {
        "kind": "group",
        "children": [
            {
                "kind": "group",
                "id": "period",
                "attempts": {"count": 4, "function": "sum"},
                "children": [{"kind": "indicator", "id": "plan", "scale": {"max": "200"}}],
            }
        ],
    },
}


@pytest.fixture
def league(contest: Contest) -> Contest:
    contest.tell(EntryRegistered(entry=an_entry("team", unit=TEAM, kind="team", number=9)))
    contest.set_up(scheme=SCHEME)
    return contest


def report(league: Contest, by: str, **changes: Any) -> Any:
    body = {"id": "i-1", "entry": "team", "period": 1, "marks": {"period.plan": "98.5"}} | changes
    return league.send("POST", "/boards/weld/indicators", body, by=by)


def test_units_own_reporter_reports_and_an_inspector_checks(league: Contest) -> None:
    reporter = league.sign_in("r-1", Grant(Role.CONTESTANT, unit="/44/t-1/"))

    own = report(league, reporter)
    again = report(league, reporter)
    checked = report(league, league.organiser(), id="i-2", source="checker", marks={"period.plan": "97"})

    assert (own.status_code, again.status_code, checked.status_code) == (201, 200, 201)
    facts = [fact.sheet for fact in league.facts() if isinstance(fact, IndicatorReported)]
    assert [(sheet.judge, sheet.attempt, sheet.source) for sheet in facts] == [
        ("self", 1, "self"),
        ("checker", 1, "checker"),
    ]


def test_reporter_sees_what_their_unit_reported_and_nothing_else(league: Contest) -> None:
    reporter = league.sign_in("r-1", Grant(Role.CONTESTANT, unit="/44/t-1/"))
    report(league, reporter)
    report(league, league.organiser(), id="i-2", source="checker", marks={"period.plan": "97"})

    own = league.send("GET", "/boards/weld/sheets?entry=team", by=reporter)
    others = league.send("GET", "/boards/weld/sheets?entry=e-1", by=reporter)
    every = league.send("GET", "/boards/weld/sheets", by=reporter)

    assert [(sheet["judge"], sheet["marks"]) for sheet in own.json()["items"]] == [
        ("self", {"period.plan": "98.5"})
    ]
    assert (others.status_code, every.status_code) == (403, 403)


def test_reporter_of_another_unit_is_refused(league: Contest) -> None:
    elsewhere = league.sign_in("r-2", Grant(Role.CONTESTANT, unit="/44/t-2/"))

    assert report(league, elsewhere).status_code == 403
    assert report(league, elsewhere, source="checker").status_code == 403


def test_unit_may_not_check_itself(league: Contest) -> None:
    reporter = league.sign_in("r-1", Grant(Role.ORGANISER, unit="/44/t-1/"))

    assert report(league, reporter).status_code == 201
    assert report(league, reporter, id="i-2", source="checker").status_code == 403


def test_period_beyond_the_scheme_is_refused(league: Contest) -> None:
    assert problem(report(league, league.organiser(), period=5)) == "attempt-beyond-count"


def test_closed_window_takes_no_report(league: Contest) -> None:
    league.put("/boards/weld/window", {"mode": "closed"})

    assert problem(report(league, league.organiser())) == "window-closed"


def test_unknown_entry_is_refused(league: Contest) -> None:
    assert problem(report(league, league.organiser(), entry="none")) == "unknown-entry"
