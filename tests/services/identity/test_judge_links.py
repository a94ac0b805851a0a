"""Judge links: one device, revocable, made by those who have power over the board."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from schemas.events.registrations import BoardOpened
from schemas.objects import Board, Named, UnitRef
from services.identity.app import create
from services.kit import log
from services.kit.access import Grant, PrincipalCache, Role
from services.kit.clock import utc_now
from services.kit.runtime import Runtime
from tests.services.setup import speaking, token_for

TABLET, OTHER = "tablet-0001", "tablet-0002"


@pytest.fixture
def client(runtime: Runtime) -> Iterator[TestClient]:
    for board, unit in (("b1", "/a/"), ("b2", "/a/"), ("b9", "/z/")):
        open_board(runtime, board, unit)
    with speaking(create(runtime), token_for(runtime, Grant(Role.ORGANISER, unit="/a/"))) as client:
        client.base_url = client.base_url.join("/api/identity/")
        yield client


def open_board(runtime: Runtime, board: str, unit: str) -> None:
    title = Named(zh="焊工", en="Welding")
    opened = Board(
        id=board,
        code=board,
        campaign="c",
        campaign_title=title,
        kind="contest",
        title=title,
        unit=UnitRef(id=unit.strip("/"), name="一厂", path=unit),
    )
    with runtime.database.transaction() as session:
        fact = BoardOpened(board=opened)
        log.append(session, fact, board=board, source="test", actor="", time=utc_now())


def make(client: TestClient, board: str = "b1", judge: str = "j-1", **more: object) -> Response:
    return client.post("judge-links", json={"board": board, "judge": judge, "name": "陈裁判"} | more)


def exchange(client: TestClient, made: Response, device: str = TABLET) -> Response:
    token = made.json()["url"].split("#", 1)[1]
    answer = client.post("judge-links/exchange", json={"token": token, "device": device})
    client.cookies.clear()
    return answer


def me(runtime: Runtime, token: str) -> Response:
    with speaking(create(replace(runtime, principals=PrincipalCache())), token) as fresh:
        return fresh.get("/api/identity/me")


def test_link_becomes_a_session_of_the_judge_on_the_device(client: TestClient, runtime: Runtime) -> None:
    made = make(client)

    opened = exchange(client, made)

    assert opened.status_code == 201
    seen = me(runtime, opened.json()["token"]).json()
    assert (seen["account"], seen["name"]) == ("j-1", "陈裁判")
    assert seen["device"] == opened.json()["device"]
    assert seen["grants"] == [{"role": "judge", "unit": "", "board": "b1", "judge": "j-1"}]


def test_link_works_again_on_its_device_and_nowhere_else(client: TestClient, runtime: Runtime) -> None:
    made = make(client)
    first = exchange(client, made)

    elsewhere = exchange(client, made, OTHER)
    again = exchange(client, made)

    assert (elsewhere.status_code, elsewhere.json()["state"]) == (409, "elsewhere")
    assert again.status_code == 201
    assert me(runtime, first.json()["token"]).status_code == 401
    assert me(runtime, again.json()["token"]).status_code == 200


def test_links_of_two_boards_on_one_device_join_in_one_session(client: TestClient) -> None:
    exchange(client, make(client, "b1"))

    both = exchange(client, make(client, "b2")).json()

    assert sorted(grant["board"] for grant in both["grants"]) == ["b1", "b2"]


def test_same_judge_id_on_another_device_gains_nothing(client: TestClient) -> None:
    exchange(client, make(client, "b1"))

    other = exchange(client, make(client, "b2"), OTHER).json()

    assert [grant["board"] for grant in other["grants"]] == ["b2"]


def test_what_is_shown_of_a_device_does_not_join_its_sessions(client: TestClient) -> None:
    opened = exchange(client, make(client, "b1")).json()
    [listed] = client.get("judge-links", params={"board": "b1"}).json()["items"]

    borrowed = exchange(client, make(client, "b2"), listed["device"]).json()

    assert TABLET not in (opened["device"], listed["device"])
    assert [grant["board"] for grant in borrowed["grants"]] == ["b2"]


def test_revoked_link_ends_its_session(client: TestClient, runtime: Runtime) -> None:
    made = make(client)
    opened = exchange(client, made)

    revoked = client.delete(f"judge-links/{made.json()['id']}")

    assert revoked.status_code == 204
    assert me(runtime, opened.json()["token"]).status_code == 401
    assert exchange(client, made).json()["state"] == "revoked"


def test_expired_link_is_refused(client: TestClient, runtime: Runtime) -> None:
    made = make(client, hours=1)
    tomorrow = replace(runtime, clock=lambda: utc_now() + timedelta(hours=2))

    with speaking(create(tomorrow)) as later:
        later.base_url = client.base_url
        refused = exchange(later, made)

    assert (refused.status_code, refused.json()["state"]) == (409, "expired")


def test_unknown_secret_is_not_found(client: TestClient) -> None:
    answer = client.post("judge-links/exchange", json={"token": "guess", "device": TABLET})

    assert answer.status_code == 404


def test_links_are_listed_with_state_and_last_use_but_no_secret(client: TestClient) -> None:
    exchange(client, make(client))
    unused = make(client, judge="j-2")

    listed = client.get("judge-links", params={"board": "b1"})

    items = {item["judge"]: item for item in listed.json()["items"]}
    assert listed.json()["total"] == 2
    assert (items["j-1"]["state"], items["j-2"]["state"]) == ("in_use", "open")
    assert items["j-1"]["last_used_at"]
    assert items["j-2"]["last_used_at"] is None
    assert unused.json()["url"].split("#")[1] not in listed.text


def test_use_is_noted(client: TestClient, runtime: Runtime) -> None:
    token = exchange(client, make(client)).json()["token"]
    before = client.get("judge-links", params={"board": "b1"}).json()["items"][0]["last_used_at"]

    noted = client.post("sessions/current/use", headers={"Authorization": f"Bearer {token}"})

    after = client.get("judge-links", params={"board": "b1"}).json()["items"][0]["last_used_at"]
    assert noted.status_code == 204
    assert after > before


def test_device_says_how_it_is_and_the_link_shows_it(client: TestClient, runtime: Runtime) -> None:
    token = exchange(client, make(client)).json()["token"]
    as_tablet = {"Authorization": f"Bearer {token}"}
    told = {"unsent": 3, "refused": 1, "battery": 41, "charging": False, "clock_ahead_ms": -2100}

    noted = client.post("sessions/current/use", headers=as_tablet, json=told)
    silent = client.post("sessions/current/use", headers=as_tablet)
    wrong = client.post("sessions/current/use", headers=as_tablet, json={"battery": 101})

    link = client.get("judge-links", params={"board": "b1"}).json()["items"][0]
    assert [each.status_code for each in (noted, silent, wrong)] == [204, 204, 422]
    assert link["device_state"] == told | {"works_offline": None}


def test_links_need_power_over_the_board(client: TestClient, runtime: Runtime) -> None:
    chief = token_for(runtime, Grant(Role.CHIEF_JUDGE, board="b1", judge="c"))
    judge = token_for(runtime, Grant(Role.JUDGE, board="b1", judge="j"))

    assert make(client, "b9").status_code == 403
    assert make(client, "nowhere").status_code == 404
    client.headers["Authorization"] = f"Bearer {chief}"
    assert make(client, "b1").status_code == 201
    assert make(client, "b2").status_code == 403
    assert make(client, "b1", role="chief_judge").status_code == 403
    client.headers["Authorization"] = f"Bearer {judge}"
    assert make(client, "b1").status_code == 403
    assert client.get("judge-links", params={"board": "b1"}).status_code == 403


def test_judge_cannot_borrow_the_id_of_an_account(client: TestClient, runtime: Runtime) -> None:
    admin = {"Authorization": f"Bearer {token_for(runtime, Grant(Role.ADMINISTRATOR))}"}
    account = client.post("accounts", headers=admin, json={"login": "wang", "name": "王"}).json()["account"]

    assert make(client, judge=account["id"]).status_code == 403


def test_link_exchanged_on_several_devices_at_once_serves_one(client: TestClient) -> None:
    made = make(client)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda n: exchange(client, made, f"tablet-000{n}"), range(6)))

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 5
