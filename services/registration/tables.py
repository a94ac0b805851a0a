"""The tables of registration. Id numbers and phones are sealed; `person` is an id number's blind index."""

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from services.kit.columns import UtcDateTime, metadata

METADATA = metadata("registration")

units = Table(
    "units",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("name", String(200), nullable=False, index=True),
    Column("level", String(10), nullable=False),
    Column("parent", String(36), ForeignKey("registration.units.id"), index=True),
    Column("path", String(400), nullable=False),
)
Index("ix_units_path", units.c.path, postgresql_ops={"path": "text_pattern_ops"})

campaigns = Table(
    "campaigns",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("code", String(64), nullable=False, unique=True),
    Column("title_zh", String(200), nullable=False),
    Column("title_en", String(200), nullable=False),
    Column("year", Integer, nullable=False),
    Column("unit", String(36), ForeignKey("registration.units.id"), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

boards = Table(
    "boards",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("campaign", String(36), ForeignKey("registration.campaigns.id"), nullable=False),
    Column("code", String(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("title_zh", String(200), nullable=False),
    Column("title_en", String(200), nullable=False),
    Column("unit", String(36), ForeignKey("registration.units.id"), nullable=False, index=True),
    Column("entry_kind", String(10), nullable=False),
    Column("trade", String(200), nullable=False),
    Column("blind", Boolean, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("feeds", JSON, nullable=False),
    Column("eligibility", JSON, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("version", Integer, nullable=False),
    UniqueConstraint("campaign", "code"),
)

entries = Table(
    "entries",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("board", String(36), ForeignKey("registration.boards.id"), nullable=False),
    Column("campaign", String(36), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("name", String(200), nullable=False),
    Column("unit", String(36), ForeignKey("registration.units.id"), nullable=False, index=True),
    Column("external_id", String(64)),
    Column("number", Integer, nullable=False),
    Column("code", String(32), nullable=False),
    Column("category", String(100), nullable=False),
    Column("status", String(10), nullable=False),
    Column("unranked", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("factors", JSON, nullable=False),
    Column("times", JSON, nullable=False),
    Column("members", JSON, nullable=False),
    Column("id_number", LargeBinary),
    Column("person", String(64)),
    Column("phone", LargeBinary),
    Column("version", Integer, nullable=False),
    Column("registered_at", UtcDateTime, nullable=False),
    Column("registered_by", String(36), nullable=False),
    Column("verified_at", UtcDateTime),
    Column("verified_by", String(36)),
    UniqueConstraint("board", "external_id"),
)
Index("ix_entries_board_number", entries.c.board, entries.c.number)
Index("ix_entries_campaign_person", entries.c.campaign, entries.c.person)

draws = Table(
    "draws",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("board", String(36), ForeignKey("registration.boards.id"), nullable=False, index=True),
    Column("seed", String(64), nullable=False),
    Column("first", Integer, nullable=False),
    Column("entries", JSON, nullable=False),
    Column("redraw", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("drawn_at", UtcDateTime, nullable=False),
    Column("drawn_by", String(36), nullable=False),
)
