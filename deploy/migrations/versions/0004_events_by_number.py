"""events by number: nobody looks for one by its id, which is in its body"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_COLUMN = "event_id"
_UNIQUE = "uq_outbox_event_id"
_FROM_BODY = {
    "postgresql": "UPDATE kit.outbox SET event_id = convert_from(body, 'UTF8')::json ->> 'id'",
    "sqlite": "UPDATE outbox SET event_id = json_extract(CAST(body AS TEXT), '$.id')",
}


def upgrade() -> None:
    with op.batch_alter_table("outbox", schema=_schema()) as outbox:
        outbox.drop_constraint(_UNIQUE, type_="unique")
        outbox.drop_column(_COLUMN)


def downgrade() -> None:
    op.add_column("outbox", sa.Column(_COLUMN, sa.String(36)), schema=_schema())
    op.execute(_FROM_BODY[op.get_bind().dialect.name])
    with op.batch_alter_table("outbox", schema=_schema()) as outbox:
        outbox.alter_column(_COLUMN, existing_type=sa.String(36), nullable=False)
        outbox.create_unique_constraint(_UNIQUE, [_COLUMN])


def _schema() -> str | None:
    """SQLite has none, and changes of an index name theirs untranslated."""
    return None if op.get_bind().dialect.name == "sqlite" else "kit"
