"""Writes the next migration from the tables: `python deploy/migrations/new.py "what changed"`.

Needs LEITAI_DATABASE_URL of an empty or migrated PostgreSQL database: SQLite has no schemas to compare.
"""

import os
import sys

from alembic import command
from alembic.script import ScriptDirectory

from services.kit.database import Database
from services.kit.migrations import configuration, migrate


def main() -> None:
    database = Database(os.environ["LEITAI_DATABASE_URL"])
    migrate(database)
    config = configuration()
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        number = 1 + len(list(ScriptDirectory.from_config(config).walk_revisions()))
        command.revision(config, message=sys.argv[1], autogenerate=True, rev_id=f"{number:04}")
    database.close()


if __name__ == "__main__":
    main()
