"""What the database refuses for reasons of its own is answered 503 with the way out; nothing is half done."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import APIRouter
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import text

from schemas.events.scores import BoardFrozen
from services.kit import log, tables
from services.kit.app import service_app
from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.depends import Transaction
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret
from tests.parts import Postgres

router = APIRouter(prefix="/api/kit-test")


@router.post("/notes", status_code=201)
def write_note(session: Transaction) -> dict[str, str]:
    log.append(
        session, BoardFrozen(board="b", reason="r"), board="b", source="notes", actor="a", time=utc_now()
    )
    return {}


@router.post("/mistakes")
def ask_wrongly(session: Transaction) -> None:
    session.execute(text("SELECT * FROM no_such_table"))


@pytest.fixture
def runtime(tmp_path: Path) -> Iterator[Runtime]:
    runtime = Runtime.of(Settings(data=tmp_path, secret=make_secret()))
    tables.METADATA.create_all(runtime.database.engine)
    yield runtime
    runtime.database.close()


def client_of(runtime: Runtime) -> TestClient:
    return TestClient(service_app("kit-test", "test", runtime, [router]), raise_server_exceptions=False)


def notes(runtime: Runtime) -> int:
    with runtime.database.reading() as session:
        return log.end(session)


def limit_pages(runtime: Runtime, pages: int) -> None:
    """The database file may have so many pages: what a full disk says, SQLite says."""
    with runtime.database.engine.connect() as connection:
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")


def write_until_full(runtime: Runtime, client: TestClient) -> Response:
    limit_pages(runtime, 1)
    for _ in range(1_000):
        answer = client.post("/api/kit-test/notes", headers={"Accept-Language": "en"})
        if answer.status_code != 201:
            return answer
    raise AssertionError("never full")


def test_full_disk_is_a_problem_with_a_way_out(runtime: Runtime) -> None:
    answer = write_until_full(runtime, client_of(runtime))

    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"] == "2"
    assert answer.json()["type"] == "urn:leitai:problem:unavailable"
    assert "free some space" in answer.json()["way_out"]


def test_command_refused_for_want_of_space_left_nothing_and_works_once_there_is_some(
    runtime: Runtime,
) -> None:
    client = client_of(runtime)
    write_until_full(runtime, client)
    before = notes(runtime)
    limit_pages(runtime, 1_000_000)

    assert client.post("/api/kit-test/notes").status_code == 201
    assert notes(runtime) == before + 1


def test_mistake_in_a_statement_is_no_outage(runtime: Runtime) -> None:
    assert client_of(runtime).post("/api/kit-test/mistakes").status_code == 500


def test_postgresql_that_is_away_is_a_problem(postgres: Postgres, postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, secret=make_secret(), database_url=postgres_url)
    runtime = Runtime.of(settings)
    other = Database(postgres_url.replace(str(postgres.port), "1"))
    client = client_of(Runtime(settings, other, runtime.redis, runtime.sealer))

    answer = client.post("/api/kit-test/notes")

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:leitai:problem:unavailable")
    other.close()


def test_connection_that_was_cut_is_replaced(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    own = text("SELECT pg_backend_pid()")
    with database.reading() as session:
        cut = session.scalar(own)
    with other.reading() as session:
        assert session.scalar(text("SELECT pg_terminate_backend(:pid, 30000)"), {"pid": cut})

    with database.transaction() as session:
        assert session.scalar(own) != cut

    database.close()
    other.close()
