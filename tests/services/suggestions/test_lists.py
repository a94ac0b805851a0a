"""Lists, answer deadlines, and who may see whose proposal it is."""

from typing import Any

import pytest
from sqlalchemy import event, text

from services.kit.access import Grant, Role
from tests.services.suggestions.drive import DRAFT, Drive


def titles(page: dict[str, Any]) -> list[str]:
    return [proposal["title"] for proposal in page["proposals"]]


def test_list_is_searched_filtered_and_paged(drive: Drive) -> None:
    other = {"id": "w2", "name": "二车间", "path": "/c/w2/"}
    drive.hand_in("王芳", title="夹具 100%")
    drive.wait(minutes=1)
    drive.hand_in("李强", title="水循环", external_id="B-12")
    drive.wait(minutes=1)
    path = "/api/suggestions/boards/drive/proposals"
    body = DRAFT | {"title": "护栏", "kind": "hazard", "unit": other, "authors": [{"name": "赵敏"}]}
    drive.client.post(path, json=body, headers=drive.organiser)

    def found(query: str) -> list[str]:
        return titles(drive.get(f"/boards/drive/proposals?{query}"))

    assert found("") == ["护栏", "水循环", "夹具 100%"]
    assert found("limit=1&offset=1") == ["水循环"]
    assert found("q=100%25") == ["夹具 100%"]
    assert found("q=%25") == ["夹具 100%"]
    assert found("q=b-12") == ["水循环"]
    assert found("q=王芳") == ["夹具 100%"]
    assert found("unit=/c/w2/") == ["护栏"]
    assert found("kind=hazard") == ["护栏"]
    assert found("stage=screened") == []
    assert drive.get("/boards/drive/proposals?limit=1")["total"] == 3


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "offset=-1", "stage=x", "q=%00"])
def test_list_refuses_a_query_that_makes_no_sense(drive: Drive, query: str) -> None:
    answer = drive.client.get(f"/api/suggestions/boards/drive/proposals?{query}", headers=drive.organiser)

    assert answer.status_code == 422


def test_list_takes_as_many_queries_for_three_as_for_one(drive: Drive) -> None:
    asked: list[str] = []
    engine = drive.runtime.database._reader
    drive.hand_in("王芳")
    drive.get("/boards/drive/proposals")  # the session is known now

    event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    drive.get("/boards/drive/proposals")
    for_one = len(asked)
    drive.hand_in("李强")
    drive.hand_in("赵敏")
    asked.clear()
    drive.get("/boards/drive/proposals")

    assert len(asked) == for_one


def test_answers_are_due_in_20_days_and_for_hazards_in_24_hours(drive: Drive) -> None:
    drive.hand_in("王芳", title="建议")
    hazard = drive.hand_in("王芳", title="隐患", kind="hazard")["id"]

    drive.wait(hours=24)
    assert titles(drive.get("/boards/drive/proposals?overdue=true")) == []
    drive.wait(seconds=1)
    assert titles(drive.get("/boards/drive/proposals?overdue=true")) == ["隐患"]
    drive.post(hazard, "screen")
    drive.wait(days=19)
    late = drive.get("/boards/drive/proposals?overdue=true")

    assert titles(late) == ["建议"]
    assert late["proposals"][0]["overdue"] is True


def test_drive_sets_its_own_deadline_and_border(drive: Drive) -> None:
    rules = {"answer_days": 7, "hazard_hours": 48, "upper_inclusive": True}
    drive.client.put("/api/suggestions/boards/drive/rules", json=rules, headers=drive.organiser)

    proposal = drive.hand_in("王芳")

    assert drive.get("/boards/drive/rules") == rules
    assert proposal["answer_due_at"].startswith("2026-05-08T08:00")
    refused = drive.client.put(
        "/api/suggestions/boards/drive/rules", json=rules, headers=drive.worker("王芳")
    )
    assert refused.status_code == 403


def test_anonymous_reporter_is_named_nowhere(drive: Drive) -> None:
    body = DRAFT | {"kind": "hazard", "anonymous": True}
    headers = drive.worker("王芳佚名") | {"Idempotency-Key": "k1"}
    answer = drive.client.post("/api/suggestions/boards/drive/proposals", json=body, headers=headers)
    id = answer.json()["id"]

    seen = drive.get(f"/proposals/{id}")

    assert (seen["authors"], seen["mine"], seen["anonymous"]) == ([], False, True)
    assert drive.get("/boards/drive/proposals?q=王芳佚名")["total"] == 0
    assert "王芳佚名".encode() not in drive.bodies()
    assert b'"actor":"anonymous"' in drive.bodies()
    with drive.runtime.database.reading() as session:
        prefix = "" if drive.runtime.database.is_sqlite else "suggestions."
        kit = "" if drive.runtime.database.is_sqlite else "kit."
        for table in (f"{prefix}proposals", f"{prefix}proposal_authors", f"{prefix}proposal_steps"):
            assert "王芳佚名" not in str(session.execute(text(f"SELECT * FROM {table}")).all())
        keys = session.execute(text(f"SELECT * FROM {kit}idempotency_keys")).all()
        assert "王芳佚名" not in str([column if isinstance(column, str) else bytes(column).decode()
                                  for row in keys for column in row[:3]])  # fmt: skip


def test_anonymous_reporter_finds_the_report_again(drive: Drive) -> None:
    id = drive.hand_in("王芳", kind="hazard", anonymous=True)["id"]

    assert drive.get(f"/proposals/{id}", drive.worker("王芳"))["mine"] is True


def test_blind_drive_hides_authors_and_units_from_judges(drive: Drive) -> None:
    path = "/api/suggestions/boards/blind/proposals"
    drive.client.post(path, json=DRAFT, headers=drive.worker("王芳"))
    judge = drive.as_("评委", Grant(Role.JUDGE, board="blind", judge="j-1"))

    [seen] = drive.get("/boards/blind/proposals?q=夹具", judge)["proposals"]

    assert (seen["authors"], seen["unit"], seen["mine"]) == ([], None, False)
    assert drive.get("/boards/blind/proposals?q=王芳", judge)["total"] == 0
    assert drive.get("/boards/blind/proposals")["proposals"][0]["authors"] == ["王芳"]


def test_strangers_and_the_unknown_read_nothing(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]
    stranger = drive.as_("外人", Grant(Role.CONTESTANT, unit="/x/"))

    def status(path: str, headers: dict[str, str]) -> int:
        return drive.client.get(f"/api/suggestions{path}", headers=headers).status_code

    assert status(f"/proposals/{id}", {}) == 401
    assert status(f"/proposals/{id}", stranger) == 403
    assert status("/boards/drive/proposals", stranger) == 403
    assert status("/proposals/nothing", stranger) == 404


def test_steps_and_problems_speak_english_when_asked(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]

    seen = drive.get(f"/proposals/{id}", drive.organiser | {"Accept-Language": "en"})

    assert seen["stage_name"] == "submitted"
