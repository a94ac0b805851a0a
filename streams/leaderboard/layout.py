"""A step as operations on the parts of a board (`schemas.live`). Pure; every operation is a list of texts.

`key+` and `key-` count the rows that share a ranking key; the other operations are Redis commands. Each names
first the part of the board that it writes to, whatever the view and the generation.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

import msgspec
from msgspec.structs import replace

from rules.keys import encode_decimal
from rules.ranking import MARKED
from schemas.envelope import encode
from schemas.live import BoardHead, BoardKeys, BoardSummary, LiveRow, View, stage_part, unit_part
from schemas.topics import BOARD_TOPICS, Topic
from streams.leaderboard.step import Position, RowChange, Step
from streams.progress.marked import progress_operations

Operation = list[str]

POSITIONS = tuple(f"position:{topic.value}" for topic in BOARD_TOPICS)
_LONGEST_SEARCH = 64
_PER_COMMAND = 500
_ROWS_AT_ONCE = 50

_encoder = msgspec.json.Encoder(decimal_format="string")


def text(value: object) -> str:
    return _encoder.encode(value).decode()


def search_text(words: str) -> str:
    """What is typed and what is found are compared in this form: NFKC, folded case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def names(row: LiveRow) -> set[str]:
    """Every suffix of what an entry may be found by: name, members, draw number, external id."""
    number = str(row.number) if row.number else ""
    words = {search_text(word) for word in (row.name, *row.members, number, row.external_id)}
    return {word[i : i + _LONGEST_SEARCH] for word in words for i in range(len(word))}


def addressed(keys: BoardKeys, operations: Iterable[Operation]) -> Iterator[Operation]:
    """The same with the keys of one view's generation."""
    for command, part, *words in operations:
        yield [command, keys.of(part), *words]


def members(row: LiveRow) -> dict[str, str]:
    """The member that the row is in each of its sorted sets (all but `names`)."""
    member = f"{row.order}\t{row.entry}"
    found = {"index": member}
    for unit in row.unit.path.split("/"):
        if unit:
            found[unit_part(unit)] = member
    if not row.placed:
        # Listed among placed rows without taking a place (打星): places are counted without them.
        return found | ({"guests": member} if row.order.startswith(MARKED) else {})
    for path, value in row.values.items():
        if value is not None:
            found[stage_part(path)] = f"{encode_decimal(value, descending=True)}\t{row.entry}"
    return found


def row_operations(change: RowChange) -> Iterator[Operation]:
    """From the row as it was to the row as it is."""
    old, new = change.before, change.after
    yield ["HSET", "rows", new.entry, text(new)]
    was = members(old) if old else {}
    now = members(new)
    for part, member in was.items():
        if now.get(part) != member:
            yield ["ZREM", part, member]
    for part, member in now.items():
        if was.get(part) != member:
            yield ["ZADD", part, "0", member]
    yield from _key_operations(old, new)
    yield from _name_operations(old, new)


def _key_operations(old: LiveRow | None, new: LiveRow) -> Iterator[Operation]:
    before = old.key if old and old.placed else None
    after = new.key if new.placed else None
    if before == after:
        return
    if before is not None:
        yield ["key-", "keys", before]
    if after is not None:
        yield ["key+", "keys", after]


def _name_operations(old: LiveRow | None, new: LiveRow) -> Iterator[Operation]:
    if old and _named(old) == _named(new):
        return
    before, after = names(old) if old else set(), names(new)
    for word in sorted(before - after):
        yield ["ZREM", "names", f"{word}\t{new.entry}"]
    for word in sorted(after - before):
        yield ["ZADD", "names", "0", f"{word}\t{new.entry}"]


def _named(row: LiveRow) -> tuple[object, ...]:
    return row.name, row.members, row.number, row.external_id


def step_operations(step: Step) -> list[Operation]:
    """Everything that a step writes in any view, positions included."""
    operations = _together(operation for change in step.changes for operation in row_operations(change))
    operations += whole_hash("entries", step.entries)
    if step.released:
        operations.append(["DEL", "held"])
    operations += held_operations(step)
    operations.append(["HSET", "meta", *meta_fields(step)])
    return operations


def view_operations(view: View, step: Step) -> Iterator[Operation]:
    """What a step writes in this view alone."""
    return progress_operations(step.earlier, step.entries) if view == "jury" else iter(())


def _together(operations: Iterable[Operation]) -> list[Operation]:
    """The same in fewer commands. Rows never share a member, and counts come out alike in any order."""
    found: dict[tuple[str, str], list[str]] = {}
    for command, part, *words in operations:
        found.setdefault((command, part), []).extend(words)
    return [
        [command, part, *words[i : i + 2 * _PER_COMMAND]]
        for (command, part), words in found.items()
        for i in range(0, len(words), 2 * _PER_COMMAND)
    ]


def meta_fields(step: Step) -> list[str]:
    """Field and value of what changed in `meta`. The state holds the scheme and seldom changes."""
    state = ["state", text(replace(step.board, started_at=None, changed_at=None))] if step.amended else []
    head = [] if step.head is None else ["head", text(step.head)]
    return [*state, *head, "tally", text(step.tally), *position_fields(step.position)]


def held_operations(step: Step) -> list[Operation]:
    """What the step keeps back, at the end of what is kept already."""
    held = [encode(event.envelope).decode() for event in step.held]
    return [["RPUSH", "held", *held[i : i + _PER_COMMAND]] for i in range(0, len(held), _PER_COMMAND)]


def summary(head: BoardHead) -> BoardSummary:
    """The board's line in the list of boards."""
    frozen = head.frozen_at is not None and head.thawed_at is None
    return BoardSummary(
        board=head.board, frozen=frozen, published=head.published_at is not None, changed_at=head.changed_at
    )


def is_listed_alike(one: BoardHead, other: BoardHead) -> bool:
    """Whether the list of boards says the same of both, but for what every mark changes."""
    states = [(head.board, head.frozen_at, head.thawed_at, head.published_at) for head in (one, other)]
    return states[0] == states[1]


def position_fields(position: Position) -> list[str]:
    """Field and value of each topic that has a position."""
    return [
        part for topic in BOARD_TOPICS if topic in position for part in (_field(topic), str(position[topic]))
    ]


def expected_fields(position: Position) -> list[str]:
    """Field and expected value of every topic; nothing yet is the empty text."""
    return [part for topic in BOARD_TOPICS for part in (_field(topic), str(position.get(topic, "")))]


def whole_board(rows: Iterable[LiveRow]) -> Iterator[Operation]:
    """A whole board's rows in bulk, for a generation that nobody reads yet."""
    rest = iter(rows)
    counts: Counter[str] = Counter()
    while some := list(islice(rest, _ROWS_AT_ONCE)):
        yield from _some_rows(some)
        counts.update(row.key for row in some if row.placed)
    fields = list(counts.items())
    for i in range(0, len(fields), _PER_COMMAND):
        part = fields[i : i + _PER_COMMAND]
        yield ["HSET", "keycount", *(word for key, count in part for word in (key, str(count)))]
        yield _zadd("keys", [key for key, _ in part])


def _some_rows(rows: Sequence[LiveRow]) -> Iterator[Operation]:
    sorted_sets: dict[str, list[str]] = {}
    for row in rows:
        for part, member in members(row).items():
            sorted_sets.setdefault(part, []).append(member)
        sorted_sets.setdefault("names", []).extend(f"{word}\t{row.entry}" for word in names(row))
    yield ["HSET", "rows", *(word for row in rows for word in (row.entry, text(row)))]
    for part, found in sorted_sets.items():
        for i in range(0, len(found), _PER_COMMAND):
            yield _zadd(part, found[i : i + _PER_COMMAND])


def whole_hash(part: str, values: Mapping[str, object]) -> Iterator[Operation]:
    """A hash in bulk."""
    rest = iter(values.items())
    while some := list(islice(rest, _ROWS_AT_ONCE)):
        yield ["HSET", part, *(word for field, value in some for word in (field, text(value)))]


def _zadd(part: str, members: Iterable[str]) -> Operation:
    return ["ZADD", part, *(word for member in members for word in ("0", member))]


def _field(topic: Topic) -> str:
    return f"position:{topic.value}"
