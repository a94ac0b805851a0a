"""`leitai rebuild`: boards from the ledger, beside the live ones, compared, then swapped."""

import asyncio
import json
from collections.abc import Collection, Sequence
from pathlib import Path

import click
from redis.asyncio import Redis
from rich.progress import Progress

from services.cli.local import data_option, installation
from services.kit import log
from services.kit.database import Database
from services.kit.settings import Settings
from streams.leaderboard.rebuild import Rebuilt, rebuild_board
from streams.log import LogReader


@click.command(help="由账本重建榜单，比对后切换 · Rebuild boards from the ledger, compare, then swap")
@click.argument("boards", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@data_option
def command(boards: tuple[str, ...], as_json: bool, data: Path) -> None:
    """BOARDS 为榜单编号，缺省为全部；有差异时退出码为 1。

    BOARDS are board ids, all unless given. Exit code 1 where a live board differed from the ledger.
    """
    done = asyncio.run(_rebuild(installation(data), boards, quiet=as_json))
    differing = [each for each in done if each.differences]
    if as_json:
        click.echo(json.dumps([_summary(each) for each in done], ensure_ascii=False, indent=2))
    else:
        for each in done:
            click.echo(_line(each))
    raise SystemExit(1 if differing else 0)


async def _rebuild(settings: Settings, boards: tuple[str, ...], *, quiet: bool) -> list[Rebuilt]:
    database = Database(settings.database)
    redis = Redis.from_url(settings.redis_url)
    try:
        with database.reading() as session:
            known = log.boards(session)
        _require_known(boards, known)
        wanted = boards or tuple(known)
        with Progress(transient=True, disable=quiet) as bar:
            return [
                rebuilt
                for board in bar.track(wanted, description="重建 · rebuilding")
                for rebuilt in await rebuild_board(redis, board, LogReader(database))
            ]
    finally:
        await redis.aclose()
        database.close()


def _require_known(boards: Sequence[str], known: Collection[str]) -> None:
    unknown = ", ".join(board for board in boards if board not in known)
    if unknown:
        raise click.ClickException(
            f"账本里没有这些榜：{unknown}；不写编号则重建全部 · "
            f"the ledger has no such boards: {unknown}; without ids all are rebuilt"
        )


def _summary(done: Rebuilt) -> dict[str, object]:
    return {
        "board": done.board,
        "view": done.view,
        "generation": done.generation,
        "events": done.events,
        "entries": done.entries,
        "differences": None if done.differences is None else [each.entry for each in done.differences],
        "aside": done.aside,
    }


def _line(done: Rebuilt) -> str:
    if done.aside:
        verdict = f"搁置 · set aside: {done.aside}"
    elif done.differences is None:
        verdict = "新建 · made"
    elif done.differences:
        verdict = (
            f"有 {len(done.differences)} 行不同，已更正 · {len(done.differences)} rows differed, now right"
        )
    else:
        verdict = "一致 · the same"
    return f"{done.board} {done.view}: {done.events} 个事件 events, {done.entries} 个参评 entries, {verdict}"
