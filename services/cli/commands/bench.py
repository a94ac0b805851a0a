"""`leitai bench`: figures of this machine, each beside its floor from the same run."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import click

from services.cli.bench import boards, cluster, pages, rebuilding, seen, sheets, workers
from services.cli.bench.cluster import Cluster
from services.cli.bench.extent import QUICK, WHOLE, Extent
from services.cli.bench.figures import Figure
from services.cli.bench.machine import machine
from services.cli.bench.processes import BenchFailed
from services.cli.bench.telling import telling
from services.cli.refusing import print_json
from services.kit.settings import Settings

EMBEDDED: Mapping[str, Callable[[Extent], Iterator[Figure]]] = {
    "sheets": sheets.measure,
    "seen": seen.measure,
    "crowd": seen.crowds,
    "page": pages.measure,
    "growth": boards.growth,
    "rebuild": rebuilding.measure,
    "large": boards.large,
}
CLUSTER: Mapping[str, Callable[[Extent, Cluster], Iterator[Figure]]] = {
    "cluster-sheets": cluster.sheets,
    "cluster-seen": cluster.seen,
    "worker": lambda extent, where: workers.measure(extent, where.settings.kafka_bootstrap),
}
_HEADINGS = ("work", "measured", "floor", "ratio", "target", "", "more")


@click.command(help="性能测量：每个数旁边是同一次运行的底线 · Measure, each figure beside its floor")
@click.argument("rows", nargs=-1, metavar="[ROWS]...")
@click.option("--cluster", "of_cluster", is_flag=True, help="测量 LEITAI_ 变量所指的集群 · a running cluster")
@click.option("--scoring", help="scoring 的地址 · address of scoring  [LEITAI_PUBLIC_URL]")
@click.option("--leaderboard", help="leaderboard 的地址 · address of leaderboard  [LEITAI_PUBLIC_URL]")
@click.option(
    "--quick", is_flag=True, help="少量运行一遍，只看能否运行 · one small round, to see that it runs"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@click.option("--markdown", is_flag=True, help="输出 Markdown 表格 · print a Markdown table")
@click.option("--quiet", "-q", is_flag=True, help="不显示进度 · no progress")
def command(  # noqa: PLR0917 (click gives them by name)
    rows: tuple[str, ...],
    of_cluster: bool,
    scoring: str | None,
    leaderboard: str | None,
    quick: bool,
    as_json: bool,
    markdown: bool,
    quiet: bool,
) -> None:
    """ROWS 为要测的项目，缺省为全部；docs/performance.md 说明各项。退出码 1：有未达到的目标。

    ROWS are the rows to measure, all unless given; docs/performance.md describes them. Exit code 1: a
    target was missed.

    sheets seen crowd page growth rebuild large · --cluster: cluster-sheets cluster-seen worker
    """
    extent = QUICK if quick else WHOLE
    where = _where(scoring, leaderboard) if of_cluster else None
    known: list[str] = list(CLUSTER if of_cluster else EMBEDDED)
    if unknown := sorted(set(rows) - set(known)):
        raise click.UsageError(f"没有这些项目 · no such rows: {', '.join(unknown)}; {', '.join(known)}")
    about = machine()
    plain = not (as_json or markdown)
    if plain:
        click.echo(_named(about))
    run = _Run(_show if plain else None)
    with telling(quiet=quiet) as say:
        for row in rows or known:
            of_row = replace(extent, say=partial(_say, say, row))
            run.take(row, CLUSTER[row](of_row, where) if where else EMBEDDED[row](of_row))
    if as_json:
        figures = [each.body() for each in run.found]
        print_json({"machine": about, "seconds": run.seconds, "figures": figures, "failures": run.failures})
    elif markdown:
        _write_markdown(about, run.found)
    for failure in run.failures:
        click.echo(f"✗ {failure}", err=True)
    missed = [figure for figure in run.found if figure.reached is False]
    if plain:
        click.echo(f"{len(run.found) - len(missed)} ✓, {len(missed)} ✗, {sum(run.seconds.values()):.0f} s")
    raise SystemExit(1 if run.failures or missed else 0)


@dataclass
class _Run:
    """What was found so far, each figure shown at once."""

    show: Callable[[Figure], None] | None
    found: list[Figure] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)

    def take(self, row: str, figures: Iterable[Figure]) -> None:
        begun = time.monotonic()
        try:
            for figure in figures:
                self.found.append(figure)
                if self.show:
                    self.show(figure)
        except BenchFailed as failed:
            self.failures.append(f"{row}: {failed}")
        self.seconds[row] = round(time.monotonic() - begun, 1)


def _say(say: Callable[[str], None], row: str, text: str) -> None:
    say(f"{row}: {text}")


def _where(scoring: str | None, leaderboard: str | None) -> Cluster:
    settings = Settings()
    return Cluster(settings, scoring or settings.url, leaderboard or settings.url)


def _show(figure: Figure) -> None:
    what, measured, floor, ratio, target, verdict, note = figure.line()
    click.echo(f"{verdict or '·'} {figure.row}: {what}: {measured}" + (f"   {target}" if target else ""))
    more = (f"底线 floor {floor}" if floor else "", f"比 ratio {ratio}" if ratio else "", note)
    click.echo("    " + "; ".join(each for each in more if each))


def _write_markdown(about: dict[str, Any], found: list[Figure]) -> None:
    click.echo(f"{_named(about)}\n\n| {' | '.join(_HEADINGS)} |\n|{'---|' * len(_HEADINGS)}")
    for figure in found:
        click.echo(f"| {' | '.join(figure.line())} |")


def _named(about: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in about.items())
