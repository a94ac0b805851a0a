"""`leitai worker`: the Faust stream worker."""

import click

from services.cli.ports import require_free
from services.kit import logs
from services.kit.settings import Settings


@click.command(help="运行 Faust 流处理，可开多个 · Run a Faust worker; start as many as you need")
def command() -> None:
    settings = Settings()
    require_free("0.0.0.0", settings.worker_web_port, "LEITAI_WORKER_WEB_PORT")  # noqa: S104 (as Faust listens)
    logs.configure(settings)

    from streams.worker import run_worker  # noqa: PLC0415 (Faust redirects stdout when it is imported)

    run_worker(settings)
