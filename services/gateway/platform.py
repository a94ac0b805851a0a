"""The embedded platform: every service and stream in this process, Valkey as its child."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from schemas.events.contributions import ContributionEarned
from services.gateway import app as gateway
from services.gateway.valkey import ValkeyChild
from services.identity.service import first_administrator
from services.kit.access import Grant, Role, open_session
from services.kit.migrations import migrate
from services.kit.runtime import Runtime
from services.kit.settings import Settings
from services.scoring.consumer import enter_contribution
from streams.contributions.stage import Tell
from streams.embedded import EmbeddedHost
from streams.events import Event

CLI_TOKEN = "cli.token"  # noqa: S105 (a file's name)
_CLI_HOURS = 24 * 365


@dataclass(frozen=True)
class Platform:
    """What runs: the runtime, the app to serve, and the first administrator's password if just made."""

    runtime: Runtime
    app: gateway.Gateway
    password: str | None


@asynccontextmanager
async def running(settings: Settings, *, valkey: bool) -> AsyncIterator[Platform]:
    """Start everything but the HTTP server; `valkey` False uses the Redis that the settings name."""
    child = ValkeyChild(settings.data) if valkey else None
    if child:
        await asyncio.to_thread(child.start)
        settings = settings.model_copy(update={"redis_url": child.url})
    runtime = Runtime.of(settings)
    try:
        password = await asyncio.to_thread(_set_up, runtime)
        async with _following(runtime):
            yield Platform(runtime, gateway.create(runtime), password)
    finally:
        await runtime.close()
        if child:
            await asyncio.to_thread(child.stop)


def _set_up(runtime: Runtime) -> str | None:
    migrate(runtime.database)
    with runtime.database.transaction() as session:
        password = first_administrator(session, runtime.clock())
    token = runtime.settings.data / CLI_TOKEN
    if not token.exists():
        _write_token(runtime, token)
    return password


def _write_token(runtime: Runtime, file: Path) -> None:
    """A session for `leitai …` on this machine, readable by this user alone."""
    with runtime.database.transaction() as session:
        token = open_session(
            session,
            account="cli",
            name="命令行",
            grants=[Grant(Role.ADMINISTRATOR)],
            now=runtime.clock(),
            hours=_CLI_HOURS,
        )
    file.touch(mode=0o600)
    file.write_text(token)


@asynccontextmanager
async def _following(runtime: Runtime) -> AsyncIterator[None]:
    stop = asyncio.Event()
    host = EmbeddedHost(runtime.database, runtime.redis, _teller(runtime))
    task = asyncio.create_task(host.follow(stop))
    try:
        yield
    finally:
        stop.set()
        with suppress(asyncio.CancelledError):
            await task


def _teller(runtime: Runtime) -> Tell:
    def enter(earned: ContributionEarned) -> None:
        with runtime.database.transaction() as session:
            enter_contribution(session, earned, runtime.clock)

    async def tell(event: Event) -> None:
        if isinstance(event.fact, ContributionEarned):
            await asyncio.to_thread(enter, event.fact)

    return tell
