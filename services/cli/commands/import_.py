"""`leitai import`: a contest package into a running platform."""

from dataclasses import asdict
from pathlib import Path

import click

from services.cli.client import connect, platform_options
from services.cli.package.contest import Package
from services.cli.package.read import read_package
from services.cli.package.send import Import, send
from services.cli.progress import progress
from services.cli.refusing import print_json, refusing
from services.cli.talking import talking


@click.command(
    "import",
    help="把竞赛包导入运行中的平台；再导入一次不会重复 · "
    "Import a contest package into a running platform; importing again changes nothing",
    epilog="退出码 · exit codes: 0 好 ok, 1 包或平台说不 the package or the platform says no, "
    "2 用法 usage, 3 连不上 cannot reach",
)
@click.argument("package", type=click.Path(path_type=Path, exists=True))
@platform_options()
@click.option("--dry-run", is_flag=True, help="只检查，不发送 · check only, send nothing")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@talking
@refusing
def command(*, package: Path, url: str, token: str | None, data: Path, dry_run: bool, as_json: bool) -> None:
    found = read_package(package)
    if dry_run:
        _tell_checked(found, as_json)
        return
    client = connect(url, token, data)
    with progress() as tell:
        done = send(client, found, tell)
    _tell_done(found, done, as_json)


def _tell_checked(package: Package, as_json: bool) -> None:
    counts = {
        part.code: {
            "entries": len(part.entries),
            "proposals": len(part.proposals),
            "judges": len(part.judges),
            "sheets": len(part.sheets),
        }
        for part in package.boards
    }
    if as_json:
        print_json({"campaign": package.campaign.code, "boards": counts})
        return
    for code, each in counts.items():
        click.echo(f"{code}: " + ", ".join(f"{name} {number}" for name, number in each.items()))
    click.echo("没有发现错误，什么也没有发送 · no errors found; nothing was sent")


def _tell_done(package: Package, done: Import, as_json: bool) -> None:
    if as_json:
        print_json(asdict(done))
        return
    for code, sent in done.boards.items():
        published = "，已公布 published" if sent.published else ""
        click.echo(
            f"{code}: 报名 entries +{sent.entries_made}，评分表 sheets +{sent.sheets_made}"
            f"（已有 there already {sent.sheets_repeated}）{published}"
        )
    votes = sum(each.votes for part in package.boards for each in part.proposals)
    if votes:
        click.echo(
            f"包中的 {votes} 票未导入：每一票须由本人投出 · "
            f"{votes} votes were not imported: everyone votes for themselves",
            err=True,
        )
