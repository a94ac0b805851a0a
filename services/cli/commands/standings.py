"""`leitai standings`: a contest package ranked by the rules alone."""

from pathlib import Path

import click

from rules.text import Text
from services.cli.package.contest import BoardPart, Package
from services.cli.package.count import Standings, count_board
from services.cli.package.flaws import Flaw, PackageRefused
from services.cli.package.read import read_package
from services.cli.package.show import console, standings_body, standings_table
from services.cli.refusing import print_json, refusing


@click.command(
    help="由竞赛包直接排名，不需要服务器 · Rank a contest package; no server needed",
    epilog="退出码 · exit codes: 0 好 ok, 1 包有误 the package has errors, 2 用法 usage",
)
@click.argument("package", type=click.Path(path_type=Path, exists=True))
@click.option("--board", "code", help="只看一个榜（代码） · one board only, by its code")
@click.option("--stage", default="", help="按一个阶段（节点路径）排名 · rank by one stage (a node's path)")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@refusing
def command(package: Path, code: str | None, stage: str, as_json: bool) -> None:
    found = read_package(package)
    counted = [_count(found, board, stage) for board in boards_of(found, code)]
    if as_json:
        print_json({"boards": [standings_body(each) for each in counted]})
        return
    for each in counted:
        console().print(standings_table(each))


def boards_of(package: Package, code: str | None) -> tuple[BoardPart, ...]:
    """All boards, or the one that was asked for. Raises PackageRefused."""
    if code is None:
        return package.boards
    try:
        return (package.board(code),)
    except KeyError:
        known = ", ".join(board.code for board in package.boards)
        text = Text("包里没有这个榜", "the package has no such board")
        way_out = Text(f"可用：{known}", f"use one of: {known}")
        raise PackageRefused([Flaw("--board", Text("", ""), "unknown_board", text, way_out, code)]) from None


def _count(package: Package, board: BoardPart, stage: str) -> Standings:
    try:
        return count_board(package, board, stage)
    except KeyError:
        text = Text(f"榜 {board.code} 的方案没有这个节点", f"the scheme of {board.code} has no such node")
        way_out = Text("写节点路径，如 practical", "give a node's path, like practical")
        raise PackageRefused([Flaw("--stage", Text("", ""), "unknown_stage", text, way_out, stage)]) from None
