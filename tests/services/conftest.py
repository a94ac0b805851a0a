"""What tests of services share."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from services.kit.database import Database
from services.kit.runtime import Runtime
from tests.parts import Postgres
from tests.services.setup import create_all, runtime_on

# Making tables, or a database, costs more than most tests: one file is copied, one database emptied.
_EMPTY = """
DO $$
DECLARE each record;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR each IN SELECT * FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') LOOP
        EXECUTE format('DELETE FROM %I.%I', each.schemaname, each.tablename);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences;
END $$
"""


@pytest.fixture(scope="session")
def sqlite_tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tables") / "leitai.db"
    _make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_tables(postgres: Postgres) -> str:
    url = postgres.create_database("tables")
    _make_tables(url)
    return url


def _make_tables(url: str) -> None:
    database = Database(url)
    create_all(database)
    database.close()


@pytest.fixture
def sqlite_tables_url(sqlite_tables: Path, sqlite_url: str) -> str:
    """A SQLite file with the tables of every service and nothing in them."""
    shutil.copyfile(sqlite_tables, sqlite_url.removeprefix("sqlite:///"))
    return sqlite_url


@pytest.fixture
def postgres_tables_url(postgres_tables: str) -> Iterator[str]:
    """A PostgreSQL database with the tables of every service and nothing in them."""
    yield postgres_tables
    with psycopg.connect(postgres_tables.replace("+psycopg", ""), autocommit=True) as link:
        link.execute(_EMPTY)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_tables_url(request: pytest.FixtureRequest) -> str:
    """A database of each kind in turn, with the tables of every service and nothing in them."""
    name = "sqlite_tables_url" if request.param == "sqlite" else "postgres_tables_url"
    url: str = request.getfixturevalue(name)
    return url


@pytest.fixture
def runtime(any_tables_url: str, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime on each kind of database in turn."""
    made = runtime_on(any_tables_url, tmp_path)
    yield made
    asyncio.run(made.close())


@pytest.fixture
def sqlite_runtime(sqlite_tables_url: str, tmp_path: Path) -> Iterator[Runtime]:
    made = runtime_on(sqlite_tables_url, tmp_path)
    yield made
    asyncio.run(made.close())
