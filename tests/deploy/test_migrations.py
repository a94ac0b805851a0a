"""Migrations make the tables that the services have, and every one of them can be gone back on."""

from collections.abc import Iterator

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import inspect, text

from schemas.events.scores import BoardFrozen
from services.kit import log, tables
from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.migrations import configuration, is_current, migrate


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    database = Database(any_database_url)
    migrate(database)
    yield database
    database.close()


def run(database: Database, what: str, revision: str) -> None:
    config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        getattr(command, what)(config, revision)
        connection.commit()


def indexes(database: Database) -> dict[str, list[str | None]]:
    schema = None if database.is_sqlite else tables.METADATA.schema
    found = inspect(database.engine).get_indexes(tables.outbox.name, schema=schema)
    return {
        str(each["name"]): each["column_names"] for each in found if not each.get("duplicates_constraint")
    }


def test_migrations_make_the_tables_that_services_declare(postgres_url: str) -> None:
    database = Database(postgres_url)
    migrate(database)
    config: Config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.check(config)
    database.close()


def test_sqlite_has_no_index_for_a_relay_that_it_never_has(database: Database) -> None:
    wanted = {"ix_outbox_board_kind": ["board", "kind", "sequence"]}
    assert indexes(database) == wanted | ({} if database.is_sqlite else {"ix_outbox_unpublished": ["offset"]})


def test_every_migration_goes_back_and_on_again_with_what_is_stored(database: Database) -> None:
    with database.transaction() as session:
        frozen = BoardFrozen(board="b1", reason="午休")
        written = log.append(session, frozen, board="b1", source="scoring", actor="a1", time=utc_now())
    with database.reading() as session:
        events = log.tail(session, after=0)
    before = indexes(database)

    run(database, "downgrade", "0001")
    assert not is_current(database)
    with database.engine.connect() as connection:
        name = "outbox" if database.is_sqlite else "kit.outbox"
        assert connection.execute(text(f"SELECT event_id FROM {name}")).scalar_one() == written

    migrate(database)
    assert is_current(database)
    assert indexes(database) == before
    with database.reading() as session:
        assert log.tail(session, after=0) == events
