"""`leitai demo`: a demo year into a running platform, and judges who play it."""

import sys
from pathlib import Path

import click

from rules.text import Text
from services.cli.client import connect, platform_options
from services.cli.demo.load import demo_year, load
from services.cli.demo.play import Player
from services.cli.demo.script import acts
from services.cli.progress import progress
from services.cli.refusing import refusing
from services.cli.talking import talking


@click.command(
    help="把演示年度载入运行中的平台：两个大比武工种、一个劳动竞赛联赛、一个金点子征集、一个工人先锋号评选；"
    "再运行一次从停下的地方继续 · Load a demo year into a running platform: two trades of a skills contest, "
    "a league, a proposal drive, a Worker Pioneer campaign; run again, it goes on where it was",
)
@platform_options()
@click.option("--play", is_flag=True, help="模拟评分、申报和建议 · play judges, units, proposers")
@click.option(
    "--pace", type=click.FloatRange(0, min_open=True), default=1.0, show_default=True,
    help="每秒多少张评分表 · sheets a second",
)  # fmt: skip
@click.option(
    "--divisions",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="另载入全国行政区划（provinces.csv、cities.csv、areas.csv 所在目录） · "
    "also load the country's divisions from this folder",
)
@talking
@refusing
def command(
    *, url: str, token: str | None, data: Path, play: bool, pace: float, divisions: Path | None
) -> None:
    client = connect(url, token, data)
    package = demo_year(divisions)
    with progress() as bar:
        stage, loaded = load(client, package, bar)
    if loaded:
        _say(
            Text(
                f"演示年度已载入：{len(package.boards)} 个榜",
                f"demo year loaded: {len(package.boards)} boards",
            )
        )
    left = stage.left(acts(package)) if play else []
    if left:
        _say(Text(f"开始模拟，还有 {len(left)} 步", f"playing, {len(left)} steps to go"))
        Player(client, package, stage, _say).play(left, pace)
    if play:
        _say(
            Text(
                "演示已全部放完，焊工成绩等您公布", "all is played; the welders' results are yours to publish"
            )
        )


def _say(text: Text) -> None:
    click.echo(f"{text.zh} · {text.en}")
    sys.stdout.flush()
