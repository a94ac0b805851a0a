"""What SQLAlchemy writes once and the driver runs: values, moments and errors are as SQLAlchemy has them."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from services.kit.database import Database
from services.kit.one_of import one_of
from services.kit.prepared import Prepared
from services.kit.tables import idempotency_keys

_WHEN = datetime(2026, 5, 1, 8, 30, 15, 123456, tzinfo=UTC)
_add = Prepared(
    insert(idempotency_keys).values({each.name: bindparam(each.name) for each in idempotency_keys.c})
)
_some = Prepared(
    select(idempotency_keys.c.key, idempotency_keys.c.created_at, idempotency_keys.c.answer)
    .where(one_of(idempotency_keys.c.key, "keys"), idempotency_keys.c.fingerprint == "f")
    .order_by(idempotency_keys.c.key)
    .limit(bindparam("most"))
)


def row(key: str, fingerprint: str = "f") -> dict[str, object]:
    return {"key": key, "fingerprint": fingerprint, "answer": b"\x00\xff", "created_at": _WHEN}


def test_rows_come_back_as_they_were_given(database: Database) -> None:
    with database.transaction() as session:
        _add.each(session, [row("王小明"), row("100%"), row("it's"), row("other", "g")])
        _add.each(session, [row("alone")])

    with database.reading() as session:
        found = _some.rows(session, {"keys": ["王小明", "100%", "it's", "other", "nobody"], "most": 10})
        fewer = _some.rows(session, {"keys": ["王小明", "100%", "alone"], "most": 1})
    assert {key: (when, answer) for key, when, answer in found} == dict.fromkeys(
        ["王小明", "100%", "it's"], (_WHEN, b"\x00\xff")
    )
    assert len(fewer) == 1


def test_refusal_of_the_database_is_sqlalchemys_error_and_leaves_nothing(database: Database) -> None:
    with pytest.raises(IntegrityError), database.transaction() as session:
        _add.each(session, [row("a"), row("b"), row("a")])

    with database.transaction() as session:
        _add.each(session, [row("b")])
        assert [key for key, *_ in _some.rows(session, {"keys": ["a", "b"], "most": 10})] == ["b"]
