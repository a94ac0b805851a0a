"""The leaderboard service."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from services.kit.app import service_app
from services.kit.runtime import Runtime
from services.leaderboard import endpoints
from services.leaderboard.bell import Bell
from services.leaderboard.hub import Hub
from services.leaderboard.kept import Kept, Outage
from services.leaderboard.line import keeping_send
from services.leaderboard.openapi import document
from services.leaderboard.pages import endpoints as pages
from services.leaderboard.repository import Boards, connect
from services.leaderboard.reveal import endpoints as reveal
from services.leaderboard.reveal.service import Reveals
from services.leaderboard.screens import endpoints as screens
from services.leaderboard.screens.service import Screens
from services.leaderboard.service import Leaderboard

NAME = "leaderboard"
ROUTERS = (endpoints.router, reveal.router, screens.router, pages.router)


def create(runtime: Runtime) -> FastAPI:
    """The app of the read side. While Redis is away it answers from memory, so only Redis makes it ready."""

    @asynccontextmanager
    async def following(_: Runtime) -> AsyncIterator[None]:
        redis = connect(runtime.settings.redis_url)
        outage = Outage(runtime.clock)
        boards, kept = Boards(redis), Kept(outage)
        hub = Hub(boards, kept, outage)
        bell = Bell(redis)
        app.state.leaderboard = Leaderboard(boards, kept, hub)
        app.state.screens = Screens(redis, bell, runtime.clock)
        app.state.reveals = Reveals(redis, boards, bell, runtime.clock)
        tasks = [asyncio.create_task(each.run()) for each in (hub, bell)]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            bell.close()
            await hub.close()
            await redis.aclose()

    app = service_app(NAME, "Leitai leaderboard", runtime, ROUTERS, following, needs=("redis",))
    stack = app.build_middleware_stack
    app.build_middleware_stack = lambda: keeping_send(stack())  # type: ignore[method-assign]
    app.openapi = document(app, f"/api/{NAME}")  # type: ignore[method-assign]  # FastAPI's documented way
    return app
