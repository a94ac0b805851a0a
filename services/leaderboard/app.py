"""The leaderboard service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from fastapi import FastAPI

from services.kit.app import service_app
from services.kit.runtime import Runtime
from services.leaderboard.endpoints import router
from services.leaderboard.hub import Hub
from services.leaderboard.kept import Kept, Outage
from services.leaderboard.openapi import document
from services.leaderboard.repository import Boards, connect
from services.leaderboard.service import Leaderboard

NAME = "leaderboard"


def create(runtime: Runtime) -> FastAPI:
    """The app of the read side. While Redis is away it answers from memory, so only Redis makes it ready."""

    @asynccontextmanager
    async def following(_: Runtime) -> AsyncIterator[None]:
        redis = connect(runtime.settings.redis_url)
        outage = Outage(runtime.clock)
        boards, kept = Boards(redis), Kept(outage)
        hub = Hub(boards, kept, outage)
        app.state.leaderboard = Leaderboard(boards, kept, hub)
        task = asyncio.create_task(hub.run())
        try:
            yield
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
            await hub.close()
            await redis.aclose()

    app = service_app(NAME, "Leitai leaderboard", runtime, [router], following, needs=("redis",))
    app.openapi = document(app, f"/api/{NAME}")  # type: ignore[method-assign]  # FastAPI's documented way
    return app
