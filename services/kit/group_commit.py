"""Many requests, one commit: commands that arrive while one transaction runs share the next.

A commit that must be on the disk costs as much for one command as for hundreds. Each command is still
answered only after its own transaction is durable, and a refusal of one does not touch the others.
"""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Generic, NamedTuple, TypeVar

from sqlalchemy.exc import SQLAlchemyError

from services.kit.database import Database
from services.kit.outages import is_outage
from services.kit.problems import Problem
from services.kit.session import WriteSession

C = TypeVar("C")
R = TypeVar("R")

Handle = Callable[[WriteSession, Sequence[C]], Sequence[R | Problem]]
"""Handles a group inside one transaction: per command an answer, or the problem it is refused with."""


_MOMENT_SECONDS = 0.001
"""So long a group that has begun to wait is held for those who were just answered."""


class _Group(NamedTuple, Generic[C, R]):
    loop: asyncio.AbstractEventLoop
    waiting: "list[tuple[C, asyncio.Future[R]]]"


class GroupCommit(Generic[C, R]):
    """Groups the commands of concurrent requests of one event loop into transactions."""

    def __init__(self, database: Database, handle: Handle[C, R], largest: int = 256) -> None:
        self._database, self._handle, self._largest = database, handle, largest
        self._waiting: list[tuple[C, asyncio.Future[R]]] = []
        self._running = False
        self._gathering: asyncio.TimerHandle | None = None
        self._expected = 0
        self._groups: SimpleQueue[_Group[C, R] | None] = SimpleQueue()
        self._thread = Thread(target=self._work, name="group-commit", daemon=True)
        self._thread.start()

    async def __call__(self, command: C) -> R:
        """The command's answer, once it is durable. Raises its Problem, or what its transaction raised."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[R] = loop.create_future()
        self._waiting.append((command, future))
        if not self._running:
            self._running = True
            loop.call_soon(self._start, loop)
        elif self._gathering is not None and len(self._waiting) >= self._expected:
            self._gathering.cancel()
            self._start(loop)
        return await future

    def _start(self, loop: asyncio.AbstractEventLoop) -> None:
        self._gathering = None
        group, self._waiting = self._waiting[: self._largest], self._waiting[self._largest :]
        self._groups.put(_Group(loop, group))

    def _work(self) -> None:
        while (group := self._groups.get()) is not None:
            answers = self._commit([command for command, _ in group.waiting])
            with suppress(RuntimeError):  # the loop is closed: nobody waits for the answers
                group.loop.call_soon_threadsafe(self._finish, group, answers)

    def _finish(self, group: _Group[C, R], answers: Sequence[R | Exception]) -> None:
        for (_, future), answer in zip(group.waiting, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(answer)
            else:
                future.set_result(answer)
        if self._waiting:
            self._gather(group)
        else:
            self._running = False

    def _gather(self, last: _Group[C, R]) -> None:
        """Start when those just answered have come again, which they often do at once, or after a moment."""
        self._expected = min(len(self._waiting) + len(last.waiting), self._largest)
        if len(self._waiting) >= self._expected:
            self._start(last.loop)
        else:
            self._gathering = last.loop.call_later(_MOMENT_SECONDS, self._start, last.loop)

    def _commit(self, commands: Sequence[C]) -> Sequence[R | Exception]:
        try:
            with self._database.transaction() as session:
                return self._handle(session, commands)
        except Exception as error:
            if len(commands) == 1:
                return [error]
            if isinstance(error, SQLAlchemyError) and is_outage(error):
                return [error] * len(commands)
            return [answer for command in commands for answer in self._commit([command])]

    def close(self) -> None:
        """Return when all that was begun is answered."""
        self._groups.put(None)
        self._thread.join()
