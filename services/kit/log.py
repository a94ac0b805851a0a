"""The log: one outbox per database, with one gapless sequence per board and topic (D1, D5).

`append` notes a fact inside a transaction; the transaction numbers and writes all of them at its end.
Readers tell by the number: next → apply, older → seen already, ahead → fetch what is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import msgspec
from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from schemas.envelope import GENESIS, Envelope, canonical, decode, encode, link
from schemas.registry import Fact, dataschema, decode_fact, event_type
from schemas.topics import Topic
from services.kit.ids import new_id
from services.kit.one_of import one_of
from services.kit.prepared import Prepared
from services.kit.session import ReadSession, WriteSession
from services.kit.tables import NOT_A_SHEET, outbox, sequences

F = TypeVar("F", bound=Fact)
_PENDING = "leitai.log"

# Built once: making a statement costs more than running it.
_head = (
    select(sequences.c.value, sequences.c.chain)
    .where(sequences.c.board == bindparam("board"), sequences.c.topic == bindparam("topic"))
    .with_for_update()
)
_heads = (
    select(sequences.c.board, sequences.c.topic, sequences.c.value, sequences.c.chain)
    .where(one_of(sequences.c.board, "boards"))
    .with_for_update()
)
_heads_in_order = {
    "sqlite": Prepared(_heads),
    # Of code points, as `lock` sorts them.
    "postgresql": Prepared(_heads.order_by(sequences.c.board.collate("C"), sequences.c.topic.collate("C"))),
}
_raise = Prepared(
    update(sequences)
    .where(sequences.c.board == bindparam("of_board"), sequences.c.topic == bindparam("of_topic"))
    .values(value=bindparam("value"), chain=bindparam("chain"))
)
_MADE_BY_THE_DATABASE = ("offset", "published")
_insert = Prepared(
    insert(outbox)
    .values({each.name: bindparam(each.name) for each in outbox.c if each.name not in _MADE_BY_THE_DATABASE})
    .inline()
)
_logged_columns = (
    outbox.c.offset,
    outbox.c.topic,
    outbox.c.board,
    outbox.c.sequence,
    outbox.c.body,
    outbox.c.chain,
)
_read_board = Prepared(
    select(*_logged_columns)
    .where(
        outbox.c.board == bindparam("board"),
        outbox.c.topic == bindparam("topic"),
        outbox.c.sequence > bindparam("after"),
    )
    .order_by(outbox.c.sequence)
    .limit(bindparam("most"))
)
_tail = Prepared(
    select(*_logged_columns)
    .where(outbox.c.offset > bindparam("after"))
    .order_by(outbox.c.offset)
    .limit(bindparam("most"))
)
_topics = {topic.value: topic for topic in Topic}
_create = {
    "sqlite": sqlite.insert(sequences).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(sequences).on_conflict_do_nothing(),
}


class LoggedEvent(msgspec.Struct, frozen=True, gc=False):
    """An event of the log: where it stands, and its canonical JSON (`schemas.envelope.decode`)."""

    offset: int
    topic: Topic
    board: str
    sequence: int
    body: bytes
    chain: str


@dataclass(slots=True)
class _Pending:
    facts: list[tuple[str, Topic, Envelope]] = field(default_factory=list)
    heads: dict[tuple[str, Topic], tuple[int, str]] = field(default_factory=dict)


def append(
    session: WriteSession,
    fact: Fact,
    *,
    board: str,
    source: str,
    actor: str,
    time: datetime,
    entityversion: int = 1,
    causationid: str | None = None,
) -> str:
    """Note a fact for this transaction and return its event id. It is numbered and written at commit.

    `board` is the key that orders it, `source` the service, `actor` who did it, `time` when (UTC).
    """
    event_id = new_id()
    envelope = Envelope(
        id=event_id,
        source=source,
        type=event_type(type(fact)),
        subject=fact.subject,
        time=time,
        partitionkey=board,
        dataschema=dataschema(type(fact)),
        sequence=0,
        actor=actor,
        data=msgspec.Raw(canonical(fact)),
        entityversion=entityversion,
        causationid=causationid,
    )
    _pending(session).facts.append((board, fact.topic, envelope))
    return event_id


def lock(session: WriteSession, pairs: Iterable[tuple[str, Topic]]) -> dict[tuple[str, Topic], int]:
    """Take the turn of these boards now instead of at commit, and tell the last number of each.

    Locks are taken in sorted order, so that two transactions never wait for each other.
    """
    heads = _pending(session).heads
    connection = session.link()
    for board, topic in sorted(set(pairs) - heads.keys()):
        key = {"board": board, "topic": topic.value}
        row = connection.execute(_head, key).first()
        if row is None:
            connection.execute(_create[connection.dialect.name], {**key, "value": 0, "chain": GENESIS})
            row = connection.execute(_head, key).one()
        heads[board, topic] = (row.value, row.chain)
    return {pair: value for pair, (value, _) in heads.items()}


def take_turn(session: WriteSession, boards: Iterable[str]) -> dict[str, dict[Topic, int]]:
    """Take the turn of all topics of these boards in one query, and tell the last number of each.

    A board without events is not in the answer, and nothing of it is locked.
    """
    heads = _pending(session).heads
    found: dict[str, dict[Topic, int]] = {}
    heads_in_order = _heads_in_order[session.link().dialect.name]
    for board, name, value, chain in heads_in_order.rows(session, {"boards": list(boards)}):
        topic = _topics[name]
        heads.setdefault((board, topic), (value, chain))
        found.setdefault(board, {})[topic] = value
    return found


def number(session: WriteSession) -> int:
    """Number the facts noted in this transaction, and have them written at its end. Returns how many."""
    pending = _pending(session)
    if not pending.facts:
        return 0
    session.flush()
    lock(session, {(board, topic) for board, topic, _ in pending.facts})
    rows: list[dict[str, Any]] = []
    raised: dict[tuple[str, Topic], tuple[int, str]] = {}
    for board, topic, envelope in pending.facts:
        value, chain = raised.get((board, topic)) or pending.heads[board, topic]
        body = encode(msgspec.structs.replace(envelope, sequence=value + 1))
        head = link(chain, body)
        raised[board, topic] = (value + 1, head)
        rows.append(
            {
                "topic": topic.value,
                "board": board,
                "sequence": value + 1,
                "kind": envelope.type,
                "body": body,
                "chain": head,
            }
        )
    heads = [
        {"of_board": board, "of_topic": topic.value, "value": value, "chain": chain}
        for (board, topic), (value, chain) in sorted(raised.items())
    ]
    session.at_end(partial(_insert.each, session, rows))
    session.at_end(partial(_raise.each, session, heads))
    pending.facts.clear()
    pending.heads.update(raised)
    return len(rows)


def read_board(
    session: ReadSession, board: str, topic: Topic, after: int = 0, limit: int = 10_000
) -> list[LoggedEvent]:
    """Events of one board on one topic with a sequence greater than `after`, in order."""
    key = {"board": board, "topic": topic.value, "after": after, "most": limit}
    return _logged(_read_board.rows(session, key))


def tail(session: ReadSession, after: int, limit: int = 10_000) -> list[LoggedEvent]:
    """Events of all boards by offset. Offsets are commit order on SQLite only; elsewhere read by board."""
    return _logged(_tail.rows(session, {"after": after, "most": limit}))


def latest(session: ReadSession, board: str, *kinds: type[F]) -> F | None:
    """The last fact of these classes on a board, or None. All of one topic, and none of them sheets."""
    row = session.execute(
        select(outbox.c.body)
        .where(outbox.c.board == board, outbox.c.kind.in_([event_type(kind) for kind in kinds]), NOT_A_SHEET)
        .order_by(outbox.c.sequence.desc())
        .limit(1)
    ).first()
    return None if row is None else decode_fact(decode(row.body))  # type: ignore[return-value]  # F by its kind


def has(session: ReadSession, board: str, kind: type[Fact]) -> bool:
    """Whether a board has a fact of this class."""
    found = exists().where(
        outbox.c.board == board, outbox.c.topic == kind.topic.value, outbox.c.kind == event_type(kind)
    )
    return bool(session.scalar(select(found)))


def boards(session: ReadSession) -> list[str]:
    """Every board that has an event."""
    return list(session.scalars(select(sequences.c.board).distinct().order_by(sequences.c.board)))


def positions(session: ReadSession, board: str) -> dict[Topic, int]:
    """The last number of each topic of a board."""
    found = session.execute(select(sequences.c.topic, sequences.c.value).where(sequences.c.board == board))
    return {Topic(row.topic): row.value for row in found}


def ends(session: ReadSession) -> dict[str, dict[Topic, int]]:
    """The last number of each topic of every board."""
    found: dict[str, dict[Topic, int]] = {}
    for board, topic, value in session.execute(
        select(sequences.c.board, sequences.c.topic, sequences.c.value)
    ):
        found.setdefault(board, {})[Topic(topic)] = value
    return found


def size(session: ReadSession) -> int:
    """How many events were ever appended; unlike the last offset it moves with every commit."""
    return int(session.scalar(select(func.sum(sequences.c.value))) or 0)


def end(session: ReadSession) -> int:
    """The offset of the last event (0: the log is empty)."""
    return session.scalar(select(func.max(outbox.c.offset))) or 0


def _pending(session: WriteSession) -> _Pending:
    found: _Pending = session.info.setdefault(_PENDING, _Pending())
    return found


def _logged(rows: Iterable[Any]) -> list[LoggedEvent]:
    return [
        LoggedEvent(offset, _topics[topic], board, sequence, body, chain)
        for offset, topic, board, sequence, body, chain in rows
    ]
