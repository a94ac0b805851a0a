"""Standings and explanations for people (tables whose columns hold with Chinese) and for programs."""

from decimal import Decimal
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from rules.rounding import show
from rules.text import Text
from schemas.live import LiveRow
from services.cli.package.count import Standings
from services.kit.resources import plain

_STATUS = {
    "unranked": Text("打星", "unranked"),
    "withdrawn": Text("退赛", "withdrawn"),
    "disqualified": Text("取消成绩", "disqualified"),
}


def standings_table(standings: Standings) -> Table:
    """Places, totals and the values of stages, equal places marked with =."""
    table = Table(title=escape(f"{bilingual(standings.title)}（{standings.code}）"), title_justify="left")
    for heading in ("名次", "编号", "姓名/名称", "单位"):
        table.add_column(heading, justify="right" if heading == "名次" else "left")
    columns = standings.rules.columns
    for _, title in columns:
        table.add_column(escape(title.zh), justify="right")
    table.add_column("总分", justify="right")
    table.add_column("备注")
    for row in standings.rows:
        line = standings.lines[row.entry]
        place = "" if row.place is None else f"{row.place}{'=' if row.tied else ''}"
        values = [_number(standings, line.values.get(path)) for path, _ in columns]
        cells = (place, line.external_id or row.entry, line.name, line.unit.name)
        total = _number(standings, row.total)
        table.add_row(*map(escape, cells), *values, total, escape(_note(line, row.place)))
    return table


def standings_body(standings: Standings) -> dict[str, Any]:
    """The standings for programs; numbers are strings."""
    return {
        "board": standings.code,
        "title": {"zh": standings.title.zh, "en": standings.title.en},
        "columns": [
            {"path": path, "title": {"zh": title.zh, "en": title.en}}
            for path, title in standings.rules.columns
        ],
        "rows": [
            {
                "place": row.place,
                "tied": row.tied,
                "entry": standings.lines[row.entry].external_id or row.entry,
                "name": standings.lines[row.entry].name,
                "unit": standings.lines[row.entry].unit.name,
                "total": _text(row.total),
                "values": {path: _text(value) for path, value in standings.lines[row.entry].values.items()},
                "status": row.status,
                "complete": row.evaluation.complete,
                "reason": _reason(standings.lines[row.entry]) if row.place is None else None,
            }
            for row in standings.rows
        ],
    }


def console() -> Console:
    """Where tables go. Without a terminal they are as wide as they need to be."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(width=200, highlight=False)


def bilingual(text: Text) -> str:
    return text.zh if text.zh == text.en else f"{text.zh} {text.en}"


def _note(line: LiveRow, place: int | None) -> str:
    notes = []
    if place is None:
        notes.append(line.reason.zh if line.reason else _STATUS.get(line.status, Text("", "")).zh)
    if line.band:
        notes.append(f"第 {line.band + 1} 档")
    if place is not None and not line.complete:
        notes.append("未评完")
    return "；".join(filter(None, notes))


def _reason(line: LiveRow) -> dict[str, str] | None:
    return {"zh": line.reason.zh, "en": line.reason.en} if line.reason else None


def _number(standings: Standings, value: object) -> str:
    """With the board's digits; a value that has more is shown whole, never rounded again."""
    if not isinstance(value, Decimal):
        return ""
    settled = round(value, standings.rules.digits)
    return format(settled, "f") if settled == value else show(value)


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)
