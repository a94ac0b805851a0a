"""`leitai up`: the whole platform in one process, until Ctrl-C."""

import asyncio
import os
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path
from types import FrameType

import click
from rich.console import Console
from rich.panel import Panel

from services.cli.lan import Lan
from services.cli.local import data_option
from services.cli.ports import require_free
from services.cli.server import Server, config, loop_factory
from services.gateway.data_folder import FolderInUse, held
from services.gateway.platform import Platform, running
from services.gateway.valkey import ValkeyFailed
from services.kit import logs
from services.kit.settings import Settings, local_secret


@click.command(help="在本机启动整个平台，Ctrl-C 结束 · Start the whole platform here; Ctrl-C ends it")
@click.option("--host", help="监听地址 · address to listen on  [127.0.0.1]")
@click.option("--port", type=int, help="端口 · port  [8080]")
@data_option
@click.option(
    "--redis", "redis_url", help="使用已有的 Redis/Valkey · use this Redis or Valkey, not a child of our own"
)
@click.option(
    "--demo/--no-demo", default=False, help="载入演示年度并模拟评分 · load the demo year and play judges"
)
@click.option(
    "--lan", "on_lan", is_flag=True, help="为局域网内的平板提供 HTTPS · HTTPS for the tablets on this network"
)
def command(
    *, host: str | None, port: int | None, data: Path, redis_url: str | None, demo: bool, on_lan: bool
) -> None:
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    given = {"host": host, "port": port, "redis_url": redis_url, "data": data}
    secret = os.environ.get("LEITAI_SECRET") or local_secret(data)
    settings = Settings(**{name: value for name, value in given.items() if value is not None}, secret=secret)  # type: ignore[arg-type]  # checked by pydantic
    logs.configure(settings)
    lan = Lan.of(settings, host) if on_lan else None
    own_valkey = redis_url is None and "LEITAI_REDIS_URL" not in os.environ
    try:
        with held(data), asyncio.Runner(loop_factory=loop_factory()) as runner:
            require_free(settings.host, settings.port, "--port")
            if lan:
                require_free(lan.settings.host, lan.trust_port, "--port")
            runner.run(_serve(lan.settings if lan else settings, valkey=own_valkey, demo=demo, lan=lan))
    except FolderInUse:
        raise click.ClickException(f"平台已在 {data} 上运行 · the platform runs on {data} already") from None
    except ValkeyFailed as error:
        raise click.ClickException(str(error)) from None


async def _serve(settings: Settings, *, valkey: bool, demo: bool, lan: Lan | None) -> None:
    async with running(settings, valkey=valkey) as platform, AsyncExitStack() as beside:
        server = Server(config(platform.app, settings, lan.identity if lan else None))
        # uvicorn raises the signal again once it has served; what runs beside it must end first.
        for asked in (signal.SIGINT, signal.SIGTERM):
            signal.signal(asked, _ending)
        serving = asyncio.create_task(server.serve())
        if not await server.ready:
            await asyncio.wait([serving])
            raise click.ClickException(f"无法监听 · cannot listen on {settings.host}:{settings.port}")
        if lan:
            await beside.enter_async_context(lan.trust_page())
        _greet(platform, settings, lan)
        player = await _play(settings, lan) if demo else None
        try:
            await serving
        finally:
            if player and player.returncode is None:
                player.terminate()
                await player.wait()
    click.echo("已结束，数据完好 · ended; the data is safe")


def _ending(_signal: int, _frame: FrameType | None) -> None:
    """Ctrl-C and SIGTERM end the server, and the server's end ends the rest."""


async def _play(settings: Settings, lan: Lan | None) -> asyncio.subprocess.Process:
    """The demo year and its judges, as a client of the platform like any other."""
    trusted = {"SSL_CERT_FILE": str(lan.authority_file)} if lan else {}
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "services.cli.main", "demo", "--play"),
        *("--url", settings.url, "--data", str(settings.data)),
        env=os.environ | trusted,
        start_new_session=True,
    )


def _greet(platform: Platform, settings: Settings, lan: Lan | None) -> None:
    lines = [f"平台 · platform   {settings.url}", f"榜单 · boards     {settings.url}/live"]
    if platform.password:
        lines += [
            "",
            f"管理员 · administrator   admin / {platform.password}",
            "此密码只显示这一次，首次登录时须修改 · shown once; to be changed at the first sign-in",
        ]
    Console(file=sys.stdout).print(Panel("\n".join(lines), title="擂台 Leitai", expand=False))
    if lan:
        click.echo(lan.greeting())
