"""lighter outbox: sheets stay out of the index by kind, and SQLite, which no relay reads, has none for a relay"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BY_KIND = "ix_outbox_board_kind"
_UNPUBLISHED = "ix_outbox_unpublished"
_COLUMNS = ["board", "kind", "sequence"]


def upgrade() -> None:
    kit = _schema()
    op.drop_index(_BY_KIND, "outbox", schema=kit)
    no_sheets = sa.text("kind != 'leitai.sheet.submitted'")
    op.create_index(
        _BY_KIND, "outbox", _COLUMNS, schema=kit, postgresql_where=no_sheets, sqlite_where=no_sheets
    )
    if kit is None:
        op.drop_index(_UNPUBLISHED, "outbox")


def downgrade() -> None:
    kit = _schema()
    op.drop_index(_BY_KIND, "outbox", schema=kit)
    op.create_index(_BY_KIND, "outbox", _COLUMNS, schema=kit)
    if kit is None:
        op.create_index(_UNPUBLISHED, "outbox", ["offset"], sqlite_where=sa.text("published IS false"))


def _schema() -> str | None:
    """SQLite has none, and changes of an index name theirs untranslated."""
    return None if op.get_bind().dialect.name == "sqlite" else "kit"
