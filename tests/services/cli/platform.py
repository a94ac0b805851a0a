"""The services that packages are sent to and fetched from, behind one address and without streams."""

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from fastapi import FastAPI
from starlette.testclient import TestClient

from services.cli.client import Client
from services.gateway.app import Gateway
from services.kit.access import Grant, Role
from services.kit.runtime import Runtime
from services.registration import app as registration
from services.scoring import app as scoring
from services.suggestions import app as suggestions
from tests.services.setup import token_for


@contextmanager
def platform(runtime: Runtime) -> Iterator[Client]:
    """A client of a platform, signed in as its administrator."""
    services = {
        "registration": registration.create(runtime),
        "scoring": scoring.create(runtime),
        "suggestions": suggestions.create(runtime),
    }

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            for app in services.values():
                await stack.enter_async_context(app.router.lifespan_context(app))
            yield

    token = token_for(runtime, Grant(Role.ADMINISTRATOR), account="cli", name="命令行")
    with TestClient(Gateway(services, FastAPI(lifespan=lifespan))) as http:
        yield Client(http, token)  # type: ignore[arg-type]  # starlette types its client as a fork of httpx
