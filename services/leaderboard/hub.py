"""Follows the changes of all boards in Redis, and hands those of watched boards to their channels.

One subscription per process wakes; what changed is read from the board's feed, which has no gaps. After
an interruption each channel goes on from its own cursor.
"""

import asyncio
import random
import time
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from schemas.live import CHANGED, VIEWS, View
from services.kit.problems import Problem
from services.leaderboard.channel import Channel, Watcher
from services.leaderboard.domain import Merge, Selection, stands_at
from services.leaderboard.frames import KEEP_ALIVE, Style, framed, status
from services.leaderboard.kept import Answer, Kept, Outage
from services.leaderboard.problems import REDIS_IS_AWAY
from services.leaderboard.repository import SECONDS, Boards
from services.leaderboard.resources import Diff

FRAME_SECONDS = 0.05
"""One frame in this time on average; two may follow each other directly."""

KEEP_ALIVE_SECONDS = 15.0
_LOOK_SECONDS = 2.0
"""How often a channel looks without being woken; messages may be lost."""

_IDLE_SECONDS = 60.0
_AT_ONCE = 500
_MOST_RESUMED = 30_000
_SLOWEST_RETRY = 2.0
_log = structlog.get_logger("leitai.leaderboard")


class Hub:
    """The channels of this process. `run` must be running for them to move."""

    def __init__(self, boards: Boards, kept: Kept, outage: Outage) -> None:
        self.boards, self.kept, self.outage = boards, kept, outage
        self._channels: dict[tuple[str, View], Channel] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Subscribe, and again whenever the connection is lost, until cancelled."""
        wait = 0.05
        while True:
            try:
                async with self.boards.redis.pubsub() as changes:
                    await changes.subscribe(CHANGED)
                    if self.outage.since is not None:  # what was open before is of the server that went
                        await self.boards.redis.connection_pool.disconnect(inuse_connections=False)
                    self._wake_all()
                    wait = 0.05
                    while True:
                        message = await changes.get_message(
                            ignore_subscribe_messages=True, timeout=_LOOK_SECONDS
                        )
                        if message is None:
                            await self._probe()
                        else:
                            self._heard(message["data"])
            except REDIS_IS_AWAY as away:
                self._lost(away)
                await asyncio.sleep(wait * random.uniform(0.5, 1))  # noqa: S311 - spread, not secret
                wait = min(2 * wait, _SLOWEST_RETRY)

    async def channel(self, board: str, view: View) -> Channel:
        """The channel of this view, started if it has none yet. Raises BoardNotFound, NothingKept."""
        channel = self._channels.get((board, view))
        if channel is None:
            page = await self.page(board, view, Selection())
            channel = self._channels.get((board, view))
            if channel is None:
                channel = self._channels[board, view] = Channel(board, view, page.value.cursor)
                self._start(self._follow(channel))
        return channel

    async def page(self, board: str, view: View, which: Selection, newer_than: float = 0.0) -> Answer:
        return await self.kept.get(
            board, view, which, lambda: self.boards.page(board, view, which), newer_than=newer_than
        )

    async def since(self, channel: Channel, cursor: str) -> Answer | None:
        """The diff after a cursor, from memory or from the feed; None where only a page helps."""
        merge = channel.since(cursor)
        if merge is not None:
            return None if merge.reset else Answer(merge.diff(), 0, 0.0)
        try:
            stands_at(cursor)
            answer = await self.kept.get(
                channel.board, channel.view, ("since", cursor), lambda: self._resumed(channel, cursor)
            )
        except (ValueError, Problem):
            return None
        return answer if isinstance(answer.value, Diff) else None

    async def rest(self, channel: Channel, cursor: str) -> Answer | None:
        """The diff from a cursor to what Redis has now; None where it has nothing more that is one."""
        try:
            diff = await self._resumed(channel, cursor)
        except REDIS_IS_AWAY as away:
            self._lost(away)
            return None
        return Answer(diff, 0, 0.0) if diff is not None and diff.cursor != cursor else None

    async def close(self) -> None:
        """End every connection and stop following."""
        for channel in self._channels.values():
            for watcher in list(channel.watchers.values()):
                watcher.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # One channel ---------------------------------------------------------------------------------

    async def _follow(self, channel: Channel) -> None:
        """The only task that writes to the channel's round, so that nobody gets frames out of order."""
        told: datetime | None = None
        alive = busy = next_frame = time.monotonic()
        channel.changed.set()  # its first page may be older than the last frame
        while channel.watchers or time.monotonic() - busy < _IDLE_SECONDS:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_SECONDS):
                    await channel.changed.wait()
            channel.changed.clear()
            begun = time.monotonic()
            busy = begun if channel.watchers else busy
            if self.outage.since != told:
                told = self.outage.since
                await channel.tell(partial(status, stale_since=told))
            if self.outage.since is None:
                await self._try_advance(channel)
            if begun - alive >= KEEP_ALIVE_SECONDS:
                alive = begun
                await channel.tell(KEEP_ALIVE.__getitem__)
            next_frame = max(next_frame, begun) + FRAME_SECONDS
            await asyncio.sleep(max(0.0, next_frame - FRAME_SECONDS - time.monotonic()))
        del self._channels[channel.board, channel.view]

    async def _try_advance(self, channel: Channel) -> None:
        try:
            await self._advance(channel)
        except REDIS_IS_AWAY as away:
            self._lost(away)
        except Exception:
            # One poisoned frame must not end the feed: readers get a page that has it.
            _log.exception("feed", board=channel.board, view=channel.view)
            await self._reset(channel)

    async def _advance(self, channel: Channel) -> None:
        frames = await self.boards.frames(channel.board, channel.view, channel.cursor, _AT_ONCE)
        if frames is None:
            await self._reset(channel)
        elif frames:
            merge = Merge(channel.cursor).add(frames)
            if merge.reset:
                await self._reset(channel)
            else:
                await channel.publish(frames, merge)
            if len(frames) == _AT_ONCE:
                channel.changed.set()

    async def _reset(self, channel: Channel) -> None:
        """Give everybody a page: frames cannot bring them on."""
        channel.reset_at = time.monotonic()
        try:
            first = await self.page(channel.board, channel.view, Selection(), channel.reset_at)
        except Problem as gone:
            # Nothing to show at the moment; the channel stands still and looks again.
            _log.warning("reset", board=channel.board, view=channel.view, reason=gone.slug)
            return
        if first.stale:
            return
        since = channel.cursor
        watchers = channel.jump(first.value.cursor)
        groups: dict[tuple[Style, int], list[Watcher]] = {}
        for watcher in watchers:
            groups.setdefault((watcher.style, watcher.limit), []).append(watcher)
        for (style, limit), group in groups.items():
            await self._reset_group(channel, style, limit, group, since)

    async def _reset_group(
        self, channel: Channel, style: Style, limit: int, group: list[Watcher], since: str
    ) -> None:
        try:
            page = await self.page(channel.board, channel.view, Selection(limit=limit), channel.reset_at)
        except Problem:
            for watcher in group:
                channel.part(watcher, since)
            return
        body = framed(style, "reset", page.body, page.value.cursor)
        lines = [watcher.line for watcher in group]
        await channel.broadcast(body, lines, since, page.value.cursor)
        for watcher in group:
            if watcher.line in channel.watchers and not watcher.behind:
                watcher.cursor = page.value.cursor
                if not channel.join(watcher):
                    channel.part(watcher, watcher.cursor)

    async def _resumed(self, channel: Channel, cursor: str) -> Diff | None:
        """The feed after a cursor as one diff, None where it is too old or too much."""
        merge = Merge(cursor)
        for _ in range(_MOST_RESUMED // _AT_ONCE):
            frames = await self.boards.frames(channel.board, channel.view, merge.cursor, _AT_ONCE)
            if frames is None or merge.add(frames).reset:
                return None
            if len(frames) < _AT_ONCE:
                return merge.diff()
        return None

    # Redis ---------------------------------------------------------------------------------------

    def _heard(self, message: bytes) -> None:
        board, _, name = message.decode().rpartition(" ")
        for view in VIEWS:
            if view == name:
                self.kept.changed(board, view)
                if channel := self._channels.get((board, view)):
                    channel.changed.set()

    async def _probe(self) -> None:
        async with asyncio.timeout(SECONDS):
            await self.boards.redis.ping()
        if self.outage.since is not None:
            self._wake_all()

    def _wake_all(self) -> None:
        self.outage.end()
        self.kept.all_changed()
        for channel in self._channels.values():
            channel.changed.set()

    def _lost(self, away: BaseException) -> None:
        if self.outage.since is None:
            _log.warning("redis is away", reason=repr(away))
        self.outage.begin()
        for channel in self._channels.values():
            channel.changed.set()

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
