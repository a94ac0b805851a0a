"""A table of a package as rows of named cells, from CSV or XLSX; every cell that is wrong is told."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import TypeVar

from rules.scheme_types import is_plain
from rules.text import Text
from services.cli.package.columns import Table
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused, cell
from services.cli.package.formulas import unguarded
from services.cli.package.source import decode
from services.kit.workbook import WorkbookDamaged, WorkbookTooLarge, read_workbook

Grid = Iterator[tuple[int, list[str]]]
C = TypeVar("C", bound=str)
_YES = ("true", "yes", "y", "1", "是", "√", "✓")
_NO = ("", "false", "no", "n", "0", "否")
_SEPARATORS = re.compile(r"[;；、\n]")


@dataclass(slots=True)
class Row:
    """A row of a table. What cannot be read is added to `flaws`, and a harmless value is returned."""

    file: str
    row: int
    cells: Mapping[str, str]
    headings: Mapping[str, str]
    flaws: list[Flaw]

    def text(self, name: str) -> str:
        return self.cells.get(name, "")

    def needed(self, name: str) -> str:
        value = self.text(name)
        if not value:
            self.refuse(
                name, "missing", Text("不能为空", "must not be empty"), Text("填写此项", "fill it in")
            )
        return value

    def choice(self, name: str, options: Mapping[str, C], default: C) -> C:
        """One of the options' values, by what people write for it."""
        value = self.text(name)
        if not value:
            return default
        found = options.get(value.casefold())
        if found is None:
            known = ", ".join(sorted(set(options.values())))
            self.refuse(name, "choice", Text("不是可选的值", "is not one of the choices"), _use(known))
            return default
        return found

    def whole(self, name: str, default: int, least: int = 1) -> int:
        value = self.text(name)
        if not value:
            return default
        if value.isascii() and value.isdigit() and len(value) < 9 and int(value) >= least:
            return int(value)
        self.refuse(name, "whole", Text(f"应是不小于 {least} 的整数", f"must be a whole number from {least}"))
        return default

    def flag(self, name: str) -> bool:
        value = self.text(name).casefold()
        if value in _YES:
            return True
        if value not in _NO:
            self.refuse(name, "flag", Text("应是“是”或“否”", "must be yes or no"))
        return False

    def number(self, name: str) -> Decimal | None:
        """An exact number; None where the cell is empty or was refused."""
        value = self.text(name)
        if not value:
            return None
        try:
            found = Decimal(value) if value.isascii() and "_" not in value else Decimal("NaN")
        except InvalidOperation:
            found = Decimal("NaN")
        if is_plain(found):
            return Decimal(format(found, "f"))
        self.refuse(name, "number", Text("不是可用的数", "is not a number that can be used"), _NUMBER)
        return None

    def several(self, name: str) -> tuple[str, ...]:
        return tuple(part for each in _SEPARATORS.split(self.text(name)) if (part := each.strip()))

    def numbers(self, prefix: str) -> dict[str, Decimal]:
        """The open columns with a prefix: what follows it → the number."""
        found = {}
        for name in self.cells:
            if name.startswith(f"{prefix}:") and (value := self.number(name)) is not None:
                found[name.partition(":")[2]] = value
        return found

    def refuse(self, name: str, rule: str, text: Text, way_out: Text | None = None) -> None:
        place = cell(self.row, self.headings.get(name, name) if name else "")
        way_out = way_out or Text("改正后重试", "correct it and try again")
        self.flaws.append(Flaw(self.file, place, rule, text, way_out, self.text(name)))


def read_table(files: Mapping[str, bytes], table: Table, flaws: list[Flaw]) -> list[Row]:
    """The rows of a table; none where the package has no such file."""
    names = [name for name in (f"{table.name}.csv", f"{table.name}.xlsx") if name in files]
    if not names:
        return []
    if len(names) > 1:
        text = Text(f"{names[0]} 与 {names[1]} 同时存在", f"{names[0]} and {names[1]} are both there")
        flaws.append(Flaw(names[1], NOWHERE, "twice", text, Text("只留一个", "keep one of them")))
        return []
    file = names[0]
    try:
        grid = _from_xlsx(file, files[file]) if file.endswith(".xlsx") else _from_csv(file, files[file])
        return list(_rows(file, grid, table, flaws))
    except PackageRefused as refused:
        flaws += refused.flaws
        return []


def _rows(file: str, grid: Grid, table: Table, flaws: list[Flaw]) -> Iterator[Row]:
    heading = next(((number, cells) for number, cells in grid if any(cells)), None)
    if heading is None:
        return
    columns, headings = _columns(file, heading[0], heading[1], table, flaws)
    for number, cells in grid:
        if not any(cells):
            continue
        found = {name: value for name, value in zip(columns, cells, strict=False) if name and value}
        row = Row(file, number, found, headings, flaws)
        if any(cells[len(columns) :]):
            more = Text("比表头多出单元格", "has more cells than the heading")
            row.refuse("", "too_wide", more, Text("检查引号和逗号", "check the quotes and commas"))
        if any("\x00" in value for value in found.values()):
            row.refuse("", "control_character", Text("含有控制字符", "holds a control character"))
        for name, value in found.items():
            text = unguarded(value)
            if text is None:
                row.refuse(name, "formula", _FORMULA, _FORMULA_WAY_OUT)
            else:
                found[name] = text
        yield row


def _columns(
    file: str, number: int, cells: list[str], table: Table, flaws: list[Flaw]
) -> tuple[list[str | None], dict[str, str]]:
    """The canonical name of each column (None: no heading), and the heading that people see for it."""
    columns: list[str | None] = []
    headings: dict[str, str] = {}
    for heading in cells:
        name = table.column_of(heading) if heading else None
        columns.append(name)
        if heading and name is None:
            near = get_close_matches(heading, table.headings, n=1)
            text = Text("没有这一列", "there is no such column")
            flaws.append(
                Flaw(
                    file,
                    cell(number, heading),
                    "unknown_column",
                    text,
                    _use(", ".join(near or table.headings)),
                )
            )
        elif name in headings:
            text = Text(f"与“{headings[name]}”是同一列", f"is the same column as {headings[name]}")
            way_out = Text("只留一列", "keep one of them")
            flaws.append(Flaw(file, cell(number, heading), "twice", text, way_out))
        elif name:
            headings[name] = heading
    for column in table.columns:
        if column.required and column.name not in headings:
            text = Text("缺少这一列", "this column is missing")
            way_out = Text(
                f"在表头加上 {column.name}（或：{'、'.join(column.aliases)}）",
                f"add {column.name} to the heading",
            )
            flaws.append(Flaw(file, cell(number, column.name), "missing_column", text, way_out))
    return columns, headings


def _from_csv(file: str, content: bytes) -> Grid:
    reader = csv.reader(io.StringIO(decode(file, content), newline=""), strict=True)
    try:
        for cells in reader:
            yield reader.line_num - _inside(cells), [value.strip() for value in cells]
    except csv.Error as error:
        text = Text(f"CSV 格式有误：{error}", f"is not well-formed CSV: {error}")
        way_out = Text("检查引号", "check the quotes")
        raise PackageRefused([Flaw(file, cell(reader.line_num), "csv", text, way_out)]) from None


def _inside(cells: list[str]) -> int:
    """Line breaks inside cells: a row is named by its first line."""
    return sum(value.count("\n") for value in cells)


def _from_xlsx(file: str, content: bytes) -> Grid:
    try:
        grid = read_workbook(content)
    except (WorkbookDamaged, WorkbookTooLarge) as error:
        said = str(error) or "too large 过大"
        text = Text(f"打不开这个工作簿：{said}", f"the workbook cannot be opened: {said}")
        way_out = Text("在表格软件中另存为 xlsx，或用 CSV", "save it again as xlsx, or use CSV")
        raise PackageRefused([Flaw(file, NOWHERE, "xlsx", text, way_out)]) from None
    for number, cells in enumerate(grid, 1):
        yield number, [cell.strip() for cell in cells]


def _use(known: str) -> Text:
    return Text(f"可用：{known}", f"use one of: {known}")


_FORMULA = Text("以 = + - @ 开头，表格软件会当作公式", "starts with = + - @, as a formula does")
_FORMULA_WAY_OUT = Text("删去开头的符号，或在前面加一个 '", "remove the sign, or put ' before it")
_NUMBER = Text("写成如 86.5 的数，小数最多九位", "write a number like 86.5, with at most nine decimals")
