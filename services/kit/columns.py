"""Column types and metadata that the tables of every service use."""

from datetime import UTC, datetime

from sqlalchemy import BigInteger, DateTime, Integer, MetaData, TypeDecorator
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

SCHEMAS = ("kit", "identity", "registration", "scoring", "suggestions", "awards")
BigId = BigInteger().with_variant(Integer(), "sqlite")
_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 (SQLAlchemy's signature)
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def metadata(schema: str) -> MetaData:
    """The metadata of one service's tables. SQLite has no schemas: table names are unique across services."""
    return MetaData(schema=schema, naming_convention=_NAMES)


def base(schema: str) -> type[DeclarativeBase]:
    """The declarative base of one service's tables, in a schema of its own."""
    return type(
        "Base",
        (DeclarativeBase,),
        {
            "metadata": metadata(schema),
            "type_annotation_map": {datetime: UtcDateTime()},
            "__module__": __name__,
        },
    )
