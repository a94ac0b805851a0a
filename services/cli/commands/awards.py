"""`leitai awards`: an award list, from a package or from a platform."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import click

from services.cli.client import connect, platform_options
from services.cli.commands.standings import boards_of
from services.cli.finding import find_board
from services.cli.package.awards import award_list
from services.cli.package.read import read_package
from services.cli.refusing import refusing
from services.cli.talking import talking

Format = Literal["json", "csv", "xlsx"]


@click.command(
    help="打印或写出获奖名单：由竞赛包 PACKAGE，或（给出 --url）由平台上的榜 --board · "
    "Print or write an award list: of a contest PACKAGE, or with --url of the --board of a running platform",
    epilog="退出码 · exit codes: 0 好 ok, 1 包或平台说不 the package or the platform says no, "
    "2 用法 usage, 3 连不上 cannot reach",
)
@click.argument("package", type=click.Path(path_type=Path), required=False)
@click.option(
    "--board",
    "code",
    help="榜的代码；平台上也可写 活动/榜 或 id · a board by its code, on a platform CAMPAIGN/BOARD",
)
@click.option(
    "--format", "wanted", type=click.Choice(["json", "csv", "xlsx"]), help="格式 · format  [表 table]"
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="写到文件 · write to a file")
@click.option("--provisional", is_flag=True, help="尚未公布时的草稿 · a draft, before publication")
@platform_options(None)
@talking
@refusing
def command(
    *, package: Path | None, code: str | None, wanted: Format | None, output: Path | None, **options: Any
) -> None:
    form: Format = wanted or _of_name(output) or "json"
    if form == "xlsx" and output is None:
        raise click.UsageError("xlsx 须用 -o 写到文件 · xlsx needs -o FILE")
    if options["url"]:
        if code is None:
            raise click.UsageError("平台上须指定 --board · name the --board of the platform")
        client = connect(options["url"], options["token"], options["data"])
        query = {"format": form} | ({"provisional": "true"} if options["provisional"] else {})
        content = client.download(f"/api/awards/boards/{find_board(client, code)}/list", **query)
    else:
        if package is None or not package.exists():
            raise click.UsageError("给出竞赛包，或 --url · give a contest package, or --url")
        found = read_package(package)
        boards = boards_of(found, code)
        if len(boards) > 1:
            known = ", ".join(board.code for board in boards)
            raise click.UsageError(f"用 --board 选一个榜 · choose one with --board: {known}")
        content = award_list(found, boards[0], form)
    if output is not None:
        output.write_bytes(content)
        click.echo(f"已写到 {output} · written to {output}")
    elif wanted is not None:
        click.echo(content.decode("utf-8"), nl=False)
    else:
        _tell(json.loads(content))


def _of_name(output: Path | None) -> Format | None:
    """The format that a file's name says."""
    endings: dict[str, Format] = {".json": "json", ".csv": "csv", ".xlsx": "xlsx"}
    return endings.get(output.suffix.lower()) if output else None


def _tell(document: Mapping[str, Any]) -> None:
    board = document["board"]
    draft = "（草稿 draft）" if document["provisional"] else ""
    click.echo(f"{board['campaign']['zh']} {board['title']['zh']}{draft}")
    for level in document["levels"]:
        proposed = "（拟 proposed）" if level["proposed"] else ""
        click.echo(f"\n{level['title']['zh']} {level['title']['en']}{proposed}: {len(level['winners'])}")
        for prize in level["winners"]:
            place = f"{prize['place']:>4}" if prize["place"] else "   —"
            click.echo(f"{place}  {prize['name']}  {prize['unit']}  {prize['reason']['zh']}")
    for name, texts in (("计算 counting", document["notes"]), ("并列 ties", document["ties"])):
        if texts:
            click.echo(f"\n{name}")
        for text in texts:
            click.echo(f"  {text['zh']} · {text['en']}")
