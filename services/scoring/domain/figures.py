"""A table of figures: a row for each entry, a column for each aspect that takes figures from elsewhere."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from rules.scheme import Scheme
from rules.scheme_index import Placed
from rules.text import Text
from services.kit.problems import Fault
from services.kit.tabular import Row, Table, formula_fault, is_formula, place

Source = Literal["self", "checker", "exam"]
NUMBER, NAME, UNIT = Text("序号", "Number"), Text("姓名或名称", "Name"), Text("单位", "Unit")
_NAMES = {
    "number": ("序号", "编号", "number", "no."),
    "name": ("姓名或名称", "姓名", "名称", "参评者", "name"),
    "unit": ("单位", "单位名称", "unit"),
}
_KINDS: Mapping[Source, tuple[str, ...]] = {
    "self": ("indicator", "bonus", "deduction", "measurement"),
    "checker": ("indicator", "bonus", "deduction", "measurement"),
    "exam": ("imported",),
}
_MARK = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?")
_WORDS = {"是": "1", "yes": "1", "√": "1", "否": "0", "no": "0"}


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as a table names it."""

    entry: str
    number: int
    name: str
    unit: str


@dataclass(slots=True)
class Figures:
    """What a table says: marks by entry (None where a cell was emptied), and where each entry stands."""

    labels: dict[str, str] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    marks: dict[str, dict[str, Decimal | None]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, entry: str, path: str) -> str:
        return place(self.rows[entry], self.labels.get(path, path))


def aspects_of(scheme: Scheme, source: Source, period: int) -> list[Placed]:
    """The aspects that take figures of this source in this period, in the order of the scheme."""
    return [
        placed
        for placed in scheme.aspects()
        if placed.node.kind in _KINDS[source] and period <= _periods(placed)
    ]


def titles_of(aspects: Sequence[Placed]) -> dict[str, Text]:
    """What the column of each aspect is called: with its group where two have one title."""
    called = [placed.title.zh for placed in aspects]
    return {
        placed.path: placed.title if called.count(placed.title.zh) == 1 else _with_group(placed)
        for placed in aspects
    }


def read_figures(table: Table, aspects: Sequence[Placed], lines: Sequence[Line]) -> Figures:
    """Every cell of a table, or every fault of it."""
    found = Figures()
    about, columns = _header(table.header, aspects, found)
    if found.faults:
        return found
    finder = _Finder(lines)
    for row in table.rows:
        line = finder.find(row, about, found)
        if line is None:
            continue
        if line.entry in found.rows:
            said = Text(f"第 {found.rows[line.entry]} 行已是同一名", "An earlier row is of the same entry")
            found.faults.append(_fault(row, about, "name", said, Text("只留一行", "Keep one row")))
            continue
        found.rows[line.entry] = row.number
        found.marks[line.entry] = {path: _mark(row, at, path, found) for at, path in columns.items()}
    return found


@dataclass(slots=True)
class _About:
    """Where the columns are that say whose a row is, and how the table calls them."""

    at: dict[str, int] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def cell(self, row: Row, column: str) -> str:
        at = self.at.get(column)
        return row.cells[at] if at is not None and at < len(row.cells) else ""


class _Finder:
    """Finds whose a row is, by number and name, by name, or by name and unit."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = lines
        self._by_number = {line.number: line for line in lines if line.number}
        self._by_name: dict[str, list[Line]] = {}
        for line in lines:
            self._by_name.setdefault(line.name, []).append(line)

    def find(self, row: Row, about: _About, found: Figures) -> Line | None:
        number, name, unit = (about.cell(row, column) for column in ("number", "name", "unit"))
        named = self._by_name.get(name, [])
        numbered = self._by_number.get(int(number)) if number.isdecimal() and number.isascii() else None
        if numbered and (not name or numbered in named):
            return numbered
        if not named:
            said = Text("名册里没有这一名", "The roster does not have this entry")
            way_out = Text("按名册改正姓名或名称", "Write the name as in the roster")
            found.faults.append(_fault(row, about, "name", said, way_out))
            return None
        of_unit = [line for line in named if line.unit == unit] or named
        if numbered or len(of_unit) > 1:
            said = Text(
                "同名的不止一名，或序号与姓名对不上", "The name is not unique, or is of another number"
            )
            way_out = Text("填上名册里的序号和单位", "Fill in number and unit as in the roster")
            found.faults.append(_fault(row, about, "name", said, way_out))
            return None
        return of_unit[0]


def _header(header: Row, aspects: Sequence[Placed], found: Figures) -> tuple[_About, dict[int, str]]:
    meant = {name: column for column, names in _NAMES.items() for name in names}
    paths = {
        said.casefold(): path
        for path, title in titles_of(aspects).items()
        for said in (path, title.zh, title.en)
    }
    about, columns = _About(), dict[int, str]()
    for at, label in enumerate(header.cells):
        said = label.casefold()
        if said in meant:
            about.at.setdefault(meant[said], at)
            about.labels.setdefault(meant[said], label)
        elif path := paths.get(said):
            columns[at], found.labels[path] = path, label
        elif label:
            text = Text("评分方案里没有这一项", "The scheme does not have this aspect")
            way_out = Text("下载模板，用其中的列名", "Use the titles of the template")
            found.faults.append(Fault(place(header.number, label), label, "unknown_column", text, way_out))
    if not about.at.keys() & {"name", "number"}:
        text = Text("缺少“姓名或名称”列", "The column of names is missing")
        way_out = Text("下载模板，用其中的列名", "Use the titles of the template")
        found.faults.append(Fault(place(header.number, NAME.zh), "", "missing_column", text, way_out))
    return about, columns


def _mark(row: Row, at: int, path: str, found: Figures) -> Decimal | None:
    cell = row.cells[at] if at < len(row.cells) else ""
    label = found.labels[path]
    if is_formula(cell):
        found.faults.append(formula_fault(row.number, label, cell))
        return None
    plain = _WORDS.get(cell.casefold(), cell.replace(",", "").replace("，", ""))
    if plain and not _MARK.fullmatch(plain):
        said = Text("这里应填数", "This must be a number")
        way_out = Text("只填数字，没有就留空", "Write digits only, or leave it empty")
        found.faults.append(Fault(place(row.number, label), cell[:50], "number", said, way_out))
        return None
    return Decimal(plain) if plain else None


def _fault(row: Row, about: _About, column: str, said: Text, way_out: Text) -> Fault:
    known = column if column in about.at else "number"
    at = place(row.number, about.labels.get(known, NAME.zh))
    return Fault(at, about.cell(row, known)[:50], "whose", said, way_out)


def _periods(placed: Placed) -> int:
    attempts = placed.repeated.node.attempts if placed.repeated else None
    return attempts.count if attempts else 1


def _with_group(placed: Placed) -> Text:
    if placed.parent is None:
        return placed.title
    group = placed.parent.title
    return Text(f"{group.zh} · {placed.title.zh}", f"{group.en} · {placed.title.en}")
