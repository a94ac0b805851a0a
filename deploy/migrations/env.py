"""Alembic's environment: run by `leitai migrate` on the connection that it is given."""

from alembic import context
from sqlalchemy import Connection, text

from services.awards.tables import Base as Awards
from services.identity.tables import Base as Identity
from services.kit.columns import SCHEMAS
from services.kit.tables import METADATA
from services.registration.tables import Base as Registration
from services.scoring.tables import Base as Scoring
from services.suggestions.tables import Base as Suggestions

_LOCK = 0x1E17A2
_TARGETS = [METADATA, *(base.metadata for base in (Identity, Registration, Scoring, Suggestions, Awards))]


def run(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        for schema in SCHEMAS:
            connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {schema}"))
    context.configure(
        connection=connection,
        target_metadata=_TARGETS,
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name in SCHEMAS,
        compare_type=True,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
