"""The two kinds of database session: one that reads, one inside a transaction."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

_AFTER = "leitai.after_commit"


class ReadSession(Session):
    """A session that only reads. Every reading function takes this type."""

    def link(self) -> Connection:
        """The connection of its transaction."""
        return self.connection()


class WriteSession(ReadSession):
    """A session inside `Database.transaction`, which began the transaction on `link`."""

    def __init__(self, link: Connection, **options: Any) -> None:
        super().__init__(link, **options)
        self._link = link

    def link(self) -> Connection:
        """What writes to it alone spares the session its own part in the transaction."""
        return self._link

    def after_commit(self, callback: Callable[[], None]) -> None:
        """Call `callback` when this transaction is durable, in its thread; never when it is rolled back."""
        self.info.setdefault(_AFTER, []).append(callback)

    def committed(self) -> None:
        """Run what waited for the commit; for `Database.transaction` alone."""
        for callback in self.info.pop(_AFTER, ()):
            callback()
