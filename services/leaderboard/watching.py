"""One watcher's connection: its first page or the diff since its cursor, then the round of its channel."""

import asyncio
from contextlib import suppress

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from services.kit.problems import Problem
from services.leaderboard.channel import Channel, Watcher
from services.leaderboard.domain import Selection
from services.leaderboard.frames import MEDIA_TYPES, OPENING, Style, ending, framed, status
from services.leaderboard.hub import Hub
from services.leaderboard.kept import Answer
from services.leaderboard.line import line_of
from services.leaderboard.resources import FeedEvent

SLOW_SECONDS = 10.0
"""A watcher that takes nothing for so long is closed; it comes back with its cursor."""

AUTHORISED_SECONDS = 300.0
"""A jury's watcher is closed after so long and comes back, so that a role taken away ends its feed."""

_AGAIN_SECONDS = 0.5


class Watching(Response):
    """The answer that is a feed. Runs in the task of its connection, and has no other."""

    def __init__(
        self, hub: Hub, channel: Channel, style: Style, *, cursor: str, limit: int, follow: bool = True
    ) -> None:
        self.hub, self.channel, self.style = hub, channel, style
        self.cursor, self.limit, self.follow = cursor, limit, follow
        self.background = None
        self.status_code = 200
        # So that a round which began before cannot write to the connection after the end of the answer.
        headers = {"cache-control": "no-store", "connection": "close", "x-accel-buffering": "no"}
        self.media_type = MEDIA_TYPES[style]
        self.init_headers(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        watcher = Watcher(send, line_of(scope, send), self.style, self.limit, self.cursor)
        self.channel.enter(watcher)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(AUTHORISED_SECONDS if self.channel.view == "jury" else None):
                    await self._watch(watcher, receive)
        finally:
            self.channel.leave(watcher)
        with suppress(TimeoutError):  # the server closes a connection whose answer did not end
            async with asyncio.timeout(SLOW_SECONDS):
                await watcher.send({"type": "http.response.body", "body": ending(self.style)})

    async def _watch(self, watcher: Watcher, receive: Receive) -> None:
        """Until the watcher is gone or the service closes; without `follow`, until it is up to date."""
        try:
            await self._opening(watcher)
            await self._catch_up(watcher)
            if not self.follow:
                await self._finish(watcher)
            while self.follow and not await self._gone(watcher, receive):
                await self._catch_up(watcher)
        except asyncio.CancelledError:
            if not watcher.closing:
                raise
            _uncancel()

    async def _gone(self, watcher: Watcher, receive: Receive) -> bool:
        """Wait in the round. True: the connection is closed. False: the watcher fell behind."""
        try:
            while (await receive())["type"] != "http.disconnect":
                pass
        except asyncio.CancelledError:
            if not watcher.behind:
                raise
            _uncancel()
            return False
        return True

    async def _opening(self, watcher: Watcher) -> None:
        body = OPENING[self.style]
        if self.hub.outage.since is not None:
            body += status(self.style, self.hub.outage.since)
        if body:
            await self._send(watcher, body)
        if not watcher.cursor:
            await self._send_page(watcher, "snapshot")
        elif watcher.cursor != self.channel.cursor:
            await self._resume(watcher)

    async def _catch_up(self, watcher: Watcher) -> None:
        """Send what is missing until the watcher stands in the round."""
        watcher.behind = False
        while not watcher.cursor or not await self._joined(watcher):
            before = watcher.cursor
            await self._resume(watcher)
            if watcher.cursor == before:
                await asyncio.sleep(_AGAIN_SECONDS)  # Redis is away, and what is kept does not reach

    async def _joined(self, watcher: Watcher) -> bool:
        """Join the round, which writes past the server's buffer of the connection: it must be empty."""
        await self._send(watcher, b"")
        return self.channel.join(watcher)

    async def _finish(self, watcher: Watcher) -> None:
        """Leave the round and send what Redis has beyond it."""
        self.channel.withdraw(watcher)
        rest = await self.hub.rest(self.channel, watcher.cursor)
        if rest is not None:
            await self._send_data(watcher, "diff", rest)

    async def _resume(self, watcher: Watcher) -> None:
        """From the cursor that the reader brought: nobody knows yet whether it is one."""
        diff = await self.hub.since(self.channel, watcher.cursor)
        if diff is None:
            await self._send_page(watcher, "reset")
        elif diff.value.cursor != watcher.cursor:
            await self._send_data(watcher, "diff", diff)

    async def _send_page(self, watcher: Watcher, event: FeedEvent) -> None:
        which = Selection(limit=self.limit)
        try:
            page = await self.hub.page(self.channel.board, self.channel.view, which, self.channel.reset_at)
        except Problem:
            await asyncio.sleep(_AGAIN_SECONDS)
            return
        await self._send_data(watcher, event, page)

    async def _send_data(self, watcher: Watcher, event: FeedEvent, answer: Answer) -> None:
        await self._send(watcher, framed(self.style, event, answer.body, answer.value.cursor))
        watcher.cursor = answer.value.cursor

    async def _send(self, watcher: Watcher, body: bytes) -> None:
        async with asyncio.timeout(SLOW_SECONDS):
            await watcher.send({"type": "http.response.body", "body": body, "more_body": True})


def _uncancel() -> None:
    task = asyncio.current_task()
    if task is not None:
        task.uncancel()
