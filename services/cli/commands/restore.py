"""`leitai restore`: a backup into an empty data folder."""

from pathlib import Path

import click

from services.cli.local import data_option
from services.gateway.data_folder import DATABASE, BadBackup, FolderInUse, put_back


@click.command(help="把备份恢复到空的数据目录 · Restore a backup into an empty data folder")
@data_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
def command(data: Path, file: Path) -> None:
    if (data / DATABASE).exists():
        raise click.ClickException(
            f"{data} 已有数据；请指定另一目录或先移走 · "
            f"{data} holds data already; name another folder or move it away"
        )
    try:
        put_back(file, data)
    except FolderInUse as error:
        raise click.ClickException(f"平台正在 {data} 上运行 · the platform is running on {data}") from error
    except BadBackup as error:
        raise click.ClickException(f"备份无法使用 · the backup cannot be used: {error}") from error
    click.echo(
        f"已恢复到 {data}；榜单在启动时重建 · restored into {data}; boards are rebuilt at the next start"
    )
