"""`column is one of these values` as one constant statement, whatever their number.

SQLAlchemy's own `in_` writes a new statement for every length of the list, on every execution; the hot path
would spend more on that than on the query.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, Integer, Text, TypeDecorator, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine


class _Several(TypeDecorator[Sequence[Any]]):
    """A list of texts, or of whole numbers, as one parameter: JSON for SQLite, an array for PostgreSQL."""

    impl = Text
    cache_ok = True

    def __init__(self, whole: bool) -> None:
        super().__init__()
        self.whole = whole

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        array = ARRAY(BigInteger if self.whole else Text)
        return dialect.type_descriptor(array if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return msgspec.json.encode(value).decode()


class one_of(FunctionElement[bool]):  # noqa: N801 (reads as a function, as in_ does)
    """True where `column` is one of the values in the parameter `name`."""

    type = Boolean()
    inherit_cache = True

    def __init__(self, column: Any, name: str) -> None:
        super().__init__(column, bindparam(name, type_=_Several(isinstance(column.type, Integer))))

    def self_group(self, against: Any = None) -> "one_of":  # noqa: ARG002 (SQLAlchemy's signature)
        """Itself: the `= 1` that SQLAlchemy puts behind functions in a WHERE would keep indexes from use."""
        return self


@compiles(one_of, "sqlite")
def _sqlite(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 (names and markers only)


@compiles(one_of, "postgresql")
def _postgresql(element: one_of, compiler: SQLCompiler, **kw: Any) -> str:
    column, values = (compiler.process(part, **kw) for part in element.clauses)
    return f"{column} = ANY ({values})"
