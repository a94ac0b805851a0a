"""Workbooks that are crafted against whoever reads them, and what the cells of an honest one say."""

import io
import zipfile
from datetime import date, datetime

import pytest
import xlsxwriter

from services.kit.workbook import WorkbookDamaged, WorkbookTooLarge, read_workbook

LAST = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'


def rewritten(content: bytes, part: str, *pieces: bytes) -> bytes:
    """The workbook with one of its parts replaced."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in old.namelist():
            with new.open(name, "w") as target:
                target.writelines(pieces if name == part else [old.read(name)])
    return stream.getvalue()


def workbook(*cells: object) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for at, cell in enumerate(cells):
        if isinstance(cell, date):
            sheet.write_datetime(1, at + 1, cell, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
        else:
            sheet.write(1, at + 1, cell)
    book.close()
    return stream.getvalue()


def test_cells_are_what_people_see_from_the_first_row_and_column_on() -> None:
    day, minute = (datetime.fromisoformat(text) for text in ("2026-05-01", "2026-05-01T08:30"))
    content = workbook("王芳", 0.1, 12345678901, True, day, minute)

    _, row = read_workbook(content)

    assert row == ["", "王芳", "0.1", "12345678901", "true", "2026-05-01", "2026-05-01T08:30:00"]


def test_one_cell_in_the_last_row_and_column_does_not_take_the_memory() -> None:
    content = workbook("王芳")
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    crafted = sheet.replace("</sheetData>", f"{LAST}</sheetData>").encode()

    with pytest.raises(WorkbookTooLarge):
        read_workbook(rewritten(content, "xl/worksheets/sheet1.xml", crafted))


def test_workbook_that_unpacks_without_end_is_refused() -> None:
    opening = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    bomb = rewritten(workbook("王芳"), "xl/sharedStrings.xml", opening, *[b"A" * (1 << 20)] * 1100)

    with pytest.raises((WorkbookTooLarge, WorkbookDamaged)):
        read_workbook(bomb)


def test_what_is_no_workbook_says_so() -> None:
    with pytest.raises(WorkbookDamaged):
        read_workbook(b"PK\x03\x04 this is no workbook")
