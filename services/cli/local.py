"""The installation that a command works on: the one the LEITAI_ variables name, or a data folder."""

import os
from pathlib import Path

import click

from services.gateway.data_folder import DATABASE
from services.gateway.valkey import socket_path
from services.kit.settings import Settings, local_secret

data_option = click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=Path("data"),
    envvar="LEITAI_DATA",
    show_default=True,
    help="数据目录 · the data folder",
)


def installation(data: Path) -> Settings:
    """Its settings. Refuses a folder that holds no platform."""
    if os.environ.get("LEITAI_DATABASE_URL"):
        return Settings(data=data)
    if not (data / DATABASE).exists():
        raise click.ClickException(
            f"{data} 中没有平台；先运行 leitai up，或设置 LEITAI_DATABASE_URL · "
            f"no platform in {data}; run leitai up first, or set LEITAI_DATABASE_URL"
        )
    redis_url = os.environ.get("LEITAI_REDIS_URL") or f"unix://{socket_path(data)}?db=0"
    return Settings(data=data, secret=local_secret(data), redis_url=redis_url)
