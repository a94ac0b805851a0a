"""`leitai worker`: the Faust stream worker."""

import click

from services.kit import logs
from services.kit.settings import Settings


@click.command(help="运行 Faust 流处理，可开多个 · Run a Faust worker; start as many as you need")
def command() -> None:
    from streams.worker import run_worker  # noqa: PLC0415 (Faust redirects stdout when it is imported)

    settings = Settings()
    logs.configure(settings)
    run_worker(settings)
