"""From a unit to a draw over HTTP, and what the log tells of it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from schemas.envelope import decode
from schemas.events.registrations import BoardOpened, EntryRegistered, EntryVerified, NumbersDrawn
from schemas.registry import decode_fact
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Grant, Role
from services.kit.runtime import Runtime
from services.registration.app import create
from tests.services.setup import speaking, token_for


@pytest.fixture
def admin(runtime: Runtime) -> Iterator[TestClient]:
    with speaking(create(runtime), token_for(runtime, Grant(Role.ADMINISTRATOR))) as client:
        client.base_url = client.base_url.join("/api/registration/")
        yield client


def test_main_path_from_unit_to_draw_is_told_to_the_log(admin: TestClient, runtime: Runtime) -> None:
    root = admin.post("units", json={"code": "44", "name": "广东省总工会", "level": "union"}).json()
    plant = admin.post("units", json={"code": "4401", "name": "一厂", "parent": root["id"]}).json()
    campaign = admin.post(
        "campaigns",
        json={"code": "2026", "title": {"zh": "技能大赛"}, "year": 2026, "unit": root["id"]},
    ).json()
    board = admin.post(
        f"campaigns/{campaign['id']}/boards",
        json={"code": "welding", "kind": "contest", "title": {"zh": "焊工", "en": "Welding"}},
    ).json()
    for name in ("王芳", "李强", "张伟"):
        made = admin.post(
            f"boards/{board['id']}/entries", json={"name": name, "unit": plant["id"], "verified": True}
        )
        assert made.status_code == 201, made.text
    drawn = admin.post(f"boards/{board['id']}/draw", json={})
    listed = admin.get(f"boards/{board['id']}/start-list").json()

    assert drawn.status_code == 201
    assert sorted(drawn.json()["numbers"].values()) == [1, 2, 3]
    assert [line["number"] for line in listed["items"]] == [1, 2, 3]
    with runtime.database.reading() as session:
        facts = [
            decode_fact(decode(event.body))
            for event in log.read_board(session, board["id"], Topic.REGISTRATIONS)
        ]
    assert [type(fact) for fact in facts] == [BoardOpened, *[EntryRegistered] * 3, NumbersDrawn]
    assert EntryVerified not in map(type, facts)
