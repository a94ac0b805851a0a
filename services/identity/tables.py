"""The tables of identity."""

from sqlalchemy import JSON, Boolean, Column, Integer, String, Table

from services.kit.columns import UtcDateTime, metadata

METADATA = metadata("identity")

accounts = Table(
    "accounts",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("login", String(100), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("unit", String(400), nullable=False),
    Column("grants", JSON, nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("must_change_password", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("disabled_at", UtcDateTime),
)

sign_in_attempts = Table(
    "sign_in_attempts",
    METADATA,
    Column("login", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", UtcDateTime, nullable=False, index=True),
    Column("locked_until", UtcDateTime),
)

judge_links = Table(
    "judge_links",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("board", String(64), nullable=False, index=True),
    Column("judge", String(36), nullable=False),
    Column("name", String(200), nullable=False),
    Column("role", String(20), nullable=False),
    Column("created_by", String(36), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("device", String(64), nullable=False, server_default=""),
    Column("session_id", String(36), index=True),
    Column("exchanged_at", UtcDateTime),
    Column("last_used_at", UtcDateTime),
    Column("device_state", JSON(none_as_null=True)),
    Column("revoked_at", UtcDateTime),
)
