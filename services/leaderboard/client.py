"""How a reader of the feed keeps a page right: the reference that docs/feed.md describes. Pure.

`TopRows` keeps the first rows of a board with their places, `Followed` one entry's place anywhere on it.
Both are given a page once, then every diff in its order. Where a diff cannot tell, `lacking` is true until
the reader has fetched anew.
"""

from bisect import insort
from collections.abc import Iterable
from typing import Literal

from msgspec.structs import replace

from schemas.live import Change, LiveRow
from services.leaderboard.resources import BoardPage, Diff, EntryPage, PlacedRow

Places = Literal["1224", "1223", "1234"]


class OutOfOrder(ValueError):
    """A diff that does not begin where the reader stands."""


class TopRows:
    """The first `limit` rows of a board. A reader knows every row down to `_bound`, in the board's order.

    The rows past it that share the key of the last one are counted, so that `tied` is right there too.
    """

    def __init__(self, page: BoardPage) -> None:
        if page.offset or page.unit is not None or page.stage is not None:
            raise ValueError("a page from the top of the whole board is needed")
        self.head, self.cursor, self.total, self.limit = page.head, page.cursor, page.total, page.limit
        self._rows: list[tuple[str, LiveRow]] = [(row.order, row) for row in page.rows]
        self._bound: str | None = page.rows[-1].order if page.total > len(page.rows) and page.rows else None
        self._edge = page.rows[-1].key if page.rows else ""
        alike = sum(row.placed and row.key == self._edge for row in page.rows)
        self._beyond = max(0, page.rows[-1].equals - alike) if page.rows else 0

    @property
    def lacking(self) -> bool:
        """Rows left the page and the reader never saw those that moved up: fetch a page."""
        return len(self._rows) < min(self.limit, self.total)

    def apply(self, diff: Diff) -> None:
        """Go on from `diff.since` to `diff.cursor`; raises OutOfOrder if the reader stands elsewhere."""
        if diff.since != self.cursor:
            raise OutOfOrder(f"at {self.cursor}, the diff is from {diff.since}")
        for change in diff.changes:
            self._take(change)
        self._trim()
        self.head, self.cursor = diff.head or self.head, diff.cursor

    def rows(self) -> list[PlacedRow]:
        """The rows with their places."""
        return list(placed((row for _, row in self._rows), self.head.places, self._edge, self._beyond))

    def _take(self, change: Change) -> None:
        before, row = change.before, change.row
        if before is None:
            self.total += 1
        elif self._knows(before):
            self._rows = [each for each in self._rows if each[1].entry != change.entry]
        else:
            self._beyond -= change.was_placed and before.startswith(self._edge)
        if row is None:
            self.total -= 1
        elif self._knows(row.order):
            insort(self._rows, (row.order, row), key=lambda each: each[0])
        else:
            self._beyond += row.placed and row.key == self._edge

    def _knows(self, order: str) -> bool:
        return self._bound is None or order <= self._bound

    def _trim(self) -> None:
        gone = self._rows[self.limit :]
        if not gone or not self.limit:
            return
        del self._rows[self.limit :]
        self._bound, last = self._rows[-1]
        self._beyond = self._beyond if last.key == self._edge else 0
        self._edge = last.key
        self._beyond += sum(row.placed and row.key == self._edge for _, row in gone)


class Followed:
    """One entry's place, wherever it stands."""

    def __init__(self, page: EntryPage) -> None:
        self.row, self.places, self.cursor = page.row, page.head.places, page.cursor
        self.lacking = False

    def apply(self, diff: Diff) -> None:
        """Go on to `diff.cursor`. The entry's own move cannot be counted: then it is `lacking`."""
        if diff.since != self.cursor:
            raise OutOfOrder(f"at {self.cursor}, the diff is from {diff.since}")
        self.cursor = diff.cursor
        for change in diff.changes:
            if change.entry == self.row.entry:
                self.lacking = self.lacking or change.row is None or change.row.order != self.row.order
            elif self.row.place is not None:
                self._pass(change)

    def _pass(self, change: Change) -> None:
        own = self.row
        before = change.before if change.was_placed else None
        after = change.row.order if change.row is not None and change.row.placed else None
        mark = own.order if self.places == "1234" else own.key
        moved = (after is not None and after < mark) - (before is not None and before < mark)
        equals = own.equals + (after is not None and after.startswith(own.key))
        equals -= before is not None and before.startswith(own.key)
        if self.places == "1223" and (moved or before != after):
            # Whether a key is new above me, or the last of its kind went, only the board knows.
            self.lacking = self.lacking or (before or "~") < mark or (after or "~") < mark
        place = None if own.place is None else own.place + moved
        self.row = replace(own, place=place, equals=equals, tied=equals > 1)


def placed(rows: Iterable[LiveRow], places: Places, edge: str = "", beyond: int = 0) -> Iterable[PlacedRow]:
    """Rows from the top of a board with their places; `beyond` more placed rows share the key `edge`."""
    rows = list(rows)
    equals: dict[str, int] = {edge: beyond}
    for row in rows:
        if row.placed:
            equals[row.key] = equals.get(row.key, 0) + 1
    position = distinct = shared = 0
    last = None
    for row in rows:
        if not row.placed:
            yield _row(row)
            continue
        position += 1
        if row.key != last:
            last, shared, distinct = row.key, position, distinct + 1
        place = {"1224": shared, "1223": distinct, "1234": position}[places]
        yield _row(row, place, equals[row.key])


def _row(row: LiveRow, place: int | None = None, equals: int = 0) -> PlacedRow:
    values = {name: getattr(row, name) for name in LiveRow.__struct_fields__}
    return PlacedRow(**values, place=place, equals=equals, tied=equals > 1)
