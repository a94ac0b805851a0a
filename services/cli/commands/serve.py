"""`leitai serve SERVICE`: one service of a cluster."""

import asyncio

import click

from services.cli.ports import require_free
from services.cli.server import Server, config, loop_factory
from services.gateway.app import SERVICES
from services.kit import logs
from services.kit.runtime import Runtime
from services.kit.settings import Settings


@click.command(help="运行一个服务，设置取自 LEITAI_ 环境变量 · Run one service, set up by LEITAI_ variables")
@click.argument("service", type=click.Choice(sorted(SERVICES)))
def command(service: str) -> None:
    settings = Settings()
    require_free(settings.host, settings.port, "LEITAI_PORT")
    logs.configure(settings)
    runtime = Runtime.of(settings)

    async def run() -> None:
        try:
            await Server(config(SERVICES[service](runtime), settings)).serve()
        finally:
            await runtime.close()

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(run())
