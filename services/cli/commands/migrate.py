"""`leitai migrate`: tables and topics."""

import click

from services.identity.service import FIRST_LOGIN, first_administrator
from services.kit import logs
from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.migrations import migrate
from services.kit.settings import Settings
from services.relay.topics import create_topics


@click.command(
    help="建立或升级数据表、首个管理员和 Kafka 主题 · "
    "Make or upgrade the tables, the first administrator, and Kafka's topics"
)
def command() -> None:
    settings = Settings()
    logs.configure(settings)
    database = Database(settings.database)
    try:
        migrate(database)
        with database.transaction() as session:
            password = first_administrator(session, utc_now())
    finally:
        database.close()
    click.echo("数据表已是最新 · tables are up to date")
    if password:
        click.echo(
            f"管理员 · administrator   {FIRST_LOGIN} / {password}\n"
            "此密码只显示这一次，首次登录时须修改 · shown once; to be changed at the first sign-in"
        )
    if settings.kafka_bootstrap:
        made = create_topics(settings)
        click.echo(f"主题已齐备 · topics are there ({len(made)} 新建 made)")
