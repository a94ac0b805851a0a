"""The log as streams read it: decoded, in a thread, one board and topic at a time."""

import asyncio
from collections.abc import Sequence

from schemas.topics import Topic
from services.kit import log
from services.kit.database import Database
from services.kit.log import LoggedEvent, read_board
from streams.events import Event, read

CHUNK = 5_000


class LogReader:
    """Reads one database's log. Calling it is `Fetch`: events of a board and topic after a sequence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def __call__(self, board: str, topic: Topic, after: int) -> Sequence[Event]:
        return await asyncio.to_thread(self._read, board, topic, after)

    async def size(self) -> int:
        """How many events the log has; it moves with every commit."""
        return await asyncio.to_thread(self._size)

    async def ends(self) -> dict[str, dict[Topic, int]]:
        """The last sequence of each topic of every board."""
        return await asyncio.to_thread(self._ends)

    def _size(self) -> int:
        with self._database.reading() as session:
            return log.size(session)

    def _ends(self) -> dict[str, dict[Topic, int]]:
        with self._database.reading() as session:
            return log.ends(session)

    def _read(self, board: str, topic: Topic, after: int) -> list[Event]:
        with self._database.reading() as session:
            found = read_board(session, board, topic, after, CHUNK)
        return [event_of(logged) for logged in found]


def event_of(logged: LoggedEvent) -> Event:
    """The decoded event of a line of the log; the log holds nothing but envelopes."""
    return read(logged.body, logged.topic)
