"""The unpublished end of the outbox, and who may publish it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import bindparam, select, text, update

from schemas.topics import Topic
from services.kit.database import Database
from services.kit.log import LoggedEvent
from services.kit.session import ReadSession, WriteSession
from services.kit.tables import outbox

_LOCK = 0x1E17A1

_unpublished = (
    select(outbox).where(outbox.c.published.is_(False)).order_by(outbox.c.offset).limit(bindparam("most"))
)
_published = update(outbox).where(outbox.c.offset == bindparam("at")).values(published=True)


def unpublished(session: ReadSession, most: int) -> list[LoggedEvent]:
    """The oldest unpublished events. A board's events come in its own order: its writers take turns."""
    return [
        LoggedEvent(row.offset, Topic(row.topic), row.board, row.sequence, row.body, row.chain)
        for row in session.execute(_unpublished, {"most": most})
    ]


def mark_published(session: WriteSession, offsets: Sequence[int]) -> None:
    session.connection().execute(_published, [{"at": offset} for offset in offsets])


@contextmanager
def only_relay(database: Database) -> Iterator[bool]:
    """Whether this process is the one relay of a PostgreSQL database, held while the block runs.

    The lock belongs to a connection: a relay that dies gives it up by dying.
    """
    with database.engine.connect() as connection:
        taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}))
        connection.commit()
        try:
            yield taken
        finally:
            if taken:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                connection.commit()
