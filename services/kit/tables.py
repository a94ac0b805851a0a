"""The tables that every service shares: the log, idempotency keys, what consumers did, sessions."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Index,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    literal_column,
    text,
)

from schemas.events.scores import SheetSubmitted
from schemas.registry import event_type
from services.kit.columns import BigId, UtcDateTime, metadata

METADATA = metadata("kit")

outbox = Table(
    "outbox",
    METADATA,
    Column("offset", BigId, primary_key=True, autoincrement=True),
    Column("topic", String(32), nullable=False),
    Column("board", String(64), nullable=False),
    Column("sequence", BigId, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("chain", String(64), nullable=False),
    Column("published", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("board", "topic", "sequence"),
)
# Every index more costs each sheet a page on the disk: sheets stay out of the one by kind, and SQLite, which
# no relay reads, has none of what waits for one. An index of some rows serves those who say its condition.
NOT_A_SHEET = outbox.c.kind != literal_column(f"'{event_type(SheetSubmitted)}'")
Index(
    "ix_outbox_board_kind",
    outbox.c.board,
    outbox.c.kind,
    outbox.c.sequence,
    postgresql_where=NOT_A_SHEET,
    sqlite_where=NOT_A_SHEET,
)
Index("ix_outbox_unpublished", outbox.c.offset, postgresql_where=outbox.c.published.is_(False)).ddl_if(
    "postgresql"
)

sequences = Table(
    "sequences",
    METADATA,
    Column("board", String(64), nullable=False),
    Column("topic", String(32), nullable=False),
    Column("value", BigId, nullable=False),
    Column("chain", String(64), nullable=False),
    PrimaryKeyConstraint("board", "topic"),
)

idempotency_keys = Table(
    "idempotency_keys",
    METADATA,
    Column("key", String(200), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

processed_events = Table(
    "processed_events",
    METADATA,
    Column("consumer", String(64), nullable=False),
    Column("event_id", String(64), nullable=False),
    PrimaryKeyConstraint("consumer", "event_id"),
)

sessions = Table(
    "sessions",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("account", String(36), nullable=False, index=True),
    Column("name", String(200), nullable=False),
    Column("grants", JSON, nullable=False),
    Column("device", String(64), nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)
