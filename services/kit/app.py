"""The frame of a service: its FastAPI app with problems, health, metrics, request ids and limits."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Literal

from fastapi import APIRouter, FastAPI
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool

from services.kit import outages, problems
from services.kit.middleware import Edge
from services.kit.runtime import Runtime

Lifespan = Callable[[Runtime], AbstractAsyncContextManager[None]]
Need = Literal["database", "redis"]
NEEDS: tuple[Need, ...] = ("database", "redis")


def service_app(
    name: str,
    title: str,
    runtime: Runtime,
    routers: Sequence[APIRouter],
    *lifespans: Lifespan,
    needs: Sequence[Need] = NEEDS,
) -> FastAPI:
    """The app of one service. Its `routers` say `/api/<name>` themselves; `lifespans` run while it serves.

    `needs` are the parts without which it is not ready.
    """

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for each in lifespans:
                await stack.enter_async_context(each(runtime))
            yield

    app = FastAPI(
        title=title,
        version="1",
        openapi_url=f"/api/{name}/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        strict_content_type=True,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.runtime = runtime
    for router in (*routers, health(runtime, needs)):
        # As its own: routes of a router that an app includes are looked for twice, on every request.
        app.router.routes.extend(router.routes)
    problems.install(app)
    outages.install(app)
    app.add_middleware(Edge, service=name, runtime=runtime)
    return app


def health(runtime: Runtime, needs: Sequence[Need] = NEEDS) -> APIRouter:
    """`/healthz` (the process lives), `/readyz` (what it needs answers), `/metrics` (Prometheus)."""
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "alive"}

    @router.get("/readyz")
    async def readyz() -> JSONResponse:
        parts = {need: await _ASKED[need](runtime) for need in needs}
        return JSONResponse(parts, 200 if all(parts.values()) else 503)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _answers(runtime: Runtime) -> bool:
    def ask() -> None:
        with runtime.database.reading() as session:
            session.execute(text("SELECT 1"))

    try:
        await run_in_threadpool(ask)
    except Exception:  # readiness reports any failure as not ready
        return False
    return True


async def _pings(runtime: Runtime) -> bool:
    try:
        return bool(await runtime.redis.ping())
    except Exception:  # readiness reports any failure as not ready
        return False


_ASKED: dict[Need, Callable[[Runtime], Awaitable[bool]]] = {"database": _answers, "redis": _pings}
