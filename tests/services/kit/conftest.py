"""An empty database with the kit's own tables, of either kind."""

from collections.abc import Iterator

import pytest

from services.kit import tables
from services.kit.columns import SCHEMAS
from services.kit.database import Database


@pytest.fixture
def database(any_database_url: str) -> Iterator[Database]:
    database = Database(any_database_url)
    if not database.is_sqlite:
        with database.engine.begin() as connection:
            for schema in SCHEMAS:
                connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {schema}")
    tables.METADATA.create_all(database.engine)
    yield database
    database.close()
