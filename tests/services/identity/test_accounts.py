"""Accounts and roles: who may give what to whom."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from services.identity.app import create
from services.identity.domain import may_give
from services.kit.access import Grant, Principal, Role
from services.kit.runtime import Runtime
from tests.services.setup import speaking, token_for

PASSWORD = "rain on the roof 7"


@pytest.fixture
def client(runtime: Runtime) -> Iterator[TestClient]:
    with speaking(create(runtime), token_for(runtime, Grant(Role.ADMINISTRATOR))) as client:
        client.base_url = client.base_url.join("/api/identity/")
        yield client


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def make(client: TestClient, login: str, unit: str = "/", *grants: dict[str, str]) -> Response:
    body = {"login": login, "name": login, "unit": unit, "grants": grants, "password": PASSWORD}
    return client.post("accounts", json=body)


def token_of(client: TestClient, login: str) -> str:
    answer = client.post("sessions", json={"account": login, "password": PASSWORD})
    client.cookies.clear()
    token: str = answer.json()["token"]
    return token


def eventually(client: TestClient, token: str, status: int) -> int:
    """The status of GET /accounts once it is `status`, or the last one seen: sessions are cached a second."""
    deadline = time.monotonic() + 30
    while True:
        got = client.get("accounts", headers=bearer(token)).status_code
        if got == status or time.monotonic() > deadline:
            return got
        time.sleep(0.1)


def test_login_taken_tells_the_account_that_has_it(client: TestClient) -> None:
    first = make(client, "wang").json()["account"]

    again = make(client, "WANG")

    assert again.status_code == 409
    assert again.json()["existing"] == first["id"]


def test_new_account_without_password_gets_a_one_time_password(client: TestClient) -> None:
    answer = client.post("accounts", json={"login": "zhao", "name": "赵敏"}).json()

    assert answer["account"]["must_change_password"] is True
    assert len(answer["one_time_password"].replace("-", "")) == 16


def test_accounts_are_refused_to_people_who_are_not_signed_in(runtime: Runtime) -> None:
    with speaking(create(runtime)) as nobody:
        assert nobody.get("/api/identity/accounts").status_code == 401
        assert nobody.get("/api/identity/me").status_code == 401


def test_grants_reach_open_sessions_and_disabling_ends_them(client: TestClient) -> None:
    account = make(client, "chen").json()["account"]
    token = token_of(client, "chen")
    before = client.get("accounts", headers=bearer(token)).status_code

    client.put(f"accounts/{account['id']}/grants", json={"grants": [{"role": "organiser", "unit": "/a/"}]})
    promoted = eventually(client, token, 200)
    client.patch(f"accounts/{account['id']}", json={"disabled": True})
    disabled = eventually(client, token, 401)

    assert (before, promoted, disabled) == (403, 200, 401)
    refused = client.post("sessions", json={"account": "chen", "password": PASSWORD})
    assert refused.status_code == 401


def test_last_administrator_stays(client: TestClient) -> None:
    one = make(client, "first", "/", {"role": "administrator"}).json()["account"]
    two = make(client, "second", "/", {"role": "administrator"}).json()["account"]

    left = client.patch(f"accounts/{one['id']}", json={"disabled": True})
    refused = client.put(f"accounts/{two['id']}/grants", json={"grants": []})

    assert (left.status_code, refused.status_code) == (200, 409)
    assert refused.json()["type"] == "urn:leitai:problem:last-administrator"


def test_two_administrators_cannot_both_leave_at_once(client: TestClient) -> None:
    both = [
        make(client, name, "/", {"role": "administrator"}).json()["account"]["id"] for name in ("jia", "yi")
    ]

    with ThreadPoolExecutor(2) as pool:
        left = list(pool.map(lambda one: client.patch(f"accounts/{one}", json={"disabled": True}), both))

    assert sorted(answer.status_code for answer in left) == [200, 409]


def test_organiser_looks_after_accounts_below_only(client: TestClient, runtime: Runtime) -> None:
    make(client, "above", "/")
    below = make(client, "below", "/a/b/").json()["account"]
    client.headers.update(bearer(token_for(runtime, Grant(Role.ORGANISER, unit="/a/"))))

    listed = client.get("accounts").json()
    given = client.put(
        f"accounts/{below['id']}/grants", json={"grants": [{"role": "auditor", "unit": "/a/b/"}]}
    )
    beyond = client.put(
        f"accounts/{below['id']}/grants", json={"grants": [{"role": "organiser", "unit": "/"}]}
    )
    elsewhere = make(client, "stranger", "/c/")

    assert [item["login"] for item in listed["items"]] == ["below"]
    assert (given.status_code, beyond.status_code, elsewhere.status_code) == (200, 403, 403)


def test_organiser_does_not_take_over_an_account_with_more_power(
    client: TestClient, runtime: Runtime
) -> None:
    boss = make(client, "boss", "/a/", {"role": "administrator"}).json()["account"]
    client.headers.update(bearer(token_for(runtime, Grant(Role.ORGANISER, unit="/a/"))))

    reset = client.post(f"accounts/{boss['id']}/password-reset")
    disabled = client.patch(f"accounts/{boss['id']}", json={"disabled": True})

    assert (reset.status_code, disabled.status_code) == (403, 403)


@pytest.mark.parametrize(
    ("held", "given", "may"),
    [
        (Grant(Role.ADMINISTRATOR), Grant(Role.ADMINISTRATOR), True),
        (Grant(Role.ORGANISER, unit="/a/"), Grant(Role.JUDGE, unit="/a/b/"), True),
        (Grant(Role.ORGANISER, unit="/a/"), Grant(Role.ORGANISER, unit="/a/"), True),
        (Grant(Role.ORGANISER, unit="/a/"), Grant(Role.ORGANISER, unit="/"), False),
        (Grant(Role.ORGANISER, unit="/a/"), Grant(Role.JUDGE, unit="/a/", board="b"), False),
        (Grant(Role.ORGANISER, board="b"), Grant(Role.CHIEF_JUDGE, board="b"), True),
        (Grant(Role.ORGANISER, board="b"), Grant(Role.CHIEF_JUDGE, board="c"), False),
        (Grant(Role.ORGANISER, unit="/"), Grant(Role.ADMINISTRATOR), False),
        (Grant(Role.ORGANISER, unit="/"), Grant(Role.CONTESTANT), False),
        (Grant(Role.AUDITOR, unit="/"), Grant(Role.AUDITOR, unit="/a/"), False),
    ],
)
def test_grant_may_be_given_within_ones_own_scope(held: Grant, given: Grant, may: bool) -> None:
    giver = Principal(session="s", account="a", name="", device="", grants=(held,))

    assert may_give(giver, given) is may


def test_unknown_account_is_not_found(client: TestClient) -> None:
    assert client.patch("accounts/%F0%9F%8D%8E", json={"name": "x"}).status_code == 404
    assert client.patch("accounts/%00", json={"name": "x"}).status_code == 422
