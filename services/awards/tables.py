"""Honour lists as counted, objections against them, honours taken back."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.kit.columns import UtcDateTime, metadata


class Base(DeclarativeBase):
    metadata = metadata("awards")
    type_annotation_map = {datetime: UtcDateTime(), list[str]: JSON()}


class HonourList(Base):
    """One version of a board's list. `body` is the canonical document; it never changes."""

    __tablename__ = "honour_lists"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    board: Mapped[str] = mapped_column(String(64))
    version: Mapped[int]
    state: Mapped[str] = mapped_column(String(16))
    unit_path: Mapped[str] = mapped_column(String(1000))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    digest: Mapped[str] = mapped_column(String(64))
    revision: Mapped[int]
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]
    publicity_from: Mapped[datetime | None]
    publicity_until: Mapped[datetime | None]
    upheld: Mapped[list[str]]
    document_number: Mapped[str] = mapped_column(String(200), default="")
    granted_at: Mapped[datetime | None]

    __table_args__ = (UniqueConstraint("board", "version"),)


class Objection(Base):
    """An objection against a winner. Who filed it is sealed."""

    __tablename__ = "award_objections"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    list: Mapped[str] = mapped_column(ForeignKey(HonourList.id))
    entry: Mapped[str] = mapped_column(String(64))
    sealed_text: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_name: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_contact: Mapped[bytes] = mapped_column(LargeBinary)
    filed_at: Mapped[datetime]

    __table_args__ = (Index("ix_award_objections_of_list", "list", "filed_at"),)


class Revocation(Base):
    """An honour taken back."""

    __tablename__ = "award_revocations"

    list: Mapped[str] = mapped_column(ForeignKey(HonourList.id), primary_key=True)
    entry: Mapped[str] = mapped_column(String(64), primary_key=True)
    award: Mapped[str] = mapped_column(String(200), primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    revoked_at: Mapped[datetime]
