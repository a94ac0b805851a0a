"""How every process of ours serves HTTP."""

import asyncio
from collections.abc import Callable

import uvicorn
import uvloop

from services.kit.settings import Settings

GRACE_SECONDS = 5


def config(app: object, settings: Settings) -> uvicorn.Config:
    """uvicorn on uvloop and httptools; the edge middleware writes the access log."""
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # any ASGI app
        host=settings.host,
        port=settings.port,
        loop="none",
        http="httptools",
        access_log=False,
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        backlog=4096,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    return uvloop.new_event_loop
