"""The database's tables, brought up to date by Alembic from `deploy/migrations`."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from services.kit.database import Database

_FOLDER = Path(__file__).parents[2] / "deploy" / "migrations"


def configuration() -> Config:
    """Alembic, pointed at the migrations."""
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def migrate(database: Database) -> None:
    """Run the migrations that the database lacks. Two processes may do so at the same time."""
    config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def is_current(database: Database) -> bool:
    """Whether the database has every migration."""
    with database.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    return found == ScriptDirectory.from_config(configuration()).get_current_head()
