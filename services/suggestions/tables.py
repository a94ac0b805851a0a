"""Proposals, their steps, votes, and what each drive sets for itself.

A proposal's row keeps the whole object (`body`, canonical JSON); the other columns are what lists filter by.
Who handed it in is kept as a blind index, and an anonymous reporter's names are sealed: no column tells who.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.kit.columns import UtcDateTime, metadata


class Base(DeclarativeBase):
    metadata = metadata("suggestions")
    type_annotation_map = {datetime: UtcDateTime()}


class ProposalRow(Base):
    __tablename__ = "proposals"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    board: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    unit_path: Mapped[str] = mapped_column(String(1000))
    external_id: Mapped[str | None] = mapped_column(String(200))
    search: Mapped[str] = mapped_column(Text)
    author_search: Mapped[str] = mapped_column(Text)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_authors: Mapped[bytes | None] = mapped_column(LargeBinary)
    version: Mapped[int] = mapped_column(default=1)
    submitted_at: Mapped[datetime]
    answer_due_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    stage_before_merge: Mapped[str] = mapped_column(String(16), default="")
    merged_into: Mapped[str | None] = mapped_column(String(36), index=True)

    __table_args__ = (
        UniqueConstraint("board", "external_id"),
        Index("ix_proposals_of_board", "board", "submitted_at", "id"),
    )


class AuthorRow(Base):
    """Whose proposal it is, by blind index of the account; enough to refuse votes for one's own."""

    __tablename__ = "proposal_authors"

    proposal: Mapped[str] = mapped_column(ForeignKey(ProposalRow.id), primary_key=True)
    account_index: Mapped[str] = mapped_column(String(64), primary_key=True)


class VoteRow(Base):
    """A person's vote. `proposal` is where it counts, `cast_for` what it was given to."""

    __tablename__ = "proposal_votes"

    proposal: Mapped[str] = mapped_column(ForeignKey(ProposalRow.id), primary_key=True)
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
    cast_for: Mapped[str] = mapped_column(String(36), index=True)
    cast_at: Mapped[datetime]


class StepRow(Base):
    """One step of a proposal's course. The submission of an anonymous report names nobody."""

    __tablename__ = "proposal_steps"

    proposal: Mapped[str] = mapped_column(ForeignKey(ProposalRow.id), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(16))
    stage: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]


class DriveRow(Base):
    """What a drive sets for itself, and how far its marks were read from the log."""

    __tablename__ = "drive_rules"

    board: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer_days: Mapped[int] = mapped_column(default=20)
    hazard_hours: Mapped[int] = mapped_column(default=24)
    upper_inclusive: Mapped[bool] = mapped_column(default=False)
    scores_read: Mapped[int] = mapped_column(default=0)


class MarkedRow(Base):
    """A proposal that a panel has marked, as the log says."""

    __tablename__ = "marked_proposals"

    board: Mapped[str] = mapped_column(String(64), primary_key=True)
    proposal: Mapped[str] = mapped_column(String(64), primary_key=True)
