"""What the log says about boards: positions, the board's own facts, and the projection of entries.

The projection is brought up to date inside the transaction that needs it, so that nobody ever meets an
entry that registration has taken and scoring does not know yet.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from schemas.envelope import decode
from schemas.events import registrations, suggestions
from schemas.live_state import NOWHERE, EntryState, status
from schemas.objects import Board, UnitRef
from schemas.registry import Fact, decode_fact, event_type
from schemas.topics import Topic
from services.kit import log
from services.kit.one_of import one_of
from services.kit.session import ReadSession, WriteSession
from services.kit.tables import NOT_A_SHEET, outbox, sequences
from services.scoring.domain.board import CONTROL, BoardControl, apply
from services.scoring.tables import BoardRow, EntryRow

_PAGE = 10_000
_boards = BoardRow.__table__
_entries = EntryRow.__table__
_board_decoder = msgspec.json.Decoder(Board)
_entry_decoder = msgspec.json.Decoder(EntryState)
_encoder = msgspec.json.Encoder(decimal_format="string")

# Built once: making a statement costs more than running it.
_positions = select(sequences.c.board, sequences.c.topic, sequences.c.value).where(
    one_of(sequences.c.board, "boards")
)
_control = (
    select(outbox.c.sequence, outbox.c.body)
    .where(
        outbox.c.board == bindparam("of"),
        outbox.c.kind.in_([event_type(kind) for kind in CONTROL]),
        NOT_A_SHEET,
        outbox.c.sequence > bindparam("after"),
    )
    .order_by(outbox.c.sequence)
)
_withdrawn = select(EntryRow.id, EntryRow.board, EntryRow.withdrawn).where(one_of(EntryRow.id, "ids"))


@dataclass(frozen=True, slots=True)
class KnownBoard:
    """A board as registration described it, and how far the projection has read."""

    board: Board | None
    registrations: int
    suggestions: int


class Projected(NamedTuple):
    """The numbers that a projection went on from (registrations, suggestions), and the entries it touched."""

    since: tuple[int, int]
    entries: set[str]


def positions(session: ReadSession, boards: Iterable[str]) -> dict[str, dict[Topic, int]]:
    """The last number of each topic of each board that has events."""
    found: dict[str, dict[Topic, int]] = {}
    for board, topic, value in session.connection().execute(_positions, {"boards": list(boards)}):
        found.setdefault(board, {})[Topic(topic)] = value
    return found


def control(session: ReadSession, board: BoardControl, after: int = 0) -> BoardControl:
    """The board after the facts that followed `after`."""
    for row in session.connection().execute(_control, {"of": board.id, "after": after}):
        envelope = decode(row.body)
        board = apply(board, decode_fact(envelope), envelope.time)
    return board


def known(session: ReadSession, board: str) -> KnownBoard | None:
    row = session.execute(select(_boards).where(_boards.c.id == board)).first()
    if row is None:
        return None
    body = _board_decoder.decode(row.body) if row.body else None
    return KnownBoard(body, row.registrations, row.suggestions)


def project(session: WriteSession, board: str) -> Projected:
    """Bring the projection of a board up to date. Two that do so at once write the same rows."""
    seen = known(session, board)
    touched: set[str] = set()
    about = seen.board if seen else None
    read = {
        "registrations": seen.registrations if seen else 0,
        "suggestions": seen.suggestions if seen else 0,
    }
    before = dict(read)
    for (topic, last), facts in _unread(session, board, seen):
        read[topic.value] = last
        about = _board_of(facts) or about
        states = _states(session, {touched for fact in facts for touched in _touched(fact)})
        changed = _fold(states, facts)
        touched |= changed
        _upsert(session, _entries, [_row(board, states[each]) for each in changed if states[each].known])
    if read != before:
        body = _encoder.encode(about) if about else None
        _upsert(session, _boards, [{"id": board, "body": body, **read}])
    return Projected((before["registrations"], before["suggestions"]), touched)


def first_withdrawn(session: ReadSession, board: str, limit: int) -> dict[str, bool]:
    """Of at most `limit` entries of a board whether each is withdrawn."""
    rows = session.execute(
        select(EntryRow.id, EntryRow.withdrawn).where(EntryRow.board == board).limit(limit)
    )
    return {row.id: bool(row.withdrawn) for row in rows}


def withdrawn(session: ReadSession, board: str, entries: Iterable[str]) -> dict[str, bool]:
    """Which of these entries the board has, and whether each is withdrawn."""
    rows = session.connection().execute(_withdrawn, {"ids": list(entries)})
    return {row.id: bool(row.withdrawn) for row in rows if row.board == board}


def entry(session: ReadSession, board: str, entry_id: str) -> EntryState | None:
    body = session.scalar(select(_entries.c.body).where(_entries.c.id == entry_id, _entries.c.board == board))
    return None if body is None else _entry_decoder.decode(body)


def candidate(session: ReadSession, board: str, unit: UnitRef) -> str | None:
    """The entry of the unit, else of its nearest ancestor that has one; None where nobody stands for it.

    Needs the projection. Entries of one unit are told apart by draw number, then id: the first one counts.
    """
    steps = unit.path.strip("/").split("/")
    above = ["/" + "/".join(steps[:length]) + "/" for length in range(1, len(steps) + 1)]
    rows = session.execute(
        select(_entries.c.id, _entries.c.unit, _entries.c.unit_path)
        .where(
            _entries.c.board == board,
            _entries.c.withdrawn.is_(False),
            or_(_entries.c.unit_path.in_(above), _entries.c.unit == unit.id),
        )
        .order_by(_entries.c.number, _entries.c.id)
    ).all()
    nearest = sorted(rows, key=lambda row: (row.unit != unit.id, -len(row.unit_path)))
    return nearest[0].id if nearest else None


def entries(session: ReadSession, board: str, wanted: Collection[str] | None = None) -> list[EntryState]:
    """All entries of a board (or those wanted) as the log has them now, by draw number, then id."""
    if wanted is None:
        found = session.scalars(select(_entries.c.body).where(_entries.c.board == board))
        states = {state.id: state for state in map(_entry_decoder.decode, found)}
    else:
        states = _states(session, wanted)
    for _, facts in _unread(session, board, known(session, board)):
        _fold(states, facts)
    return sorted(
        (state for state in states.values() if state.known and (wanted is None or state.id in wanted)),
        key=lambda each: (each.number, each.id),
    )


def page(session: ReadSession, board: str, offset: int, limit: int) -> tuple[int, list[EntryState]]:
    """How many entries a board has, and a page of them in the same order."""
    seen, ends = known(session, board), log.positions(session, board)
    read = (seen.registrations, seen.suggestions) if seen else (0, 0)
    if read != (ends.get(Topic.REGISTRATIONS, 0), ends.get(Topic.SUGGESTIONS, 0)):
        found = entries(session, board)
        return len(found), found[offset : offset + limit]
    mine = select(_entries.c.body).where(_entries.c.board == board)
    rows = session.scalars(mine.order_by(_entries.c.number, _entries.c.id).offset(offset).limit(limit))
    total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    return total, [_entry_decoder.decode(body) for body in rows]


def _unread(
    session: ReadSession, board: str, seen: KnownBoard | None
) -> Iterator[tuple[tuple[Topic, int], list[Fact]]]:
    """What the projection has not read, page by page, each with its topic and last number."""
    read = {
        Topic.REGISTRATIONS: seen.registrations if seen else 0,
        Topic.SUGGESTIONS: seen.suggestions if seen else 0,
    }
    for topic, after in read.items():
        last = after
        while events := log.read_board(session, board, topic, after=last, limit=_PAGE):
            last = events[-1].sequence
            yield (topic, last), [decode_fact(decode(event.body)) for event in events]


def _board_of(facts: Iterable[Fact]) -> Board | None:
    found = None
    for fact in facts:
        if isinstance(fact, registrations.BoardOpened | registrations.BoardChanged):
            found = fact.board
    return found


def _fold(states: dict[str, EntryState], facts: Iterable[Fact]) -> set[str]:
    """Apply facts to the states of entries; returns which they touched."""
    changed = set()
    for fact in facts:
        for touched in _touched(fact):
            states[touched] = _after(states.get(touched) or EntryState(touched), fact)
            changed.add(touched)
    return changed


def _states(session: ReadSession, ids: Iterable[str]) -> dict[str, EntryState]:
    found: dict[str, EntryState] = {}
    wanted = list(ids)
    for start in range(0, len(wanted), 500):
        part = wanted[start : start + 500]
        for row in session.execute(select(_entries.c.id, _entries.c.body).where(_entries.c.id.in_(part))):
            found[row.id] = _entry_decoder.decode(row.body)
    return found


def _touched(fact: Fact) -> Iterable[str]:
    if isinstance(fact, registrations.NumbersDrawn):
        return fact.numbers.keys() | fact.codes.keys()
    if hasattr(fact, "entry") or hasattr(fact, "proposal"):
        return (fact.subject,)
    return ()


def _after(state: EntryState, fact: Any) -> EntryState:
    if isinstance(fact, registrations.NumbersDrawn):
        number = fact.numbers.get(state.id, state.number)
        return replace(state, number=number, code=fact.codes.get(state.id, state.code))
    if fact.topic is Topic.SUGGESTIONS:
        return replace(state, proposal=fact.proposal)
    taken = fact.entry
    return replace(state, entry=taken, number=taken.number or state.number, code=taken.code or state.code)


def _row(board: str, state: EntryState) -> dict[str, Any]:
    unit = state.unit or NOWHERE
    return {
        "id": state.id,
        "board": board,
        "unit": unit.id,
        "unit_path": unit.path,
        "number": state.number,
        "withdrawn": status(state) == "withdrawn",
        "body": _encoder.encode(state),
    }


def _upsert(session: WriteSession, table: Any, rows: list[dict[str, Any]]) -> None:
    if not rows:
        return
    connection = session.connection()
    insert = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(table)
    values = {name: insert.excluded[name] for name in rows[0] if name != "id"}
    connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=values), rows)


_ = suggestions  # importing the module registers its facts
