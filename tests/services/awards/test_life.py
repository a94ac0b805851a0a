"""A list's life: proposed, made public, objected to, closed, granted; and honours taken back."""

from typing import Any

import pytest

from schemas.events.scores import SheetCorrected
from services.awards.domain import masked
from tests.services.awards.board import AUDITOR, Contest
from tests.streams import boards

OBJECTION = {"entry": "e1", "text": "参赛当日不在册", "name": "赵敏", "contact": "13800001234"}
DAYS = {"begins": "2026-05-01T00:00:00Z", "ends": "2026-05-06T09:00:00Z"}


def proposed(contest: Contest) -> str:
    contest.hold()
    contest.publish()
    id: str = contest.post("/boards/b1/lists", {}, 201)["id"]
    return id


def made_public(contest: Contest) -> str:
    id = proposed(contest)
    contest.post(f"/lists/{id}/publicity", DAYS)
    return id


def closed(contest: Contest, **body: Any) -> str:
    id = made_public(contest)
    contest.wait(days=6)
    contest.post(f"/lists/{id}/publicity/close", body)
    return id


def test_proposed_list_freezes_its_winners(contest: Contest) -> None:
    id = proposed(contest)
    before = contest.file(f"/lists/{id}/export?format=xlsx")
    better = boards.sheet("e5", "ja", 2, theory="100", skill="100")
    contest.tell(SheetCorrected(sheet=better))
    contest.follow()

    seen = contest.get(f"/lists/{id}")
    second = contest.post("/boards/b1/lists", {}, 201)

    assert [(won["entry"], won["title"], won["place"]) for won in seen["winners"]] == [
        ("e1", "一等奖", 1),
        ("e2", "一等奖", 1),
    ]
    assert contest.file(f"/lists/{id}/export?format=xlsx") == before
    assert (second["version"], [won["entry"] for won in second["winners"]]) == (2, ["e5", "e1", "e2"])
    assert second["digest"] != seen["digest"]
    assert [one["version"] for one in contest.get("/boards/b1/lists")["lists"]] == [2, 1]
    [told, _] = contest.told()
    assert (told.kind, [won.entry for won in told.winners]) == ("list.proposed", ["e1", "e2"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("format", ["json", "csv", "xlsx"])
def test_stored_list_exports_what_was_counted(contest: Contest, format: str) -> None:
    id = proposed(contest)

    stored = contest.file(f"/lists/{id}/export?format={format}")

    assert stored == contest.file(f"/boards/b1/list?format={format}")


def test_resent_proposal_with_its_key_makes_one_list(contest: Contest) -> None:
    contest.hold()
    contest.publish()
    headers = contest.organiser | {"Idempotency-Key": "k1"}

    first = contest.post("/boards/b1/lists", {}, 201, headers)

    assert contest.post("/boards/b1/lists", {}, 201, headers) == first
    assert contest.get("/boards/b1/lists")["total"] == 1


def test_list_is_public_only_once_publicity_has_opened(contest: Contest) -> None:
    id = proposed(contest)

    contest.get(f"/public/lists/{id}", 404, {})
    assert contest.get("/public/boards/b1/lists", 200, {})["total"] == 0
    contest.post(f"/lists/{id}/publicity", DAYS)
    seen = contest.get(f"/public/lists/{id}", 200, {})

    assert set(seen) == {
        "id", "board", "title", "version", "state", "state_name", "publicity_from", "publicity_until",
        "document_number", "winners",
    }  # fmt: skip
    assert seen["winners"][0]["name"] == "选手e1"
    assert contest.get("/public/boards/b1/lists", 200, {})["lists"] == [seen]


def test_only_the_newest_list_is_made_public(contest: Contest) -> None:
    id = proposed(contest)
    contest.post("/boards/b1/lists", {}, 201)

    refused = contest.post(f"/lists/{id}/publicity", DAYS, 409)

    assert refused["type"] == "urn:leitai:problem:list-superseded"


@pytest.mark.parametrize(
    "days",
    [
        {"begins": DAYS["ends"], "ends": DAYS["begins"]},
        {"begins": "2026-05-01T00:00:00", "ends": "2026-05-06T09:00:00"},
    ],
)
def test_dates_that_make_no_sense_are_refused(contest: Contest, days: dict[str, str]) -> None:
    id = proposed(contest)

    assert contest.post(f"/lists/{id}/publicity", days, 422)["type"] == "urn:leitai:problem:dates-wrong"


def test_objection_is_taken_from_anybody_and_seals_who_filed_it(contest: Contest) -> None:
    id = made_public(contest)

    filed = contest.post(f"/public/lists/{id}/objections", OBJECTION, 201, {})

    assert set(filed) == {"id", "list", "entry", "filed_at"}
    [line] = contest.get(f"/lists/{id}/objections")["objections"]
    assert (line["name"], line["contact"], line["text"]) == ("赵*", "138****1234", "参赛当日不在册")
    [full] = contest.get(f"/lists/{id}/objections", 200, contest.as_("监督", AUDITOR))["objections"]
    assert (full["name"], full["contact"]) == ("赵敏", "13800001234")
    assert contest.told()[-1].kind == "publicity.objected"
    assert "赵敏".encode() not in contest.bodies()
    assert b"13800001234" not in contest.bodies()


def test_objection_outside_its_days_or_against_no_winner_is_refused(contest: Contest) -> None:
    id = made_public(contest)

    stranger = contest.post(f"/public/lists/{id}/objections", OBJECTION | {"entry": "e5"}, 422, {})
    contest.wait(days=5, hours=1, seconds=1)
    late = contest.post(f"/public/lists/{id}/objections", OBJECTION, 409, {})

    assert stranger["type"] == "urn:leitai:problem:no-such-winner"
    assert late["type"] == "urn:leitai:problem:publicity-over"


def test_list_without_upheld_objections_is_granted(contest: Contest) -> None:
    id = closed(contest)

    granted = contest.post(f"/lists/{id}/grant", {"document_number": "工总〔2026〕7号"})

    assert (granted["state"], granted["document_number"]) == ("granted", "工总〔2026〕7号")
    assert [fact.kind for fact in contest.told()] == [
        "list.proposed", "publicity.opened", "publicity.closed", "honour.granted",
    ]  # fmt: skip


def test_upheld_objection_keeps_the_list_from_being_granted(contest: Contest) -> None:
    id = made_public(contest)
    objection = contest.post(f"/public/lists/{id}/objections", OBJECTION, 201, {})["id"]
    contest.wait(days=6)

    contest.post(f"/lists/{id}/publicity/close", {"upheld": ["nothing"]}, 422)
    contest.post(f"/lists/{id}/publicity/close", {"upheld": [objection]})
    refused = contest.post(f"/lists/{id}/grant", {}, 409)

    assert refused["upheld"] == [objection]


def test_publicity_is_not_closed_before_its_end(contest: Contest) -> None:
    id = made_public(contest)

    refused = contest.post(f"/lists/{id}/publicity/close", {}, 409)

    assert refused["type"] == "urn:leitai:problem:publicity-running"
    contest.post(f"/lists/{id}/grant", {}, 409)


def test_honour_is_revoked_once_with_the_reason(contest: Contest) -> None:
    id = closed(contest)
    contest.post(f"/lists/{id}/grant", {})
    body = {"entry": "e1", "award": "medals.first", "reason": "弄虚作假"}

    revoked = contest.post(f"/lists/{id}/revoke", body)
    contest.post(f"/lists/{id}/revoke", body, 409)
    contest.post(f"/lists/{id}/revoke", body | {"entry": "e5"}, 422)

    assert [(won["entry"], won["revoked"]) for won in revoked["winners"]] == [("e1", True), ("e2", False)]
    assert contest.told()[-1].winner.name == "选手e1"  # type: ignore[attr-defined]


def test_commands_are_for_organisers(contest: Contest) -> None:
    id = proposed(contest)
    auditor = contest.as_("监督", AUDITOR)

    for path, body in (("publicity", DAYS), ("publicity/close", {}), ("grant", {})):
        contest.post(f"/lists/{id}/{path}", body, 403, auditor)
    contest.post("/boards/b1/lists", {}, 403, auditor)
    contest.post("/lists/nothing/grant", {}, 404)
    contest.get(f"/lists/{id}", 200, auditor)


@pytest.mark.parametrize(
    ("name", "shown"),
    [("赵敏", "赵*"), ("欧阳明月", "欧***"), ("13800001234", "138****1234"), ("a@b.cn", "a****n"), ("", "")],
)
def test_masked_name_or_contact(name: str, shown: str) -> None:
    assert masked(name) == shown
