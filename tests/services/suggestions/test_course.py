"""From hand-in to verified benefit, closed hazard or refusal."""

from typing import Any

import pytest

from tests.services.suggestions.drive import DRAFT, Drive


def test_proposal_goes_from_hand_in_to_graded_benefit(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]

    drive.post(id, "screen")
    drive.mark(id)
    drive.post(id, "review")
    drive.post(id, "adopt", reason="可推广")
    drive.post(id, "implement")
    verified = drive.post(id, "verify", benefit="126000.50")

    assert verified["stage"] == "verified"
    assert verified["benefit"] == "126000.50"
    assert verified["grade"] == {"grade": 3, "bonus_from": "500", "bonus_to": "1500", "honour": "奖状"}
    assert [step["action"] for step in verified["steps"]] == [
        "submit", "screen", "review", "adopt", "implement", "verify",
    ]  # fmt: skip
    assert [kind for kind, _ in drive.told()] == [
        "proposal.submitted", "proposal.screened", "proposal.reviewed", "proposal.adopted",
        "proposal.implemented", "proposal.verified",
    ]  # fmt: skip
    assert drive.told()[-1][1].authors == ("王芳",)


def test_a_worker_deep_in_the_tree_hands_in_and_is_found_by_unit(drive: Drive) -> None:
    path = "/c/w1/" + "".join(f"{level:036d}/" for level in range(8)) + "deep/"

    id = drive.hand_in("王芳", unit={"id": "deep", "name": "三班", "path": path})["id"]
    found = drive.client.get(
        f"/api/suggestions/boards/{drive.board}/proposals", params={"unit": path}, headers=drive.organiser
    )

    assert [each["id"] for each in found.json()["proposals"]] == [id]


def test_facts_carry_versions_that_grow_by_one(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]

    drive.post(id, "screen")
    voted = drive.post(id, "votes", drive.worker("李强"), 201)

    assert voted["version"] == 3
    assert b'"entityversion":1' in drive.bodies()
    assert b'"entityversion":3' in drive.bodies()


def test_review_without_a_mark_is_refused_with_the_way_out(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]
    drive.post(id, "screen")

    refused = drive.post(id, "review", status=409)

    assert refused["type"] == "urn:leitai:problem:not-marked"
    assert "打分" in refused["way_out"]


def test_five_small_is_verified_without_being_implemented(drive: Drive) -> None:
    id = drive.hand_in("王芳", kind="five_small")["id"]
    drive.post(id, "screen")
    drive.mark(id)
    drive.post(id, "review")
    drive.post(id, "adopt")

    refused = drive.post(id, "implement", status=409)
    verified = drive.post(id, "verify", benefit="9999.99")

    assert refused["possible"] == ["verify"]
    assert verified["grade"]["grade"] == 5


def test_hazard_is_screened_and_closed_and_never_reviewed(drive: Drive) -> None:
    id = drive.hand_in("王芳", kind="hazard", measure="", effect="")["id"]
    drive.post(id, "screen", reason="限期三天整改")

    refused = drive.post(id, "review", status=409)
    closed = drive.post(id, "close", reason="护栏已加高")

    assert refused["stage"] == "screened"
    assert closed["stage"] == "closed"
    assert [kind for kind, _ in drive.told()] == ["hazard.reported", "proposal.screened", "hazard.closed"]


def test_declined_tells_the_reason_and_ends(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]

    without = drive.post(id, "decline", status=422)
    declined = drive.post(id, "decline", reason="已有同样装置")
    again = drive.post(id, "screen", status=409)

    assert without["errors"][0]["field"] == "/body/reason"
    assert declined["reason"] == "已有同样装置"
    assert again["detail"] == "现阶段为“未采纳”，不能受理"


@pytest.mark.parametrize("missing", ["present", "measure", "effect"])
def test_hand_in_without_a_part_that_grading_needs_is_refused(drive: Drive, missing: str) -> None:
    answer = drive.client.post(
        "/api/suggestions/boards/drive/proposals", json=DRAFT | {missing: " "}, headers=drive.worker("王芳")
    )

    assert answer.status_code == 422
    assert [error["field"] for error in answer.json()["errors"]] == [f"/body/{missing}"]
    assert answer.json()["errors"][0]["way_out"]
    assert drive.told() == []


@pytest.mark.parametrize(
    ("changes", "status", "slug"),
    [
        ({"unit": {"id": "x", "name": "外单位", "path": "/x/"}}, 403, "forbidden"),
        ({"anonymous": True}, 422, "not-anonymous"),
        ({"title": "a\x00b"}, 422, "malformed"),
        ({"title": ""}, 422, "malformed"),
        ({"kind": "wish"}, 422, "malformed"),
        ({"unit": {"id": "w2", "name": "一车间", "path": "/c/w1/"}}, 422, "unit-outside-board"),
    ],
)
def test_hand_in_is_refused(drive: Drive, changes: dict[str, Any], status: int, slug: str) -> None:
    answer = drive.client.post(
        "/api/suggestions/boards/drive/proposals", json=DRAFT | changes, headers=drive.worker("王芳")
    )

    assert (answer.status_code, answer.json()["type"]) == (status, f"urn:leitai:problem:{slug}")


@pytest.mark.parametrize(("board", "status"), [("contest", 409), ("nowhere", 404), ("%00", 422)])
def test_only_a_drive_takes_proposals(drive: Drive, board: str, status: int) -> None:
    answer = drive.client.post(
        f"/api/suggestions/boards/{board}/proposals", json=DRAFT, headers=drive.worker("王芳")
    )

    assert answer.status_code == status


def test_lone_surrogate_is_refused_and_the_refusal_can_be_read(drive: Drive) -> None:
    raw = b'{"title":"\\ud800","unit":{"id":"w1","name":"x","path":"/c/w1/"},"\\udfff":1}'

    answer = drive.client.post(
        "/api/suggestions/boards/drive/proposals",
        content=raw,
        headers=drive.worker("王芳") | {"Content-Type": "application/json"},
    )

    assert answer.status_code == 422


def test_organiser_hands_in_for_named_authors_only(drive: Drive) -> None:
    path = "/api/suggestions/boards/drive/proposals"

    unnamed = drive.client.post(path, json=DRAFT, headers=drive.organiser)
    named = drive.client.post(
        path, json=DRAFT | {"authors": [{"name": "赵敏"}, {"name": "王芳"}]}, headers=drive.organiser
    )

    assert unnamed.status_code == 422
    assert named.json()["authors"] == ["赵敏", "王芳"]


def test_number_of_the_organiser_is_taken_once(drive: Drive) -> None:
    drive.hand_in("王芳", external_id="A-7")

    answer = drive.client.post(
        "/api/suggestions/boards/drive/proposals",
        json=DRAFT | {"external_id": "A-7"},
        headers=drive.worker("李强"),
    )

    assert answer.json()["type"] == "urn:leitai:problem:external-id-taken"
    assert len(drive.told()) == 1


def test_resent_hand_in_with_its_key_makes_one_proposal(drive: Drive) -> None:
    headers = drive.worker("王芳") | {"Idempotency-Key": "k1"}

    first = drive.client.post("/api/suggestions/boards/drive/proposals", json=DRAFT, headers=headers)
    second = drive.client.post("/api/suggestions/boards/drive/proposals", json=DRAFT, headers=headers)

    assert first.json() == second.json()
    assert len(drive.told()) == 1


def test_worker_may_not_decide(drive: Drive) -> None:
    id = drive.hand_in("王芳")["id"]

    refused = drive.post(id, "screen", drive.worker("李强"), status=403)

    assert refused["roles"] == ["organiser"]


@pytest.mark.parametrize("benefit", ["-1", "1e30", "12.345", "NaN", 1.5, "x"])
def test_benefit_that_is_no_sum_of_money_is_refused(drive: Drive, benefit: Any) -> None:
    id = drive.hand_in("王芳")["id"]

    refused = drive.post(id, "verify", status=422, benefit=benefit)

    assert refused["errors"][0]["field"] == "/body/benefit"
