"""The app of the scoring service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.kit.app import service_app
from services.kit.group_commit import GroupCommit
from services.kit.runtime import Runtime
from services.scoring.endpoints import boards, sheets
from services.scoring.service.sheets import SheetTaker


def create(runtime: Runtime) -> FastAPI:
    takers = GroupCommit(runtime.database, SheetTaker(runtime.clock))

    @asynccontextmanager
    async def taking(_runtime: Runtime) -> AsyncIterator[None]:
        yield
        takers.close()

    app = service_app("scoring", "Leitai scoring", runtime, [sheets.router, boards.router], taking)
    app.state.takers = takers
    return app
