"""The two kinds of database session: one that reads, one inside a transaction."""

from sqlalchemy.orm import Session


class ReadSession(Session):
    """A session that only reads. Every reading function takes this type."""


class WriteSession(ReadSession):
    """A session inside `Database.transaction`."""
