"""An empty roster as XLSX, with a second sheet that explains its columns."""

import io

import xlsxwriter

from rules.text import Language, Text
from services.registration.columns import ENTRY_COLUMNS, Column
from services.registration.domain import BoardRecord

_LAST_ROW = 1_048_575
_SHEETS = (Text("名册", "Roster"), Text("说明", "Columns"))
_HEADINGS = (Text("列", "Column"), Text("说明", "Meaning"), Text("示例", "Example"), Text("必填", "Required"))
_KEYED = (
    (
        Text("系数:名称", "factor:path"),
        Text("评分方案中由报名带来的系数或基数", "A coefficient or base value that the scheme asks for"),
    ),
    (
        Text("用时:名称", "time:name"),
        Text("用于同分时比较的秒数", "Seconds that decide between equal points"),
    ),
)


def roster_template(record: BoardRecord, language: Language) -> bytes:
    """The template of a board. Columns of long numbers are text, so that none is rounded."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        roster = book.add_worksheet(_SHEETS[0].say(language))
        bold = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1})
        text = book.add_format({"num_format": "@"})
        for at, column in enumerate(ENTRY_COLUMNS):
            roster.write_string(0, at, column.title.say(language), bold)
            roster.write_comment(0, at, column.says.say(language))
            roster.set_column(at, at, 22 if column.is_text else 14, text if column.is_text else None)
            choices = _choices(column, record)
            if choices:
                roster.data_validation(1, at, _LAST_ROW, at, {"validate": "list", "source": choices})
        roster.freeze_panes(1, 0)
        _explain(book, bold, record, language)
    return stream.getvalue()


def _explain(book: xlsxwriter.Workbook, bold: object, record: BoardRecord, language: Language) -> None:
    sheet = book.add_worksheet(_SHEETS[1].say(language))
    for at, heading in enumerate(_HEADINGS):
        sheet.write_string(0, at, heading.say(language), bold)
    required = {"name", *record.eligibility.required}
    for row, column in enumerate(ENTRY_COLUMNS, 1):
        mark = Text("是", "yes") if column.field in required else Text("否", "no")
        cells = (column.title.say(language), column.says.say(language), column.example, mark.say(language))
        for at, cell in enumerate(cells):
            sheet.write_string(row, at, cell)
    for row, (title, says) in enumerate(_KEYED, len(ENTRY_COLUMNS) + 1):
        sheet.write_string(row, 0, title.say(language))
        sheet.write_string(row, 1, says.say(language))
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 60)
    sheet.set_column(2, 2, 24)


def _choices(column: Column, record: BoardRecord) -> list[str]:
    if column.field == "unranked":
        return ["是", "否"]
    categories = list(record.eligibility.categories)
    fits = len(",".join(categories)) <= 255  # what Excel takes for a list
    return categories if column.field == "category" and fits else []
