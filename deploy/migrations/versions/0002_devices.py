"""devices"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    column = sa.Column("device_state", sa.JSON(), nullable=True)
    op.add_column("judge_links", column, schema=_schema())


def downgrade() -> None:
    op.drop_column("judge_links", "device_state", schema=_schema())


def _schema() -> str | None:
    """SQLite has none, and changes of a table name theirs untranslated."""
    return None if op.get_bind().dialect.name == "sqlite" else "identity"
