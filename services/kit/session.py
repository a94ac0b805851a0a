"""The two kinds of database session: one that reads, one inside a transaction."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session


class ReadSession(Session):
    """A session that only reads. Every reading function takes this type."""

    def link(self) -> Connection:
        """The connection of its transaction."""
        return self.connection()


class WriteSession(ReadSession):
    """The session of `Database.transaction`, which begins each transaction on `link`."""

    def __init__(self, link: Connection, **options: Any) -> None:
        super().__init__(link, **options)
        self._link = link
        self._at_end: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    def link(self) -> Connection:
        """What writes to it alone spares the session its own part in the transaction."""
        return self._link

    def leave(self) -> None:
        """Write what it holds and take no more part in the transaction; for `Database.transaction` alone."""
        if self.in_transaction():
            self.commit()
            self.close()

    def at_end(self, write: Callable[[], None]) -> None:
        """Call `write` when the block has ended. It runs `Prepared.each` only: what is left for the end
        goes to the server together."""
        self._at_end.append(write)

    @property
    def has_end(self) -> bool:
        return bool(self._at_end)

    def end(self) -> None:
        """Write what was left for the end; for `Database.transaction` alone."""
        for write in self._at_end:
            write()

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` when this transaction is durable, in its thread; never when it is rolled back."""
        self._after_commit.append(callback)

    def emptied(self) -> Sequence[Callable[[], None]]:
        """What waits for the commit; the session is as new. For `Database.transaction` alone."""
        waiting, self._after_commit = self._after_commit, []
        self._at_end = []
        self.info.clear()
        return waiting
