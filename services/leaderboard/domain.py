"""What frames come to when several are put together, and where a cursor stands. Pure."""

import unicodedata
from collections.abc import Iterable
from typing import Literal, NamedTuple

from msgspec.structs import replace

from schemas.live import BoardHead, Change, Frame, LiveRow
from schemas.objects import Board, BoardKind
from services.leaderboard.resources import BoardLine, Diff

START = "0-0"
"""The cursor of a feed that has no frame yet."""

LONGEST_SEARCH = 64
_MOST_DIGITS = 21
MOST_CHANGES = 500
"""A diff with more changes than this is larger than the page that replaces it."""


class Selection(NamedTuple):
    """Which rows: of a unit and all below it, or by a stage's value; else of the whole board."""

    offset: int = 0
    limit: int = 50
    unit: str | None = None
    stage: str | None = None

    @property
    def part(self) -> str:
        """The part of the board's keys that lists them."""
        if self.unit is not None:
            return f"unit:{self.unit}"
        return "index" if self.stage is None else f"stage:{self.stage}"


class Listing(NamedTuple):
    """Which boards of the list: those named, of a campaign, of a kind; else all."""

    offset: int = 0
    limit: int = 100
    campaign: str | None = None
    kind: BoardKind | None = None
    named: tuple[str, ...] = ()

    def has(self, board: Board) -> bool:
        return (
            (self.campaign is None or board.campaign == self.campaign)
            and (self.kind is None or board.kind == self.kind)
            and (not self.named or board.id in self.named)
        )


Standing = Literal["waiting", "provisional", "complete", "frozen", "final"]


def line_of(head: BoardHead) -> BoardLine:
    """A board's line in the list."""
    return BoardLine(
        board=head.board,
        frozen=head.frozen_at is not None and head.thawed_at is None,
        published=head.published_at is not None,
        entries=head.entries,
        marked=head.marked,
        complete=head.complete,
        changed_at=head.changed_at,
    )


def standing_of(line: BoardLine) -> Standing:
    """In what state a board is, in one word that the pages explain."""
    if line.published:
        return "final"
    if line.frozen:
        return "frozen"
    if not line.marked:
        return "waiting"
    return "complete" if line.complete >= line.entries else "provisional"


class FeedFrame(NamedTuple):
    """A frame with its id in the feed."""

    id: str
    frame: Frame


def search_text(words: str) -> str:
    """The form in which names are indexed: NFKC, folded case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())[:LONGEST_SEARCH]


def stands_at(cursor: str) -> tuple[int, int]:
    """A cursor as numbers that compare; raises ValueError for a text that is none."""
    milliseconds, _, number = cursor.partition("-")
    if not (milliseconds.isascii() and milliseconds.isdigit() and number.isascii() and number.isdigit()):
        raise ValueError(cursor)
    stands = int(milliseconds[:_MOST_DIGITS]), int(number[:_MOST_DIGITS])
    if max(stands) >= 1 << 64:
        raise ValueError(cursor)
    return stands


class Merge:
    """Frames after `since` as one diff. Frames must be added in order and without a gap."""

    def __init__(self, since: str) -> None:
        self.since = self.cursor = since
        self.reset = False
        self._position: dict[str, int] = {}
        self._first: dict[str, Change] = {}
        self._last: dict[str, LiveRow | None] = {}
        self._head: BoardHead | None = None

    def add(self, frames: Iterable[FeedFrame]) -> "Merge":
        for id, frame in frames:
            self.cursor = id
            self.reset = self.reset or frame.reset
            self._position.update(frame.position)
            self._head = frame.head or self._head
            for change in frame.changes:
                self._first.setdefault(change.entry, change)
                self._last[change.entry] = change.row
        if len(self._last) > MOST_CHANGES:
            self.reset = True
        return self

    def diff(self) -> Diff:
        """Of no meaning where `reset` holds: readers need a page then."""
        return Diff(
            since=self.since,
            cursor=self.cursor,
            position=self._position,
            head=self._head,
            changes=tuple(
                replace(self._first[entry], row=row)
                for entry, row in self._last.items()
                if row is not None or self._first[entry].before is not None
            ),
        )
