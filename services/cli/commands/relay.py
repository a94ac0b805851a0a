"""`leitai relay`: outbox → Kafka."""

import signal
import threading

import click

from services.kit import logs
from services.kit.settings import Settings
from services.relay.service import run


@click.command(help="把数据库中的事件按序发往 Kafka · Publish the outbox to Kafka, in order")
def command() -> None:
    settings = Settings()
    logs.configure(settings)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(settings, stop)
