"""How every process of ours serves HTTP."""

import asyncio
import socket
from collections.abc import Callable

import uvicorn
import uvloop

from services.gateway.tls import Identity
from services.kit.garbage import spare_what_stays
from services.kit.settings import Settings

GRACE_SECONDS = 5


def config(app: object, settings: Settings, identity: Identity | None = None) -> uvicorn.Config:
    """uvicorn on uvloop and httptools; the edge middleware logs what fails. With an identity: HTTPS."""
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
        ssl_certfile=identity.chain if identity else None,
        ssl_keyfile=identity.key if identity else None,
    )


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    return uvloop.new_event_loop


class Server(uvicorn.Server):
    """A uvicorn server that says when it listens. `ready` holds False where it could not."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
            spare_what_stays()
        finally:
            self.ready.set_result(self.started)
