"""`leitai export`: a campaign of a running platform as a contest package."""

from pathlib import Path

import click

from services.cli.client import connect, platform_options
from services.cli.package.fetch import fetch
from services.cli.package.ledger import Broken
from services.cli.package.write import write_package
from services.cli.refusing import Exit, print_json, refusing
from services.cli.talking import talking


@click.command(
    help="把平台上的一个活动导出为竞赛包 · Export a campaign of a running platform as a contest package",
    epilog="退出码 · exit codes: 0 好 ok, 1 平台说不 the platform says no, 2 用法 usage, "
    "3 连不上 cannot reach",
)
@click.argument("campaign")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="文件夹或 .zip · folder or .zip  [CAMPAIGN 活动代码 code]",
)
@platform_options()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@talking
@refusing
def command(
    *, campaign: str, output: Path | None, url: str, token: str | None, data: Path, as_json: bool
) -> None:
    try:
        package = fetch(connect(url, token, data), campaign)
    except Broken as broken:
        text = f"✗ 账本第 {broken.line} 行{broken.text.zh} · line {broken.line} of a ledger {broken.text.en}"
        click.echo(text, err=True)
        raise SystemExit(Exit.REFUSED) from None
    target = output or Path(package.campaign.code)
    write_package(package, target)
    counts = {part.code: len(part.sheets) for part in package.boards}
    if as_json:
        print_json({"campaign": package.campaign.code, "written": str(target), "sheets": counts})
        return
    click.echo(f"已写到 {target} · written to {target}: " + ", ".join(f"{c} {n}" for c, n in counts.items()))
