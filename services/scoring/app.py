"""The app of the scoring service."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse

from services.kit.app import service_app
from services.kit.group_commit import GroupCommit
from services.kit.runtime import Runtime
from services.scoring.consumer import listening
from services.scoring.endpoints import (
    boards,
    desk,
    figures,
    judging,
    jury,
    preview,
    progress,
    records,
    sheets,
    templates,
)
from services.scoring.endpoints.records import DryRun
from services.scoring.service.judging import Judging
from services.scoring.service.sheets import SheetTaker

ROUTERS = (
    sheets.router,  # the hot path is looked for first
    *(templates.router, boards.router, jury.router, records.router),
    *(desk.router, preview.router, progress.router, judging.router, figures.router),
)


def create(runtime: Runtime) -> FastAPI:
    takers = GroupCommit(runtime.database, SheetTaker(runtime.clock))

    @asynccontextmanager
    async def taking(_runtime: Runtime) -> AsyncIterator[None]:
        yield
        takers.close()

    app = service_app("scoring", "Leitai scoring", runtime, ROUTERS, taking, listening)
    app.state.takers = takers
    app.state.judging = Judging()

    @app.exception_handler(DryRun)
    async def _dry_run(_request: Request, dry: DryRun) -> JSONResponse:
        return JSONResponse(dry.answer.model_dump(mode="json"))

    return app
