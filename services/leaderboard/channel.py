"""The watchers of one view of a board, and the frames that they have in common.

A frame is encoded once and the same bytes go to every watcher that stands at the frame before it, unless
the connection's buffer is full. Then the watcher is **behind**: it leaves the round, and its own task brings
it up to date at its own pace.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from prometheus_client import Counter, Gauge
from starlette.types import Send

from schemas.live import View
from services.leaderboard.domain import FeedFrame, Merge, stands_at
from services.leaderboard.frames import Style, encoded, framed
from services.leaderboard.line import Chunk, Line, push

KEPT_FRAMES = 400
_TURN = 500
"""Watchers written to before others get a turn of the event loop."""

_delivered = Counter("leitai_feed_deliveries_total", "Frames handed to watchers")
_behind = Counter("leitai_feed_behind_total", "Watchers that could not take a frame at once")
_watching = Gauge("leitai_feed_watchers", "Watchers of live boards")


class Watcher:
    """One connection whose answer has begun. `cursor`: where it stands while not in its channel's round."""

    __slots__ = ("behind", "closing", "cursor", "limit", "line", "send", "style", "task")

    def __init__(self, send: Send, line: Line, style: Style, limit: int, cursor: str = "") -> None:
        self.send, self.line = send, line
        self.style, self.limit, self.cursor = style, limit, cursor
        self.task: asyncio.Task[Any] | None = asyncio.current_task()
        self.behind = self.closing = False

    def fall_behind(self, cursor: str) -> None:
        """Wake the watcher's own task to go on from `cursor`."""
        self.cursor, self.behind = cursor, True
        if self.task is not None:
            self.task.cancel()

    def close(self) -> None:
        self.closing = True
        if self.task is not None:
            self.task.cancel()


class Channel:
    """One view of a board that somebody watches. `cursor` is the last frame that was published."""

    def __init__(self, board: str, view: View, cursor: str) -> None:
        self.board, self.view, self.cursor = board, view, cursor
        self.changed = asyncio.Event()
        self.reset_at = 0.0
        self.watchers: dict[Line, Watcher] = {}
        self._in_round: dict[Style, dict[Line, None]] = {"sse": {}, "ndjson": {}}
        self._early: set[Watcher] = set()
        self._floor = cursor
        self._recent: deque[FeedFrame] = deque()

    def enter(self, watcher: Watcher) -> None:
        self.watchers[watcher.line] = watcher
        _watching.inc()

    def leave(self, watcher: Watcher) -> None:
        del self.watchers[watcher.line]
        self.withdraw(watcher)
        _watching.dec()

    def withdraw(self, watcher: Watcher) -> None:
        """Take the watcher out of the round."""
        self._in_round[watcher.style].pop(watcher.line, None)
        self._early.discard(watcher)

    def join(self, watcher: Watcher) -> bool:
        """Take the watcher into the round if it stands at the last frame, or ahead of it."""
        if watcher.cursor == self.cursor:
            self._in_round[watcher.style][watcher.line] = None
        elif stands_at(watcher.cursor) > stands_at(self.cursor):
            self._early.add(watcher)  # its page was read before the frames were
        else:
            return False
        return True

    def since(self, cursor: str) -> Merge | None:
        """The frames after a cursor, None where they are not at hand."""
        frames = list(self._recent)
        if cursor != self._floor:
            at = next((i for i, frame in enumerate(frames, 1) if frame.id == cursor), 0)
            if not at:
                return None
            frames = frames[at:]
        return Merge(cursor).add(frames)

    def take(self, frames: Sequence[FeedFrame]) -> None:
        """Remember frames and stand at the last one."""
        for frame in frames:
            self._recent.append(frame)
            if len(self._recent) > KEPT_FRAMES:
                self._floor = self._recent.popleft().id
        self.cursor = frames[-1].id

    def jump(self, cursor: str) -> list[Watcher]:
        """Stand at a cursor with nothing known of what lies before it; returns who was in the round."""
        self._recent.clear()
        self.cursor = self._floor = cursor
        for watcher in list(self._early):
            self.part(watcher, watcher.cursor)
        watchers = [self.watchers[line] for lines in self._in_round.values() for line in lines]
        for lines in self._in_round.values():
            lines.clear()
        return watchers

    async def publish(self, frames: Sequence[FeedFrame], merge: Merge) -> None:
        """Send frames to everybody as one diff; `merge` is what they come to, and does not reset."""
        since = self.cursor
        early, self._early = self._early, set()
        self.take(frames)
        diff = encoded(merge.diff())
        for style, lines in self._in_round.items():
            if lines:
                body = framed(style, "diff", diff, self.cursor)
                await self.broadcast(body, list(lines), since, self.cursor)
        self._publish_early(early)

    async def tell(self, what: Callable[[Style], bytes]) -> None:
        """Write something that moves no cursor to everybody in the round."""
        for style, lines in self._in_round.items():
            if lines:
                await self.broadcast(what(style), list(lines), self.cursor, self.cursor)

    async def broadcast(self, body: bytes, lines: Sequence[Line], since: str, until: str) -> None:
        """Write one body, which leads from `since` to `until`, to those that watch now. Who can take no more
        goes on alone from where it then stands."""
        chunk = Chunk.of(body)
        for turn in range(0, len(lines), _TURN):
            if turn:
                await asyncio.sleep(0)
            for line, took in push(lines[turn : turn + _TURN], chunk).items():
                if watcher := self.watchers.get(line):
                    self.part(watcher, until if took else since)
        _delivered.inc(len(lines))

    def part(self, watcher: Watcher, cursor: str) -> None:
        """Take the watcher out of the round: it goes on from `cursor` by itself."""
        if watcher.line in self.watchers and not watcher.behind:
            self.withdraw(watcher)
            _behind.inc()
            watcher.fall_behind(cursor)

    def _publish_early(self, early: set[Watcher]) -> None:
        @cache
        def rest(style: Style, cursor: str) -> bytes:
            merge = self.since(cursor)
            return b"" if merge is None else framed(style, "diff", encoded(merge.diff()), self.cursor)

        for watcher in early:
            if watcher.line not in self.watchers:
                continue
            if stands_at(watcher.cursor) < stands_at(self.cursor):
                body = rest(watcher.style, watcher.cursor)
                full = push([watcher.line], Chunk.of(body)) if body else {watcher.line: False}
                if full.get(watcher.line, True):
                    watcher.cursor = self.cursor
                if full:
                    self.part(watcher, watcher.cursor)
                    continue
            self.join(watcher)
