"""What a projector knows of a board: read from Redis once, then as much more as a step needs."""

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from msgspec.structs import replace
from redis.asyncio import Redis

from schemas.live import BoardHead, BoardKeys, LiveRow, View
from schemas.live_state import BoardState, BoardTally, EntryState
from schemas.topics import BOARD_TOPICS
from streams.events import Event, read
from streams.leaderboard import scripts
from streams.leaderboard.fold import touched
from streams.leaderboard.layout import POSITIONS
from streams.leaderboard.standing import rulebook
from streams.leaderboard.step import Shown, needs_all, needs_held

_FIELDS = ("head", "state", "tally", "aside", *POSITIONS)
_head = msgspec.json.Decoder(BoardHead | None)
_state = msgspec.json.Decoder(BoardState)
_tally = msgspec.json.Decoder(BoardTally)
_entry = msgspec.json.Decoder(EntryState)
_row = msgspec.json.Decoder(LiveRow)


class Gone(Exception):
    """Redis does not have the board any more that was read from it."""


@dataclass(slots=True)
class Loaded:
    """A view of a board as it was in Redis; `seen` are the entries asked for, known or not."""

    generation: int
    shown: Shown
    seen: set[str] = field(default_factory=set)
    all_seen: bool = False
    aside: bool = False

    def unseen(self, entries: Set[str]) -> Set[str]:
        """Those of `entries` that nobody asked for yet."""
        return set() if self.all_seen else entries - self.seen


@dataclass(frozen=True, slots=True)
class Question:
    """Asks for entries of a view: script `sha`, with one key, then arguments, in `words`."""

    loaded: Loaded
    ids: Sequence[str]
    sha: str = ""
    words: Sequence[str] = ()

    def take(self, answer: Sequence[Any]) -> None:
        """Keep what was asked for."""
        _fill(self.loaded.shown, answer[2], answer[3])
        self.loaded.seen.update(self.ids)


class Loading:
    """Reads one view. A newer position than the first reading's does no harm: the fence refuses its step."""

    def __init__(self, redis: Redis, view: View) -> None:
        self._view = view
        self._load = redis.register_script(scripts.LOAD)

    async def board(self, board: str, wanted: Iterable[str]) -> Loaded | None:
        """The board with these entries; None if Redis does not have it."""
        ids = list(wanted)
        answer = await self._run(board, ids)
        if answer is None:
            return None
        generation, (head, state, tally, aside, *positions), entries, rows, *_ = answer
        shown = Shown.empty(board)
        if state is not None:
            shown.board = _state.decode(state)
            shown.rules = rulebook(shown.board)
        if tally is not None:
            shown.tally = told = _tally.decode(tally)
            shown.board = replace(shown.board, started_at=told.started_at, changed_at=told.changed_at)
        shown.head = None if head is None else _head.decode(head)
        shown.position = {
            topic: int(value)
            for topic, value in zip(BOARD_TOPICS, positions, strict=True)
            if value is not None
        }
        _fill(shown, entries, rows)
        return Loaded(int(generation), shown, set(ids), aside=aside is not None)

    async def complete(self, loaded: Loaded, board: str, events: Sequence[Event]) -> list[Event]:
        """Load what a step over `events` still lacks; returns what is held, where the step needs it.

        Raises Gone.
        """
        held: list[Event] = []
        if self._view != "jury" and needs_held(events):
            held = [read(body) for body in (await self._again(board, held=True))[4]]
        if needs_all(loaded.shown.rules, [*events, *held]) and not loaded.all_seen:
            answer = await self._again(board, whole=True)
            _fill(loaded.shown, answer[5][1::2], answer[6][1::2])
            loaded.all_seen = True
        await self.entries(loaded, board, touched((*events, *held)))
        return held

    async def entries(self, loaded: Loaded, board: str, wanted: Set[str]) -> None:
        """Load those of these entries that were not asked for yet. Raises Gone."""
        ids = list(loaded.unseen(wanted))
        if ids:
            Question(loaded, ids).take(await self._again(board, ids))

    def question(self, loaded: Loaded, board: str, wanted: Set[str]) -> Question:
        """What `entries` would ask, for whoever asks several views at once."""
        ids = list(loaded.unseen(wanted))
        return Question(loaded, ids, self._load.sha, [BoardKeys.live(board), *self._words(board, ids)])

    async def _again(
        self, board: str, ids: Sequence[str] = (), *, whole: bool = False, held: bool = False
    ) -> list[Any]:
        answer = await self._run(board, ids, whole=whole, held=held)
        if answer is None:
            raise Gone(board)
        return answer

    async def _run(
        self, board: str, ids: Sequence[str], *, whole: bool = False, held: bool = False
    ) -> list[Any] | None:
        words = self._words(board, ids, whole=whole, held=held)
        return cast("list[Any] | None", await self._load(keys=[BoardKeys.live(board)], args=words))

    def _words(
        self, board: str, ids: Sequence[str], *, whole: bool = False, held: bool = False
    ) -> Sequence[str]:
        prefix = f"lt:{{{board}}}:{self._view}:"
        flags = ["1" if whole else "0", "1" if held else "0"]
        return [self._view, prefix, str(len(_FIELDS)), *_FIELDS, *flags, *ids]


def _fill(shown: Shown, entries: Iterable[bytes | None], rows: Iterable[bytes | None]) -> None:
    for body in entries:
        if body is not None:
            state = _entry.decode(body)
            shown.entries[state.id] = state
    for body in rows:
        if body is not None:
            row = _row.decode(body)
            shown.rows[row.entry] = row
