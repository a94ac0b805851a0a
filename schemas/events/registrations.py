"""Boards and entries: opened, registered, verified, withdrawn, drawn."""

from schemas.objects import Board, Entry
from schemas.registry import Fact, fact
from schemas.topics import Topic


class _OfBoard(Fact, frozen=True, kw_only=True):
    board: Board

    @property
    def subject(self) -> str:
        return self.board.id


class _OfEntry(Fact, frozen=True, kw_only=True):
    entry: Entry

    @property
    def subject(self) -> str:
        return self.entry.id


@fact("board.opened", Topic.REGISTRATIONS)
class BoardOpened(_OfBoard, frozen=True, kw_only=True):
    """A board was set up."""


@fact("board.changed", Topic.REGISTRATIONS)
class BoardChanged(_OfBoard, frozen=True, kw_only=True):
    """A board's title, unit, feeds or visibility were changed."""


@fact("entry.registered", Topic.REGISTRATIONS)
class EntryRegistered(_OfEntry, frozen=True, kw_only=True):
    """A person, team, unit or proposal was entered."""


@fact("entry.changed", Topic.REGISTRATIONS)
class EntryChanged(_OfEntry, frozen=True, kw_only=True):
    """An entry's name, unit, category or factors were corrected."""


@fact("entry.verified", Topic.REGISTRATIONS)
class EntryVerified(_OfEntry, frozen=True, kw_only=True):
    """Someone checked that the entry may take part."""


@fact("entry.withdrawn", Topic.REGISTRATIONS)
class EntryWithdrawn(_OfEntry, frozen=True, kw_only=True):
    """The entry does not take part any more; it keeps its row and reason."""


@fact("numbers.drawn", Topic.REGISTRATIONS)
class NumbersDrawn(Fact, frozen=True, kw_only=True):
    """Draw numbers and blind codes were given: entry id → number, entry id → code."""

    board: str
    numbers: dict[str, int]
    codes: dict[str, str] = {}

    @property
    def subject(self) -> str:
        return self.board
