"""From rows of the sheets table to sheets."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import get_args

from rules.text import Text
from services.cli.package.columns import ABSTAIN
from services.cli.package.contest import Sheet, SheetKey, Source
from services.cli.package.tables import Row

_SOURCES: Mapping[str, Source] = {
    **{source: source for source in get_args(Source)},
    "裁判": "judge",
    "自评": "self",
    "自报": "self",
    "核查": "checker",
}
_ABSTAIN = (ABSTAIN, "弃权")
_ONE = Text("只留一行", "keep one of them")


class _Sheets:
    """Rows of one entry, stage, attempt, round and judge are one sheet."""

    def __init__(self) -> None:
        self._marks: dict[SheetKey, dict[str, Decimal | None]] = {}
        self._notes: dict[SheetKey, dict[str, str]] = {}
        self._rows: dict[SheetKey, dict[str, int]] = {}
        self._sources: dict[SheetKey, Source] = {}

    def add(self, row: Row) -> None:
        source = row.choice("source", _SOURCES, "judge")
        key = _sheet_key(row, source)
        if self._sources.setdefault(key, source) != source:
            row.refuse("source", "source_differs", Text("同一评分表来源不一", "differs within one sheet"))
        aspect = row.needed("aspect")
        rows = self._rows.setdefault(key, {})
        if rows.setdefault(aspect, row.row) != row.row:
            first = rows[aspect]
            row.refuse("aspect", "twice", Text(f"与第 {first} 行重复", f"repeats row {first}"), _ONE)
            return
        marks = self._marks.setdefault(key, {})
        if row.text("mark").casefold() in _ABSTAIN:
            marks[aspect] = None
        elif (mark := row.number("mark")) is not None:
            marks[aspect] = mark
        elif not row.text("mark"):
            way_out = Text("填写分数；弃权写 abstain 或“弃权”", "give the mark; write abstain for no mark")
            row.refuse("mark", "missing", Text("没有分数", "has no mark"), way_out)
        if note := row.text("note"):
            self._notes.setdefault(key, {})[aspect] = note

    def sheets(self) -> Iterator[Sheet]:
        for key, marks in self._marks.items():
            yield Sheet(key, marks, self._sources[key], self._notes.get(key, {}), self._rows[key])


def _sheet_key(row: Row, source: Source) -> SheetKey:
    judge = row.needed("judge") if source == "judge" else row.text("judge")
    if source != "judge" and judge not in ("", source):
        text = Text("自报与核查不写裁判", "what units report and inspectors check names no judge")
        row.refuse("judge", "judge_of_indicator", text, Text("留空", "leave it empty"))
    return SheetKey(
        row.needed("entry"),
        row.text("stage"),
        row.whole("attempt", 1),
        row.whole("round", 1),
        judge if source == "judge" else source,
    )


def join_sheets(rows: Iterable[Row]) -> Iterator[Sheet]:
    """The sheets that the rows are parts of, in the order of their first rows."""
    found = _Sheets()
    for row in rows:
        found.add(row)
    return found.sheets()
