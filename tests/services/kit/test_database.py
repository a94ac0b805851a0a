"""A transaction: what is written in its block and at its end is there whole or not at all."""

from functools import partial

import pytest
from sqlalchemy import bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.prepared import Prepared, on_driver
from services.kit.processed import once
from services.kit.session import WriteSession
from services.kit.tables import idempotency_keys, processed_events

_add = Prepared(
    insert(idempotency_keys).values({each.name: bindparam(each.name) for each in idempotency_keys.c})
)


def add(session: WriteSession, *keys: str) -> None:
    now = utc_now()
    _add.each(session, [{"key": key, "fingerprint": "", "answer": b"", "created_at": now} for key in keys])


def counts(database: Database) -> tuple[int, int]:
    """Rows written by statements of the driver, and by the session."""
    with database.reading() as session:
        keys, marks = (
            session.scalar(select(func.count()).select_from(table))
            for table in (idempotency_keys, processed_events)
        )
    return keys or 0, marks or 0


def test_what_is_left_for_the_end_is_committed_with_the_rest(database: Database) -> None:
    with database.transaction() as session:
        session.at_end(partial(add, session, "a", "b"))
        session.at_end(partial(add, session, "c"))
        assert once(session, "consumer", "event")
        add(session, "first")

    assert counts(database) == (4, 1)


def test_block_that_raises_writes_nothing(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        session.at_end(partial(add, session, "a"))
        once(session, "consumer", "event")
        add(session, "first")
        raise RuntimeError

    assert counts(database) == (0, 0)


def test_refusal_at_the_end_is_sqlalchemys_and_undoes_everything(database: Database) -> None:
    told: list[str] = []
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.after_commit(partial(told.append, "committed"))
        session.at_end(partial(add, session, "same"))
        session.at_end(partial(add, session, "other"))
        once(session, "consumer", "event")
        add(session, "same")

    assert counts(database) == (0, 0)
    assert not told
    with database.transaction() as session:
        session.at_end(partial(add, session, "same"))
    assert counts(database) == (1, 0)


def test_postgresql_waits_for_its_disk_unless_it_need_not(database: Database) -> None:
    if database.is_sqlite:
        with database.transaction(durable=False) as session:
            session.at_end(partial(add, session, "a"))
        assert counts(database) == (1, 0)
        return
    for durable, waits in ((False, "off"), (True, "on")):
        asked = []
        with database.transaction(durable=durable) as session:
            link = session.link()
            session.at_end(lambda: asked.append(on_driver(link, "SHOW synchronous_commit")))  # noqa: B023
            session.at_end(partial(add, session, waits))
        assert [cursor.fetchone() for cursor in asked] == [(waits,)]
    assert counts(database) == (2, 0)
