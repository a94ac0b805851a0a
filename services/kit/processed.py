"""What a consumer has already done: effect and mark in one transaction, so that a repeat does nothing."""

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from services.kit.session import WriteSession
from services.kit.tables import processed_events


def once(session: WriteSession, consumer: str, event_id: str) -> bool:
    """True the first time that `consumer` meets `event_id`; the mark is part of this transaction."""
    try:
        with session.begin_nested():
            session.execute(insert(processed_events).values(consumer=consumer, event_id=event_id))
    except IntegrityError:
        return False
    return True
