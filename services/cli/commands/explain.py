"""`leitai explain`: how a score was made, from a package or on a platform."""

from pathlib import Path
from typing import Any

import click

from rules.text import Text
from services.cli.client import connect, platform_options
from services.cli.commands.standings import boards_of
from services.cli.finding import find_board, find_entry
from services.cli.package.contest import BoardPart, Package
from services.cli.package.count import Standings, count_board
from services.cli.package.explain import Found, explain, explanation_body, tell
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused
from services.cli.package.read import read_package
from services.cli.refusing import print_json, refusing
from services.cli.talking import talking


@click.command(
    help="说明一个成绩的由来，以及为何列于上一名之后。SOURCE 是竞赛包；"
    "给出 --url 时是平台上的榜：代码、活动/榜或 id · "
    "Explain how a score was made and why it is below the next. SOURCE is a contest package, or with --url "
    "a board of a running platform: its code, CAMPAIGN/BOARD, or id",
    epilog="退出码 · exit codes: 0 好 ok, 1 没有或有误 unknown or wrong, 2 用法 usage, 3 连不上 cannot reach",
)
@click.argument("source")
@click.argument("entry")
@click.option("--board", "code", help="包里榜的代码 · a board of the package, by its code")
@click.option("--path", default="", help="节点路径，默认总分 · a node's path; the total unless given")
@click.option("--attempt", type=click.IntRange(1), help="第几次 · which attempt")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@platform_options(None)
@talking
@refusing
def command(*, source: str, entry: str, as_json: bool, url: str | None, **options: Any) -> None:
    path, attempt = options["path"], options["attempt"]
    if url:
        client = connect(url, options["token"], options["data"])
        board = find_board(client, source)
        page = f"/api/leaderboard/boards/{board}/entries/{find_entry(client, board, entry)}"
        body = client.get(f"{page}/explanation", path=path, attempt=attempt, view="jury")
        above = client.get(f"{page}/above", view="jury")
        body |= {"place": above["row"].get("place"), "above": above["why"]}
    else:
        if not Path(source).exists():
            raise click.UsageError(f"没有 {source} · there is no {source}")
        package = read_package(Path(source))
        standings = count_board(package, _board_of(package, entry, options["code"]))
        body = explanation_body(standings, _explain(standings, entry, path, attempt))
    if as_json:
        print_json(body)
    else:
        tell(body)


def _board_of(package: Package, entry: str, code: str | None) -> BoardPart:
    for part in boards_of(package, code):
        if entry in part.known:
            return part
    text = Text("包里没有这个参赛者", "the package has no such entry")
    way_out = Text("写 entries 表里的 external_id", "give an external_id of the entries table")
    raise PackageRefused([Flaw("ENTRY", NOWHERE, "unknown_entry", text, way_out, entry)])


def _explain(standings: Standings, entry: str, path: str, attempt: int | None) -> Found:
    try:
        return explain(standings, entry, path, attempt)
    except KeyError:
        scheme = standings.rules.scheme
        known = ", ".join(placed.path for placed in scheme.nodes() if placed.path) if scheme else "—"
        text = Text("方案没有这个节点或这一次", "the scheme has no such node or attempt")
        way_out = Text(f"可用：{known}", f"use one of: {known}")
        raise PackageRefused([Flaw("--path", NOWHERE, "unknown_node", text, way_out, path)]) from None
