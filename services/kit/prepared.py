"""A statement of a hot path: written and compiled by SQLAlchemy once, then run on the driver's own cursor.

What SQLAlchemy does for an execution takes longer than SQLite needs for the statement; a transaction that
nobody shares pays for every one of its five.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.dml import UpdateBase

from services.kit.session import ReadSession

Values = Mapping[str, Any]
_Convert = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class _Compiled:
    """The statement in one dialect, and what turns values into the driver's and back."""

    sql: str
    constants: Values
    into: Sequence[tuple[str, _Convert]]
    out_of: Sequence[tuple[int, _Convert]]


class Prepared:
    """A SELECT, INSERT or UPDATE whose every value is a `bindparam`. Errors are SQLAlchemy's own."""

    def __init__(self, statement: Select[*tuple[Any, ...]] | UpdateBase) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, session: ReadSession, values: Values) -> list[tuple[Any, ...]]:
        """Run it as a query."""
        compiled, connection = self._in(session)
        found: list[tuple[Any, ...]] = on_driver(
            connection, compiled.sql, _converted(compiled, values)
        ).fetchall()
        if not compiled.out_of:
            return found
        return [_read(compiled, row) for row in found]

    def each(self, session: ReadSession, rows: Sequence[Values]) -> None:
        """Run it once for each of these."""
        compiled, connection = self._in(session)
        if len(rows) == 1:
            on_driver(connection, compiled.sql, _converted(compiled, rows[0]))
        else:
            on_driver(connection, compiled.sql, [_converted(compiled, row) for row in rows], many=True)

    def _in(self, session: ReadSession) -> tuple[_Compiled, Connection]:
        connection = session.link()
        name = connection.dialect.name
        compiled = self._compiled.get(name)
        if compiled is None:
            compiled = self._compiled[name] = _compile(self._statement, connection.dialect)
        return compiled, connection


def _compile(statement: Select[*tuple[Any, ...]] | UpdateBase, dialect: Dialect) -> _Compiled:
    make: Any = type(dialect)
    named = make(paramstyle="named" if dialect.name == "sqlite" else "pyformat")
    named.identifier_preparer = dialect.identifier_preparer
    compiled = statement.compile(dialect=named)
    assert isinstance(compiled, SQLCompiler)
    into = {
        name: bound.type.dialect_impl(dialect).bind_processor(dialect)
        for name, bound in compiled.binds.items()
    }
    columns = statement.selected_columns if isinstance(statement, Select) else ()
    out_of = [each.type.dialect_impl(dialect).result_processor(dialect, None) for each in columns]
    return _Compiled(
        str(compiled),
        {name: bound.value for name, bound in compiled.binds.items() if not bound.required},
        [(name, convert) for name, convert in into.items() if convert is not None],
        [(place, convert) for place, convert in enumerate(out_of) if convert is not None],
    )


def _converted(compiled: _Compiled, values: Values) -> Values:
    if not (compiled.constants or compiled.into):
        return values
    return {
        **compiled.constants,
        **values,
        **{name: convert(values[name]) for name, convert in compiled.into},
    }


def _read(compiled: _Compiled, row: tuple[Any, ...]) -> tuple[Any, ...]:
    read = list(row)
    for place, convert in compiled.out_of:
        read[place] = convert(read[place])
    return tuple(read)


def on_driver(connection: Connection, sql: str, values: Any = (), *, many: bool = False) -> Any:
    """Run SQL on a cursor of the driver, which is returned. Raises the errors that SQLAlchemy would."""
    driver = connection.connection
    cursor = driver.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _of_sqlalchemy(connection, error, sql, values) from error
    return cursor


@contextmanager
def together(connection: Connection) -> Iterator[None]:
    """The statements of the block go to PostgreSQL together, and are answered at its end."""
    try:
        with connection.connection.driver_connection.pipeline():  # type: ignore[union-attr]  # psycopg's
            yield
    except connection.dialect.loaded_dbapi.Error as error:
        raise _of_sqlalchemy(connection, error) from error


def _of_sqlalchemy(connection: Connection, error: Any, sql: str = "", values: Any = ()) -> Exception:
    """The error of the driver as SQLAlchemy raises it; a lost connection is used no more."""
    lost = connection.dialect.is_disconnect(error, connection.connection.driver_connection, None)
    if lost:
        connection.invalidate(error)
    return DBAPIError.instance(  # type: ignore[no-any-return]  # of a type that SQLAlchemy leaves open
        sql,
        values,
        error,
        connection.dialect.loaded_dbapi.Error,
        connection_invalidated=lost,
        dialect=connection.dialect,
    )
