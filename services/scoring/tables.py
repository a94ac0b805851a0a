"""What scoring keeps besides the log.

Panels, windows, locks and the jury's decisions are folded from the log itself, which is in the same
database. `sheets` is append-only: a row is one version and never changes. `boards` and `entries` are a
projection of what other services wrote, with the position up to which it was read.
"""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.kit.columns import BigId, UtcDateTime, metadata

_ID = String(64)
# Slots are looked up by their beginning, so they must sort as bytes, as SQLite does anyway.
_SLOT = String(400).with_variant(String(400, collation="C"), "postgresql")


class Base(DeclarativeBase):
    metadata = metadata("scoring")
    type_annotation_map = {datetime: UtcDateTime()}


class BoardRow(Base):
    """A board as registration described it last; `registrations` and `suggestions` were read so far."""

    __tablename__ = "scoring_boards"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    registrations: Mapped[int] = mapped_column(BigId)
    suggestions: Mapped[int] = mapped_column(BigId)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class EntryRow(Base):
    """An entry of a board; `body` is its `EntryState` without anything that scoring itself decides."""

    __tablename__ = "scoring_entries"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    board: Mapped[str] = mapped_column(_ID)
    unit: Mapped[str] = mapped_column(_ID)
    unit_path: Mapped[str] = mapped_column(String(1000))
    number: Mapped[int] = mapped_column(BigId)
    withdrawn: Mapped[bool]
    body: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "board", "number", "id"), Index(None, "board", "unit_path"))


class SheetRow(Base):
    """One version of a sheet. `slot` names the sheet that it is a version of; `actor` wrote it.

    `id` is the version's own, made on the device; a contribution's is made of its entry and cause.
    """

    __tablename__ = "scoring_sheets"

    id: Mapped[str] = mapped_column(String(200), primary_key=True)
    board: Mapped[str] = mapped_column(_ID)
    slot: Mapped[str] = mapped_column(_SLOT)
    version: Mapped[int]
    entry: Mapped[str] = mapped_column(_ID)
    judge: Mapped[str] = mapped_column(String(100))
    actor: Mapped[str] = mapped_column(_ID)
    received_at: Mapped[datetime]
    body: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (
        # Every index more costs each sheet a page on the disk. Slots begin with the entry.
        UniqueConstraint("board", "slot", "version"),
    )


class ConfirmationRow(Base):
    """A second person confirmed a sheet. The database itself refuses the same person twice."""

    __tablename__ = "scoring_confirmations"

    sheet: Mapped[str] = mapped_column(ForeignKey("scoring.scoring_sheets.id"), primary_key=True)
    submitter: Mapped[str] = mapped_column(_ID)
    confirmer: Mapped[str] = mapped_column(_ID)
    confirmed_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("confirmer <> submitter", name="two_people"),)


class ContributionRow(Base):
    """Points earned elsewhere: what was told last (`body`), and what of it stands on the board.

    `entry` is "" while no candidate of the board matches; `entered` is what its sheet says now; `settled` is
    False while something that was told does not stand on the board yet.
    """

    __tablename__ = "scoring_contributions"

    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    board: Mapped[str] = mapped_column(_ID)
    feed: Mapped[str] = mapped_column(_ID)
    entry: Mapped[str] = mapped_column(_ID)
    telling: Mapped[int] = mapped_column(BigId)
    entered: Mapped[str] = mapped_column(String(60))
    settled: Mapped[bool]
    body: Mapped[bytes] = mapped_column(LargeBinary)

    __table_args__ = (Index(None, "board", "entry", "feed"), Index(None, "settled", "board"))
