"""`leitai migrate`: tables and topics."""

import click

from services.kit import logs
from services.kit.database import Database
from services.kit.migrations import migrate
from services.kit.settings import Settings
from services.relay.topics import create_topics


@click.command(help="建立或升级数据表；有 Kafka 时建立主题 · Make or upgrade the tables, and Kafka's topics")
def command() -> None:
    settings = Settings()
    logs.configure(settings)
    database = Database(settings.database)
    try:
        migrate(database)
    finally:
        database.close()
    click.echo("数据表已是最新 · tables are up to date")
    if settings.kafka_bootstrap:
        made = create_topics(settings)
        click.echo(f"主题已齐备 · topics are there ({len(made)} 新建 made)")
