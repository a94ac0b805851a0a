"""What every command endpoint asks for: who does it, in which transaction, done once."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Path
from pydantic import BaseModel

from services.kit.access import Role
from services.kit.clock import Clock
from services.kit.depends import DoOnce, Running, SignedIn, Transaction
from services.kit.resources import Id

M = TypeVar("M", bound=BaseModel)
BoardId = Annotated[Id, Path()]
EVERYONE = (Role.ORGANISER, Role.CHIEF_JUDGE, Role.JUDGE, Role.AUDITOR)
"""Those who may see how a board is run."""


class _Doing:
    """A command: who asks, in which transaction, by which clock, once per Idempotency-Key."""

    def __init__(self, session: Transaction, who: SignedIn, running: Running, once: DoOnce) -> None:
        self.session, self.who, self._once = session, who, once
        self.clock: Clock = running.clock

    def once(self, body: BaseModel, do: Callable[[], M]) -> M:
        return self._once(self.session, self.who, body, do)


Doing = Annotated[_Doing, Depends()]
