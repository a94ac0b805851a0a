"""Every service behind one address, as nginx puts them together in a cluster."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from services.awards import app as awards
from services.gateway.pages import Pages, plain
from services.identity import app as identity
from services.kit.app import health
from services.kit.runtime import Runtime
from services.leaderboard import app as leaderboard
from services.registration import app as registration
from services.scoring import app as scoring
from services.suggestions import app as suggestions

SERVICES = {
    "identity": identity.create,
    "registration": registration.create,
    "scoring": scoring.create,
    "suggestions": suggestions.create,
    "leaderboard": leaderboard.create,
    "awards": awards.create,
}


class Gateway:
    """Hands `/api/<service>/…` to that service's app, all else to the pages and the health routes."""

    def __init__(self, services: Mapping[str, FastAPI], rest: FastAPI) -> None:
        self._services, self._rest = services, rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app: ASGIApp = self._rest
        if scope["type"] == "http":
            scope = plain(scope)
        if scope["type"] == "http" and scope["path"].startswith("/api/"):
            app = self._services.get(scope["path"].split("/", 3)[2], self._rest)
        await app(scope, receive, send)


def create(runtime: Runtime) -> Gateway:
    """The embedded platform's app. Its lifespan runs those of all services."""
    services = {name: make(runtime) for name, make in SERVICES.items()}

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in services.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    rest = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None, openapi_url=None)
    rest.include_router(health(runtime))
    rest.mount("/", Pages())
    return Gateway(services, rest)
