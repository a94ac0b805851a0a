"""A list as a workbook to print and sign: who wins, the standings, and how the numbers came to be.

Texts are written as strings, so nothing in them is ever run. The file's dates are the list's, so that the
same list gives the same bytes.
"""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from typing import Any

import xlsxwriter

from services.awards import words
from services.awards.domain import Document, Line

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A4 = 9
_UNDATED = datetime(2000, 1, 1)  # noqa: DTZ001 (the file format knows no time zones)


def write_xlsx(document: Document) -> bytes:
    """The workbook's bytes."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    dated = document.dated.astimezone(UTC).replace(tzinfo=None) if document.dated else _UNDATED
    book.set_properties({"title": words.title(document), "created": dated})
    _Book(book, document).write()
    book.close()
    return stream.getvalue()


class _Book:
    def __init__(self, book: Any, document: Document) -> None:
        self.book, self.document = book, document
        cell = {"border": 1, "valign": "vcenter", "text_wrap": True}
        self.title = book.add_format({"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"})
        self.small = book.add_format({"align": "center", "font_color": "#555555"})
        self.head = book.add_format({**cell, "bold": True, "align": "center", "bg_color": "#EEEEEE"})
        self.text = book.add_format(cell)
        self.whole = book.add_format({**cell, "align": "center"})
        self.plain = book.add_format({"text_wrap": True, "valign": "top"})
        self.bold = book.add_format({"bold": True})
        self.numbers: dict[int, Any] = {}

    def write(self) -> None:
        self._winners()
        self._standings()
        self._reasons()

    def _winners(self) -> None:
        widths = (6, 20, 8, 24, 24, 28, 30)
        sheet = self._sheet(
            "获奖名单", ("序号", "奖项", "名次", "姓名/名称", "成员/建议人", "单位", "说明"), widths
        )
        at = count(3)
        numbers = count(1)
        for level in self.document.levels:
            award = level.title.zh + ("（拟）" if level.proposed else "")
            for prize in level.winners:
                reason = prize.reason.zh
                if level.approval is not None:
                    reason = f"{reason}；{level.approval.zh}"
                self._row(
                    sheet,
                    next(at),
                    (
                        next(numbers),
                        award,
                        prize.place,
                        prize.name,
                        "、".join(prize.members),
                        prize.unit,
                        reason,
                    ),
                )
        if not any(level.winners for level in self.document.levels):
            self._row(sheet, next(at), (None, "无", None, "", "", "", "见“评奖说明”"))
        self._signatures(sheet, next(at) + 1)

    def _signatures(self, sheet: Any, at: int) -> None:
        for i, who in enumerate(("制表人", "复核人", "裁判长", "主办单位（盖章）")):
            sheet.write_string(at + 2 * i, 1, f"{who}：", self.bold)
            sheet.write_string(at + 2 * i, 3, "＿" * 10)
            sheet.write_string(at + 2 * i, 4, "日期：＿＿＿＿年＿＿月＿＿日")

    def _standings(self) -> None:
        columns = self.document.columns
        head = ("名次", "姓名/名称", "单位", "编号", *(c.title.zh for c in columns), "总分", "奖项", "备注")
        widths = (8, 24, 30, 12, *(12 for _ in columns), 12, 20, 24)
        sheet = self._sheet("成绩总表", head, widths, landscape=True)
        titles = {level.id: level.title.zh for level in self.document.levels}
        for at, line in enumerate(self.document.standings, 3):
            self._row(sheet, at, self._cells(line, titles))

    def _cells(self, line: Line, titles: dict[str, str]) -> tuple[object, ...]:
        values = (line.values.get(column.path) for column in self.document.columns)
        number = line.external_id or str(line.number or "")
        awards = "、".join(titles[id] for id in line.awards)
        return (line.place, line.name, line.unit, number, *values, line.total, awards, words.note(line))

    def _reasons(self) -> None:
        document = self.document
        sheet = self._sheet("评奖说明", ("项目", "说明"), (24, 90))
        at = count(3)
        published = f"{document.published_at:%Y-%m-%d %H:%M} UTC" if document.published_at else words.DRAFT
        position = "，".join(f"{topic} {number}" for topic, number in document.position.items())
        lines = [
            ("成绩发布", published),
            ("评分方案版本", str(document.scheme_version)),
            ("账本位置", position),
        ]
        lines += [("名额计算", each.zh) for each in document.notes]
        lines += [("并列与排序", each.zh) for each in document.ties]
        lines += [(f"未获奖：{each.name}", each.reason.zh) for each in document.left_out]
        for table in document.units:
            by = words.UNITS_BY.get(table.by, table.by)
            lines += [
                (
                    f"单位{by}第 {row.place} 名",
                    f"{row.name}：积分 {row.points:f}，参赛 {row.entries}，平均 {row.average:f}",
                )
                for row in table.lines
            ]
        for line in lines:
            self._row(sheet, next(at), line)

    def _sheet(self, name: str, head: Sequence[str], widths: Sequence[int], landscape: bool = False) -> Any:
        """A sheet with title and heading, set up for A4, its heading repeated on every page."""
        sheet = self.book.add_worksheet(name)
        sheet.merge_range(0, 0, 0, len(head) - 1, "", self.title)
        sheet.write_string(0, 0, words.title(self.document), self.title)
        sheet.set_row(0, 30)
        sheet.merge_range(1, 0, 1, len(head) - 1, "", self.small)
        sheet.write_string(1, 0, f"{self.document.board.unit}　{name}", self.small)
        for column, (text, width) in enumerate(zip(head, widths, strict=True)):
            sheet.write_string(2, column, text, self.head)
            sheet.set_column(column, column, width)
        sheet.freeze_panes(3, 0)
        sheet.repeat_rows(2)
        sheet.set_paper(_A4)
        sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
        sheet.fit_to_pages(1, 0)
        if landscape:
            sheet.set_landscape()
        footer = f"&C第 &P 页 共 &N 页{'&R' + words.DRAFT if self.document.provisional else ''}"
        sheet.set_footer(footer)
        return sheet

    def _row(self, sheet: Any, at: int, cells: Sequence[object]) -> None:
        for column, value in enumerate(cells):
            if isinstance(value, Decimal):
                sheet.write_number(at, column, value, self._number(value))
            elif isinstance(value, int):
                sheet.write_number(at, column, value, self.whole)
            else:
                sheet.write_string(at, column, str(value or ""), self.text)

    def _number(self, value: Decimal) -> Any:
        """The format that shows the number as `words.shown` does."""
        _, _, fraction = words.shown(value, self.document.digits).partition(".")
        digits = len(fraction)
        if digits not in self.numbers:
            form = "0." + "0" * digits if digits else "0"
            self.numbers[digits] = self.book.add_format(
                {"border": 1, "num_format": form, "valign": "vcenter"}
            )
        return self.numbers[digits]
