"""Tables that people upload: CSV as spreadsheets save it (UTF-8, BOM, GB 18030), or XLSX.

Cells come as the text that the spreadsheet shows. A cell that a spreadsheet would run as a formula is
refused: such a table is either damaged or meant to attack whoever opens its export.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rules.text import Text
from services.kit.problems import Fault, Problem
from services.kit.workbook import WorkbookDamaged, WorkbookTooLarge, read_workbook

MOST_ROWS = 200_000
MOST_COLUMNS = 500
_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_DELIMITERS = ",;\t|"
_NUMBER = re.compile(r"[+-]?[0-9][0-9 .,-]*%?")
_FORMULA = tuple("=+-@＝＋－＠")  # spreadsheets of some languages run the full-width signs too
_SAVE_AGAIN = Text("在表格软件中另存为 XLSX 或 CSV UTF-8", "Save it again as XLSX or as CSV UTF-8")


class TableUnreadable(Problem):
    slug, status = "table-unreadable", 422
    title = Text("读不出这个表格文件", "This table cannot be read")


@dataclass(frozen=True, slots=True)
class Row:
    """A row that is not empty: its number as a spreadsheet counts, and its cells, trimmed."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`header` is the first row that is not empty."""

    header: Row
    rows: tuple[Row, ...]


def read_table(content: bytes) -> Table:
    """The first sheet of a file. Raises TableUnreadable."""
    is_book = content.startswith((_ZIP, _OLD_EXCEL))
    grid = _from_workbook(content) if is_book else _from_csv(content)
    rows = [row for row in grid if any(row.cells)]
    if not rows:
        raise _unreadable("empty", Text("表格是空的", "The table is empty"), _SAVE_AGAIN)
    return Table(rows[0], tuple(rows[1:]))


def place(row: int, column: str) -> str:
    """Where a fault is, as people find it."""
    return f"row {row}, column {column}"


def is_formula(cell: str) -> bool:
    """Whether a spreadsheet would run this text. Numbers with a sign are no formulas."""
    return cell.startswith(_FORMULA) and not _NUMBER.fullmatch(cell)


def formula_fault(row: int, column: str, cell: str) -> Fault:
    return Fault(
        place(row, column),
        cell[:50],
        "formula",
        Text("单元格以 = + - @ 开头，会被当作公式", "The cell starts with = + - @, as a formula does"),
        Text("删去开头的符号，只留文字", "Remove the sign at the start and leave the text"),
    )


def decode(content: bytes) -> str:
    """Text as spreadsheets save it. Raises TableUnreadable."""
    is_utf16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    said = Text("不是 UTF-8 或 GB 18030 编码的文字", "It is no text in UTF-8 or GB 18030")
    raise _unreadable("encoding", said, _SAVE_AGAIN)


def _from_csv(content: bytes) -> Iterator[Row]:
    text = decode(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield _row(number, cells)
    except csv.Error as error:
        said = Text(f"第 {number + 1} 行不是合法的 CSV", f"Row {number + 1} is not valid CSV: {error}")
        raise _unreadable("csv", said, Text("检查引号是否成对", "Check that quotes are closed")) from None


def _delimiter(text: str) -> str:
    head = next((line for line in text.splitlines() if line.strip()), "")
    try:
        return csv.Sniffer().sniff(head[:4000], _DELIMITERS).delimiter
    except csv.Error:
        return ","


def _from_workbook(content: bytes) -> Iterator[Row]:
    try:
        grid = read_workbook(content)
    except WorkbookDamaged as error:
        said = Text("工作簿已损坏，或不是 Excel 文件", f"The workbook is damaged or not Excel: {error}")
        raise _unreadable("workbook", said, _SAVE_AGAIN) from None
    except WorkbookTooLarge:
        said = Text("工作簿过大", "The workbook is too large")
        raise _unreadable("too_large", said, Text("只留名册一张表", "Keep the one sheet only")) from None
    for number, cells in enumerate(grid, 1):
        yield _row(number, cells)


def _row(number: int, cells: list[str]) -> Row:
    if number > MOST_ROWS or len(cells) > MOST_COLUMNS:
        said = Text(
            f"最多 {MOST_ROWS} 行、{MOST_COLUMNS} 列", f"At most {MOST_ROWS} rows and {MOST_COLUMNS} columns"
        )
        raise _unreadable("too_large", said, Text("分成几个文件", "Split it into several files"))
    return Row(number, tuple(cell.strip() for cell in cells))


def _unreadable(rule: str, text: Text, way_out: Text) -> TableUnreadable:
    return TableUnreadable(text, way_out=way_out, rule=rule)
