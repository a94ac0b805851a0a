"""The database is away or its disk is full: answered as a problem that says what to do.

A command that met an outage may still have been committed. Its id makes a second try safe.
"""

import sqlite3

import structlog
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from rules.text import Text
from services.kit.language import language_of
from services.kit.problems import Unavailable, respond

RETRY_SECONDS = 2

_SQLITE_OUTAGES = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_PROTOCOL,
    }
)
_PRIMARY_CODE = 0xFF
# Connection lost, transaction given up, out of resources, shutting down, failing storage.
_POSTGRESQL_OUTAGES = ("08", "25006", "40", "53", "55P03", "57", "58")
_POSTGRESQL_DISK_FULL = "53100"

_log = structlog.get_logger(__name__)


def is_outage(error: SQLAlchemyError) -> bool:
    """Whether the database, not the statement, is why it failed: the same may work later."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if isinstance(error.orig, sqlite3.Error):
        return _sqlite_code(error.orig) in _SQLITE_OUTAGES
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:
        return error.connection_invalidated or type(error).__name__ in ("OperationalError", "InterfaceError")
    return state.startswith(_POSTGRESQL_OUTAGES)


def unavailable(error: SQLAlchemyError) -> Unavailable:
    """The problem that an outage is answered with."""
    if _is_disk_full(error):
        return Unavailable(
            Text("服务器磁盘已满", "The server's disk is full"),
            way_out=Text(
                "请管理员清理磁盘；之后用同一编号重发，不会重复计入",
                "Have the administrator free some space; then send it again with the same id, it counts once",
            ),
            retry_after=RETRY_SECONDS,
        )
    return Unavailable(
        Text("数据库没有应答", "The database does not answer"),
        way_out=Text(
            "稍后用同一编号重发，不会重复计入", "Send it again later with the same id; it counts once"
        ),
        retry_after=RETRY_SECONDS,
    )


def install(app: FastAPI) -> None:
    """Answer outages as problems; any other error of the database stays an error."""

    @app.exception_handler(SQLAlchemyError)
    async def _outage(request: Request, error: SQLAlchemyError) -> JSONResponse:
        if not is_outage(error):
            raise error
        _log.error("database outage", reason=str(getattr(error, "orig", error)))
        return respond(unavailable(error), language_of(request), {"Retry-After": str(RETRY_SECONDS)})


def _is_disk_full(error: SQLAlchemyError) -> bool:
    cause = getattr(error, "orig", None)
    if isinstance(cause, sqlite3.Error):
        return _sqlite_code(cause) == sqlite3.SQLITE_FULL
    return getattr(cause, "sqlstate", None) == _POSTGRESQL_DISK_FULL


def _sqlite_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & _PRIMARY_CODE
