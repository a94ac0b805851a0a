"""The frame of a service as a client meets it: problems, idempotency, sessions, limits."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient

from rules.text import Text
from schemas.events.scores import BoardFrozen
from schemas.topics import Topic
from services.kit import access, log, tables
from services.kit.access import Grant, Role
from services.kit.app import service_app
from services.kit.clock import utc_now
from services.kit.depends import DoOnce, Running, SignedIn, Transaction
from services.kit.problems import Fault, Problem
from services.kit.resources import Line, Number, Resource
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret


class Note(Resource):
    text: Line
    mark: Number


class TooHigh(Problem):
    slug = "too-high"
    title = Text("分数超出范围", "The mark is out of range")


router = APIRouter(prefix="/api/notes")


@router.post("/notes", status_code=201)
def write_note(body: Note, session: Transaction, who: SignedIn, once: DoOnce) -> Note:
    def do() -> Note:
        if body.mark > 100:
            way_out = Text("改为 0 到 100", "Give 0 to 100")
            raise TooHigh(faults=[Fault("/mark", body.mark, "max", TooHigh.title, way_out)])
        fact = BoardFrozen(board="b", reason=body.text)
        log.append(session, fact, board="b", source="notes", actor=who.account, time=utc_now())
        return body

    return once(session, who, body, do)


@router.get("/secret")
def secret(who: SignedIn, _running: Running) -> dict[str, str]:
    who.require(Role.ORGANISER, unit="/44/4401/")
    return {"name": who.name}


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    runtime = Runtime.of(Settings(data=tmp_path, secret=make_secret(), body_limit=1000))
    tables.METADATA.create_all(runtime.database.engine)
    yield runtime
    runtime.database.close()


@pytest.fixture
def client(runtime: Runtime) -> Iterator[TestClient]:
    app = service_app("notes", "Notes", runtime, [router])
    with TestClient(app, headers={"Authorization": f"Bearer {sign_in(runtime)}"}) as client:
        yield client


def sign_in(runtime: Runtime, *grants: Grant, hours: int = 1) -> str:
    with runtime.database.transaction() as session:
        return access.open_session(
            session, account="a", name="王芳", grants=grants, now=runtime.clock(), hours=hours
        )


def written(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return log.positions(session, "b").get(Topic.SCORES, 0)


def test_repeat_with_the_same_key_gets_the_first_answer_and_writes_once(
    client: TestClient, runtime: Runtime
) -> None:
    body, key = {"text": "n", "mark": "87.50"}, {"Idempotency-Key": "k"}

    first = client.post("/api/notes/notes", json=body, headers=key)
    again = client.post("/api/notes/notes", json=body, headers=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json() == body
    assert written(runtime) == 1


def test_key_used_for_another_command_is_refused(client: TestClient, runtime: Runtime) -> None:
    key = {"Idempotency-Key": "k"}
    client.post("/api/notes/notes", json={"text": "n", "mark": "1"}, headers=key)

    answer = client.post("/api/notes/notes", json={"text": "n", "mark": "2"}, headers=key)

    assert (answer.status_code, answer.json()["type"]) == (422, "urn:leitai:problem:idempotency-key-reused")
    assert written(runtime) == 1


@pytest.mark.parametrize(
    ("language", "title", "way_out"),
    [("", "分数超出范围", "改为 0 到 100"), ("en-GB, zh;q=0.5", "The mark is out of range", "Give 0 to 100")],
)
def test_refusal_names_field_value_rule_and_way_out_in_the_users_language(
    client: TestClient, runtime: Runtime, language: str, title: str, way_out: str
) -> None:
    body = {"text": "n", "mark": "100.5"}

    answer = client.post("/api/notes/notes", json=body, headers={"Accept-Language": language})

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() == {
        "type": "urn:leitai:problem:too-high",
        "title": title,
        "status": 409,
        "errors": [{"field": "/mark", "value": "100.5", "rule": "max", "detail": title, "way_out": way_out}],
    }
    assert written(runtime) == 0


@pytest.mark.parametrize(
    ("body", "field", "rule"),
    [
        ('{"text": "n"}', "/body/mark", "missing"),
        ('{"text": "n", "mark": 0.1}', "/body/mark", "exact_number"),
        ('{"text": "n", "mark": "NaN"}', "/body/mark", "finite_number"),
        ('{"text": "n", "mark": "1e999999"}', "/body/mark", "decimal_max_digits"),
        ('{"text": "n", "mark": "1", "extra": 1}', "/body/extra", "extra_forbidden"),
        ('{"text": "n", "mark": }', "/body/22", "json_invalid"),
        ('{"text": "a\\u0000b", "mark": "1"}', "/body/text", "unstorable_text"),
    ],
)
def test_malformed_body_is_named_by_field_and_rule(
    client: TestClient, body: str, field: str, rule: str
) -> None:
    answer = client.post("/api/notes/notes", content=body, headers={"Content-Type": "application/json"})

    fault = answer.json()["errors"][0]
    assert answer.status_code == 422
    assert (fault["field"], fault["rule"]) == (field, rule)
    assert fault["detail"]
    assert fault["way_out"]


def test_body_over_the_limit_is_refused_with_the_limit(client: TestClient) -> None:
    announced = client.post("/api/notes/notes", json={"text": "n" * 2000, "mark": "1"})
    streamed = client.post(
        "/api/notes/notes",
        content=iter([b'{"text": "', b"n" * 2000, b'", "mark": "1"}']),
        headers={"Content-Type": "application/json"},
    )

    assert [(answer.status_code, answer.json()["limit"]) for answer in (announced, streamed)] == [
        (413, 1000)
    ] * 2


def test_post_from_another_site_is_refused_only_with_a_cookie(client: TestClient, runtime: Runtime) -> None:
    body, foreign = {"text": "n", "mark": "1"}, {"Origin": "https://elsewhere.example"}
    cookie = {"Cookie": f"leitai_session={sign_in(runtime)}", "Authorization": ""}
    del client.headers["Authorization"]

    from_there = client.post("/api/notes/notes", json=body, headers=foreign | {"Cookie": cookie["Cookie"]})
    from_here = client.post(
        "/api/notes/notes", json=body, headers={"Origin": "http://testserver", "Cookie": cookie["Cookie"]}
    )

    assert (from_there.status_code, from_here.status_code) == (403, 201)


@pytest.mark.parametrize(
    ("grants", "status"),
    [
        ((), 403),
        ((Grant(Role.ORGANISER, unit="/44/"),), 200),
        ((Grant(Role.ORGANISER, unit="/44/4401/440103/"),), 403),
        ((Grant(Role.JUDGE, unit="/"),), 403),
        ((Grant(Role.ADMINISTRATOR),), 200),
    ],
)
def test_role_holds_in_its_unit_and_below(
    client: TestClient, runtime: Runtime, grants: tuple[Grant, ...], status: int
) -> None:
    token = sign_in(runtime, *grants)

    answer = client.get("/api/notes/secret", headers={"Authorization": f"Bearer {token}"})

    assert answer.status_code == status


def test_expired_revoked_and_unknown_tokens_are_not_signed_in(client: TestClient, runtime: Runtime) -> None:
    expired = sign_in(runtime, hours=-1)
    revoked = sign_in(runtime)
    with runtime.database.transaction() as session:
        access.revoke(session, utc_now() + timedelta(seconds=1), account="a")

    answers = [
        client.get("/api/notes/secret", headers={"Authorization": f"Bearer {token}"})
        for token in (expired, revoked, "unknown")
    ]

    assert [answer.status_code for answer in answers] == [401] * 3


def test_readiness_names_the_part_that_does_not_answer(client: TestClient) -> None:
    answer = client.get("/readyz")

    assert (answer.status_code, answer.json()["database"]) == (503, True)
    assert client.get("/healthz").status_code == 200
    assert b"leitai_requests_total" in client.get("/metrics").content
