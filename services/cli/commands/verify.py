"""`leitai verify`: an exported ledger, checked offline."""

from pathlib import Path
from typing import Any

import click

from services.cli.package.show import console, standings_body, standings_table
from services.cli.package.verify import Verdict, verify
from services.cli.refusing import Exit, print_json


@click.command(
    help="离线核验导出的账本（.ndjson，或装有多个的 .zip）：哈希链、序号，并重算已公布的名次 · "
    "Verify an exported ledger (.ndjson, or a .zip of several) offline: its hash chains, its numbers, "
    "and the published places counted again",
    epilog="退出码 · exit codes: 0 完好 whole, 1 不符 broken, 2 用法 usage",
)
@click.argument("export", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
def command(export: Path, as_json: bool) -> None:
    verdicts = list(verify(export))
    if as_json:
        print_json({"holds": _all_hold(verdicts), "ledgers": [_body(each) for each in verdicts]})
    else:
        for each in verdicts:
            _tell(each)
        if not verdicts:
            click.echo("✗ 压缩包里没有 .ndjson · the zip holds no .ndjson", err=True)
    if not _all_hold(verdicts):
        raise SystemExit(Exit.REFUSED)


def _all_hold(verdicts: list[Verdict]) -> bool:
    return bool(verdicts) and all(each.holds for each in verdicts)


def _tell(verdict: Verdict) -> None:
    ledger = verdict.ledger
    click.echo(f"{verdict.file}: {ledger.board or '—'}, {ledger.lines} 行 lines")
    for topic, chain in sorted(ledger.chains.items()):
        click.echo(f"  {topic:<14} {chain.sequence:>8}  {chain.head}")
    if verdict.broken is not None:
        broken = verdict.broken
        click.echo(f"✗ 第 {broken.line} 行{broken.text.zh} · line {broken.line} {broken.text.en}", err=True)
        return
    if verdict.standings is not None:
        console().print(standings_table(verdict.standings))
    for change in verdict.changes:
        click.echo(
            f"✗ {change.name}：公布第 {change.published or '—'} 名，账本第 {change.counted or '—'} 名 · "
            f"published at place {change.published or '—'}, the ledger gives {change.counted or '—'}",
            err=True,
        )
    if verdict.holds:
        said = "名次与公布一致 places as published" if ledger.published else "尚未公布 not published"
        click.echo(f"✓ 账本完好 the ledger is whole; {said}")


def _body(verdict: Verdict) -> dict[str, Any]:
    broken, ledger = verdict.broken, verdict.ledger
    return {
        "file": verdict.file,
        "board": ledger.board,
        "holds": verdict.holds,
        "lines": ledger.lines,
        "heads": {
            topic.value: {"sequence": chain.sequence, "chain": chain.head}
            for topic, chain in sorted(ledger.chains.items())
        },
        "broken": broken
        and {
            "line": broken.line,
            "rule": broken.rule,
            "detail": broken.text.en,
            "detail_zh": broken.text.zh,
        },
        "published": ledger.published is not None,
        "changes": [
            {
                "entry": each.entry,
                "name": each.name,
                "published": each.published,
                "counted": each.counted,
            }
            for each in verdict.changes
        ],
        "standings": standings_body(verdict.standings) if verdict.standings else None,
    }
