"""The database: SQLite (WAL, synchronous=FULL) on one machine, PostgreSQL in a cluster.

There is one way to write: `with database.transaction() as session`. It commits at its end and nobody
else does. Events appended in it (`log.append`) take their numbers as its last statement (D1).
"""

import select
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects.sqlite.base import SQLiteIdentifierPreparer
from sqlalchemy.exc import DisconnectionError

from services.kit import log
from services.kit.columns import SCHEMAS
from services.kit.prepared import on_driver, together
from services.kit.session import ReadSession, WriteSession

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 5
# PostgreSQL keeps the plan that it made while a table was small, reading all of it, though the table has
# grown since, until it is analysed.
_INDEXES = "-c enable_seqscan=off"


class _WithoutSchemas(SQLiteIdentifierPreparer):
    """Leaves schemas out, which SQLite lacks, once: a translation map would at every execution."""

    def schema_for_object(self, _named: object) -> None:  # type: ignore[override]  # may be None for SQLAlchemy
        return None


class Database:
    """Connections to one database. `url` is an SQLAlchemy URL (sqlite:/// or postgresql+psycopg://)."""

    def __init__(self, url: str, pool_size: int = 16) -> None:
        self.url = url
        self.is_sqlite = url.startswith("sqlite")
        if self.is_sqlite:
            # One connection is kept for transactions, one is for who asks for the engine.
            self._writer = _sqlite(url, "BEGIN IMMEDIATE", pool_size=2, max_overflow=0)
            self._reader = _sqlite(url, "BEGIN", query_only=True, pool_size=pool_size, max_overflow=pool_size)
        else:
            self._writer = self._reader = _postgresql(url, pool_size)
        self._turn = threading.Lock() if self.is_sqlite else nullcontext()
        self._kept: WriteSession | None = None
        self._listeners: list[Callable[[], None]] = []

    @property
    def engine(self) -> Engine:
        """The engine that writes; migrations and backups use it."""
        if not self.is_sqlite:
            return self._writer
        # Whether a table is there is asked by its schema, whatever the statements leave out.
        return self._writer.execution_options(schema_translate_map=dict.fromkeys(SCHEMAS))

    @contextmanager
    def transaction(self, *, durable: bool = True) -> Iterator[WriteSession]:
        """One transaction: committed when the block ends, rolled back when it raises.

        On return the commit is durable, unless PostgreSQL need not wait for its disk. On SQLite writers take
        turns.
        """
        with self._turn, self._writing() as session, session.link().begin():
            yield session
            appended = log.number(session)
            session.leave()
            self._end(session, durable)
            committed = session.emptied()
        for callback in committed:
            callback()
        if appended:
            for listener in self._listeners:
                listener()

    def _end(self, session: WriteSession, durable: bool) -> None:
        if self.is_sqlite:
            session.end()
        elif session.has_end:
            with together(session.link()):
                if not durable:
                    on_driver(session.link(), "SET LOCAL synchronous_commit = off")
                session.end()
                on_driver(session.link(), "COMMIT")

    @contextmanager
    def reading(self) -> Iterator[ReadSession]:
        """A consistent view to read from; it never waits for writers."""
        with ReadSession(self._reader, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def _writing(self) -> Iterator[WriteSession]:
        """Whose transaction it is: SQLite's one writer keeps its session and connection until an error."""
        if not self.is_sqlite:
            with self._writer.connect() as link, _session(link) as session:
                yield session
            return
        if self._kept is None:
            self._kept = _session(self._writer.connect())
        try:
            yield self._kept
        except BaseException:
            self._let_go()
            raise

    def _let_go(self) -> None:
        if self._kept is not None:
            self._kept.close()
            self._kept.link().close()
            self._kept = None

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` (from the committing thread, soon over) after each commit that appended events."""
        self._listeners.append(listener)

    def close(self) -> None:
        self._let_go()
        self._reader.dispose()
        self._writer.dispose()


def _session(link: Connection) -> WriteSession:
    return WriteSession(link, expire_on_commit=False)


def _postgresql(url: str, pool_size: int) -> Engine:
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=pool_size,
        connect_args={"connect_timeout": _CONNECT_SECONDS, "options": _INDEXES},
    )

    @event.listens_for(engine, "checkout")
    def _require_standing(connection: Any, _record: object, _proxy: object) -> None:
        """A server that cut a connection nobody used has said so: its word lies unread. To ask would cost a
        round trip for every transaction."""
        heard = select.poll()
        heard.register(connection.fileno(), select.POLLIN)
        if heard.poll(0):
            raise DisconnectionError

    return engine


def _sqlite(url: str, begin: str, query_only: bool = False, **pool: int) -> Engine:
    engine = create_engine(
        url,
        pool_timeout=_BUSY_SECONDS,
        connect_args={"timeout": _BUSY_SECONDS, "check_same_thread": False},
        **pool,
    )
    engine.dialect.identifier_preparer = _WithoutSchemas(engine.dialect)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-65536"):
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        on_driver(connection, begin)

    return engine
