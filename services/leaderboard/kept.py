"""Answers kept in memory: one build per change for thousands who ask, and the last word when Redis is away.

An answer is fresh while its board has not changed since it was begun. While a board changes all the
time, an answer serves for `CONFLATED` seconds, so that a board costs at most 20 builds a second.
"""

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from copy import copy
from datetime import datetime
from functools import cached_property
from typing import Any

import msgspec

from schemas.live import View
from services.kit.clock import Clock
from services.leaderboard.problems import REDIS_IS_AWAY, BoardUnknown, nothing_kept

CONFLATED = 0.05
LONGEST = 2.0
"""Even an answer whose board did not change is made again after so many seconds: messages may be lost."""

MOST_BYTES = 64 * 1024 * 1024
_UNGZIPPED = 1000
_PREFIX = b'{"stale_since":'
_LIVE = _PREFIX + b"null"

_encoder = msgspec.json.Encoder(decimal_format="string")


class Answer:
    """The bytes of a body, and of its compressed form once somebody wanted it."""

    def __init__(self, value: Any, version: int, begun: float) -> None:
        self.value, self.version, self.begun = value, version, begun
        self.stale_since: datetime | None = None
        self.body: bytes = _encoder.encode(value)

    @property
    def stale(self) -> bool:
        return self.stale_since is not None

    def since(self, stale_since: datetime) -> "Answer":
        """The same answer as one that may be out of date. One that said so itself is older still."""
        stale = copy(self)
        stale.stale_since = stale_since
        stale.__dict__.pop("tag", None)
        stale.__dict__.pop("compressed", None)
        if self.body.startswith(_LIVE):
            stale.body = _PREFIX + _encoder.encode(stale_since) + self.body[len(_LIVE) :]
        return stale

    @cached_property
    def compressed(self) -> bytes | None:
        """gzip, or None where it is not worth it."""
        return gzip.compress(self.body, 5, mtime=0) if len(self.body) >= _UNGZIPPED else None

    @cached_property
    def tag(self) -> str:
        return f'W/"{hashlib.blake2b(self.body, digest_size=12).hexdigest()}"'


class Outage:
    """Since when Redis is away, if it is."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.since: datetime | None = None

    def now(self) -> datetime:
        return self._clock()

    def begin(self) -> None:
        self.since = self.since or self._clock()

    def end(self) -> None:
        self.since = None


class Kept:
    """Answers by what was asked, the least recently wanted forgotten first."""

    def __init__(self, outage: Outage, most_bytes: int = MOST_BYTES) -> None:
        self.outage = outage
        self._most_bytes, self._bytes = most_bytes, 0
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._building: dict[Hashable, asyncio.Task[Answer]] = {}
        self._versions: dict[tuple[str, View], int] = {}
        self._gone: dict[tuple[str, View], datetime] = {}
        self._epoch = 0.0

    def changed(self, board: str, view: View) -> None:
        """Answers about this view that were begun before now are out of date."""
        self._versions[board, view] = self._versions.get((board, view), 0) + 1

    def all_changed(self) -> None:
        """Nothing that was begun before now is known to be up to date."""
        self._epoch = time.monotonic()

    async def get(
        self,
        board: str,
        view: View,
        what: Hashable,
        build: Callable[[], Awaitable[Any]],
        *,
        newer_than: float = 0.0,
    ) -> Answer:
        """The answer to `what`, fresh if Redis can be read (and begun after `newer_than`, monotonic).

        Raises NothingKept where it cannot and there is no older answer, and whatever refusal `build` raises.
        """
        key = (board, view, what)
        kept = self._answers.get(key)
        if kept is not None:
            self._answers.move_to_end(key)
            if self._is_fresh(board, view, kept) and kept.begun >= newer_than:
                return kept
            if self.outage.since is not None:
                return kept.since(self.outage.since)
        try:
            # A reader who leaves must not take the build away from those who wait for it too.
            answer = await asyncio.shield(self._build_once(key, build, newer_than))
            self._gone.pop((board, view), None)
            return answer
        except BoardUnknown:
            # Redis was emptied and is being filled again; boards are never deleted.
            if kept is not None:
                return kept.since(self._gone.setdefault((board, view), self.outage.now()))
            raise
        except REDIS_IS_AWAY as away:
            self.outage.begin()
            if kept is not None and self.outage.since is not None:
                return kept.since(self.outage.since)
            raise nothing_kept() from away

    def _is_fresh(self, board: str, view: View, answer: Answer) -> bool:
        age = time.monotonic() - answer.begun
        if self.outage.since is not None or answer.begun < self._epoch:
            return False
        same = answer.version == self._versions.get((board, view), 0)
        return age < (LONGEST if same else CONFLATED)

    def _build_once(
        self, key: tuple[str, View, Hashable], build: Callable[[], Awaitable[Any]], newer_than: float
    ) -> "asyncio.Task[Answer]":
        wanted = (key, newer_than)
        task = self._building.get(wanted)
        if task is None:
            task = self._building[wanted] = asyncio.create_task(self._build(key, build))
            task.add_done_callback(lambda done: self._built(wanted, done))
        return task

    async def _build(self, key: tuple[str, View, Hashable], build: Callable[[], Awaitable[Any]]) -> Answer:
        board, view, _ = key
        version, begun = self._versions.get((board, view), 0), time.monotonic()
        answer = Answer(await build(), version, begun)
        self._keep(key, answer)
        return answer

    def _built(self, wanted: Hashable, task: "asyncio.Task[Answer]") -> None:
        self._building.pop(wanted, None)
        if not task.cancelled():
            task.exception()  # who waited has it; if all have left nobody needs it

    def _keep(self, key: Hashable, answer: Answer) -> None:
        old = self._answers.pop(key, None)
        self._bytes += len(answer.body) - (len(old.body) if old else 0)
        self._answers[key] = answer
        while self._bytes > self._most_bytes and len(self._answers) > 1:
            _, gone = self._answers.popitem(last=False)
            self._bytes -= len(gone.body)
