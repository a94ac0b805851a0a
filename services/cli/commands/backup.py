"""`leitai backup`: one file that holds everything, made while the platform runs."""

from datetime import datetime
from pathlib import Path

import click
from rich.progress import Progress

from services.cli.local import data_option
from services.gateway.data_folder import DATABASE, back_up


@click.command(help="运行中把全部数据备份成一个文件 · Back everything up into one file, while running")
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def command(data: Path, file: Path | None) -> None:
    """FILE 默认为 leitai-日期.zip · FILE is leitai-<time>.zip unless given."""
    if not (data / DATABASE).exists():
        raise click.ClickException(
            f"{data} 中没有数据库；PostgreSQL 请用 pg_dump · "
            f"no database in {data}; use pg_dump for PostgreSQL"
        )
    target = file or Path(f"leitai-{datetime.now().astimezone():%Y%m%d-%H%M%S}.zip")
    with Progress(transient=True) as bar:
        task = bar.add_task("备份 · backing up")
        back_up(data, target, lambda done, total: bar.update(task, completed=done, total=total))
    click.echo(
        f"已备份到 {target}，内含密钥，请妥善保管 · backed up to {target}; it holds the secret: keep it safe"
    )
