"""Alembic's environment: run by `leitai migrate` on the connection that it is given."""

from alembic import context
from sqlalchemy import Connection, text

from services.awards.tables import Base as Awards
from services.identity import tables as identity
from services.kit import tables as kit
from services.kit.columns import SCHEMAS, UtcDateTime
from services.registration import tables as registration
from services.scoring.tables import Base as Scoring
from services.suggestions.tables import Base as Suggestions

_LOCK = 0x1E17A2
_TARGETS = [
    *(module.METADATA for module in (kit, identity, registration)),
    *(base.metadata for base in (Scoring, Suggestions, Awards)),
]


def _rendered(kind: str, value: object, _context: object) -> str | bool:
    """A migration is history: it names SQLAlchemy's types only, never ours."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


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
        render_item=_rendered,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()


run(context.config.attributes["connection"])
