"""Signing in: the first administrator, one-time passwords, failures that slow guessing."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from services.identity.app import create
from services.identity.domain import FREE_FAILURES, LONGEST_LOCK, lock_after, normal_login
from services.identity.service import first_administrator
from services.kit.access import Grant, Role
from services.kit.clock import utc_now
from services.kit.runtime import Runtime
from tests.services.setup import speaking, token_for

PASSWORD = "船到桥头自然直 2026"
CHANGED = "an entirely other sentence"


class MovingClock:
    """A clock that tests can put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> Any:
        return utc_now() + self.ahead


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def client(runtime: Runtime, clock: MovingClock) -> Iterator[TestClient]:
    with speaking(create(replace(runtime, clock=clock))) as client:
        client.base_url = client.base_url.join("/api/identity/")
        yield client


def sign_in(client: TestClient, account: str, password: str) -> Response:
    answer = client.post("sessions", json={"account": account, "password": password})
    client.cookies.clear()
    return answer


def known(answer: Response) -> dict[str, str]:
    """What the browser that got this answer shows at its next sign-in, when its session is over."""
    return {"cookie": f"leitai_device={answer.cookies['leitai_device']}"}


def known_browser(client: TestClient, runtime: Runtime) -> tuple[dict[str, str], dict[str, str]]:
    """The administrator's sign-in, and what the browser that it came from shows: the client is another."""
    body = {"account": "admin", "password": make_first(runtime)}
    own = known(client.post("sessions", json=body))
    client.cookies.clear()
    return body, own


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def make_first(runtime: Runtime) -> str:
    with runtime.database.transaction() as session:
        password = first_administrator(session, utc_now())
    assert password
    return password


def test_first_administrator_is_made_only_where_there_is_no_account(runtime: Runtime) -> None:
    make_first(runtime)

    with runtime.database.transaction() as session:
        again = first_administrator(session, utc_now())

    assert again is None


def test_one_time_password_opens_a_session_without_power_until_changed(
    client: TestClient, runtime: Runtime
) -> None:
    password = make_first(runtime)

    first = sign_in(client, "admin", password).json()
    refused = client.get("accounts", headers=bearer(first["token"]))
    changed = client.put(
        f"accounts/{first['account']}/password",
        headers=bearer(first["token"]),
        json={"current": password, "new": CHANGED},
    )
    client.cookies.clear()
    allowed = client.get("accounts", headers=bearer(changed.json()["token"]))

    assert first["must_change_password"] is True
    assert first["grants"] == []
    assert refused.status_code == 403
    assert "先修改密码" in refused.json()["way_out"]
    assert changed.json()["grants"] == [{"role": "administrator", "unit": "", "board": "", "judge": ""}]
    assert allowed.json()["total"] == 1
    assert sign_in(client, "admin", password).status_code == 401


def test_sign_in_sets_a_strict_cookie_that_signs_requests(client: TestClient, runtime: Runtime) -> None:
    password = make_first(runtime)

    answer = client.post("sessions", json={"account": " ＡＤＭＩＮ ", "password": password})
    me = client.get("me")

    cookie = answer.headers["set-cookie"]
    assert answer.status_code == 201
    assert all(part in cookie for part in ("leitai_session=", "HttpOnly", "SameSite=strict", "Path=/"))
    assert (me.json()["login"], me.json()["must_change_password"]) == ("admin", True)


def test_sign_out_ends_the_session(client: TestClient, runtime: Runtime) -> None:
    token = sign_in(client, "admin", make_first(runtime)).json()["token"]

    left = client.delete("sessions/current", headers=bearer(token))
    with speaking(create(replace(runtime, principals=type(runtime.principals)()))) as elsewhere:
        after = elsewhere.get("/api/identity/me", headers=bearer(token))

    assert (left.status_code, after.status_code) == (204, 401)


@pytest.mark.parametrize("account", ["admin", "nobody"])
def test_repeated_failures_lock_for_a_while_whether_the_account_exists_or_not(
    client: TestClient, runtime: Runtime, clock: MovingClock, account: str
) -> None:
    password = make_first(runtime)

    failed = [sign_in(client, account, "wrong").status_code for _ in range(FREE_FAILURES)]
    locked = sign_in(client, account, password)
    clock.ahead = timedelta(seconds=31)
    later = sign_in(client, account, password)

    assert failed == [401] * FREE_FAILURES
    assert locked.status_code == 429
    assert 0 < int(locked.headers["retry-after"]) <= 31
    assert locked.json()["type"] == "urn:leitai:problem:too-many-attempts"
    assert later.status_code == (201 if account == "admin" else 401)


def test_guesses_of_a_stranger_do_not_lock_the_browser_that_a_person_always_uses(
    client: TestClient, runtime: Runtime
) -> None:
    body, own = known_browser(client, runtime)
    for _ in range(FREE_FAILURES):
        sign_in(client, "admin", "wrong")

    elsewhere = sign_in(client, "admin", body["password"])
    here = client.post("sessions", json=body, headers=own)

    assert (elsewhere.status_code, here.status_code) == (429, 201)


def test_known_browser_is_no_way_to_guess_on(client: TestClient, runtime: Runtime) -> None:
    body, own = known_browser(client, runtime)

    wrong = body | {"password": "wrong"}
    guessed = [client.post("sessions", json=wrong, headers=own).status_code for _ in range(FREE_FAILURES + 1)]

    assert guessed == [401] * FREE_FAILURES + [429]
    assert client.post("sessions", json=body, headers=own).status_code == 429


@pytest.mark.parametrize(
    "forge", [str.swapcase, lambda mark: "x" + mark, lambda mark: mark + "é", lambda _: "."]
)
def test_mark_of_a_browser_is_not_to_be_made_up(
    client: TestClient, runtime: Runtime, forge: Callable[[str], str]
) -> None:
    body, own = known_browser(client, runtime)
    for _ in range(FREE_FAILURES):
        sign_in(client, "admin", "wrong")

    forged = "leitai_device=" + forge(own["cookie"].removeprefix("leitai_device="))
    answer = client.post("sessions", json=body, headers=[(b"cookie", forged.encode("latin-1"))])

    assert answer.status_code == 429


def test_mark_of_a_browser_is_good_for_one_login(client: TestClient, runtime: Runtime) -> None:
    admin = bearer(token_for(runtime, Grant(Role.ADMINISTRATOR)))
    client.post("accounts", headers=admin, json={"login": "li.qiang", "name": "李强", "password": PASSWORD})
    own = known(client.post("sessions", json={"account": "li.qiang", "password": PASSWORD}))
    client.cookies.clear()
    body = {"account": "admin", "password": "wrong"}

    guessed = [client.post("sessions", json=body, headers=own).status_code for _ in range(FREE_FAILURES)]

    assert guessed == [401] * FREE_FAILURES
    assert client.post("sessions", json=body).status_code == 429


def test_lock_of_a_login_does_not_keep_its_owner_from_a_new_password(
    client: TestClient, runtime: Runtime
) -> None:
    password = make_first(runtime)
    opened = sign_in(client, "admin", password).json()
    for _ in range(FREE_FAILURES + 1):
        sign_in(client, "admin", "wrong")

    changed = client.put(
        f"accounts/{opened['account']}/password",
        headers=bearer(opened["token"]),
        json={"current": password, "new": CHANGED},
    )

    assert changed.status_code == 200


def test_success_forgives_earlier_failures(client: TestClient, runtime: Runtime) -> None:
    password = make_first(runtime)

    codes = [
        sign_in(client, "admin", word).status_code
        for _, word in product(range(2), ["wrong"] * (FREE_FAILURES - 1) + [password])
    ]

    assert codes == ([401] * (FREE_FAILURES - 1) + [201]) * 2


def test_lock_grows_with_failures_and_has_an_end() -> None:
    waits = [lock_after(failures) for failures in range(40)]

    assert waits[FREE_FAILURES - 1] == timedelta(0)
    assert waits[FREE_FAILURES : FREE_FAILURES + 3] == [timedelta(seconds=s) for s in (30, 60, 120)]
    assert max(waits) == LONGEST_LOCK == waits[-1]


def test_login_has_one_spelling() -> None:
    assert normal_login(" Ｗáng.Fang@X ") == "wáng.fang@x"


@pytest.mark.parametrize(
    ("new", "rule"),
    [("short", "length"), ("abababababab", "variety"), ("xx-admin-2026", "contains_login")],
)
def test_weak_password_is_refused_by_rule(client: TestClient, runtime: Runtime, new: str, rule: str) -> None:
    password = make_first(runtime)
    opened = sign_in(client, "admin", password).json()

    answer = client.put(
        f"accounts/{opened['account']}/password",
        headers=bearer(opened["token"]),
        json={"current": password, "new": new},
    )

    assert answer.status_code == 422
    assert rule in [error["rule"] for error in answer.json()["errors"]]
    assert new not in answer.text


def test_password_of_another_is_not_changed_but_reset(client: TestClient, runtime: Runtime) -> None:
    admin = bearer(token_for(runtime, Grant(Role.ADMINISTRATOR)))
    made = client.post(
        "accounts", headers=admin, json={"login": "li.qiang", "name": "李强", "password": PASSWORD}
    ).json()["account"]
    before = sign_in(client, "li.qiang", PASSWORD)

    stolen = client.put(
        f"accounts/{made['id']}/password", headers=admin, json={"current": PASSWORD, "new": CHANGED}
    )
    reset = client.post(f"accounts/{made['id']}/password-reset", headers=admin)

    assert (before.status_code, stolen.status_code, reset.status_code) == (201, 403, 200)
    assert sign_in(client, "li.qiang", PASSWORD).status_code == 401
    again = sign_in(client, "li.qiang", reset.json()["one_time_password"])
    assert again.json()["must_change_password"] is True


def test_text_that_no_database_keeps_is_refused(client: TestClient) -> None:
    nul = client.post("sessions", json={"account": "a\x00b", "password": "x"})
    surrogate = client.post(
        "sessions",
        content=b'{"account": "a\\ud800", "password": "x"}',
        headers={"content-type": "application/json"},
    )

    assert (nul.status_code, surrogate.status_code) == (422, 422)
