"""The unpublished end of the outbox, and who may publish it."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from sqlalchemy import Connection, bindparam, func, select, text, update

from schemas.topics import Topic
from services.kit.database import Database
from services.kit.log import LoggedEvent
from services.kit.one_of import one_of
from services.kit.prepared import Prepared
from services.kit.session import ReadSession, WriteSession
from services.kit.tables import outbox, sequences

_LOCK = 0x1E17A1

_unpublished = (
    select(outbox).where(outbox.c.published.is_(False)).order_by(outbox.c.offset).limit(bindparam("most"))
)
_appended = select(func.coalesce(func.sum(sequences.c.value), 0)).where(sequences.c.topic == bindparam("of"))
_waiting = select(func.count()).where(outbox.c.topic == bindparam("of"), outbox.c.published.is_(False))
_unmark = (
    update(outbox)
    .where(outbox.c.topic == bindparam("of"), outbox.c.published.is_(True))
    .values(published=False)
)
_published = Prepared(
    update(outbox).where(one_of(outbox.c.offset, "done")).values(published=bindparam("published"))
)


def unpublished(session: ReadSession, most: int) -> list[LoggedEvent]:
    """The oldest unpublished events. A board's events come in its own order: its writers take turns."""
    return [
        LoggedEvent(row.offset, Topic(row.topic), row.board, row.sequence, row.body, row.chain)
        for row in session.execute(_unpublished, {"most": most})
    ]


def mark_published(session: WriteSession, offsets: Sequence[int]) -> None:
    session.at_end(partial(_published.each, session, [{"done": offsets, "published": True}]))


def publish_again(session: WriteSession, topics: Collection[Topic]) -> int:
    """Have everything on these topics published again; how many events were published before."""
    found = 0
    for topic in topics:
        of = {"of": topic.value}
        if session.scalar(_appended, of) != session.scalar(_waiting, of):
            found += session.connection().execute(_unmark, of).rowcount
    return found


class Lead:
    """Being the one relay of a database. The lock belongs to a connection: who dies gives it up by dying."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def confirm(self) -> None:
        """Raises what the database raises if the connection, and the lock with it, is lost."""
        self._connection.execute(text("SELECT 1"))
        self._connection.commit()


@contextmanager
def only_relay(database: Database) -> Iterator[Lead | None]:
    """The lead over a PostgreSQL database while the block runs, None while another process has it."""
    with database.engine.connect() as connection:
        taken = bool(connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": _LOCK}))
        connection.commit()
        try:
            yield Lead(connection) if taken else None
        finally:
            if taken and not connection.invalidated:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
                connection.commit()
