"""A board's figures as XLSX: what stands now, to fill in and send back."""

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

import xlsxwriter

from rules.scheme_index import Placed
from rules.text import Language
from services.kit.tabular import is_formula
from services.scoring.domain.figures import NAME, NUMBER, UNIT, Line, titles_of

Standing = Mapping[str, Mapping[str, Decimal | None]]
_LEADING = (NUMBER, NAME, UNIT)


def figures_file(
    aspects: Sequence[Placed], lines: Sequence[Line], marks: Standing, language: Language
) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bg_color": "#FCE4D6", "border": 1, "text_wrap": True})
        titles = [title.say(language) for title in titles_of(aspects).values()]
        for at, title in enumerate([*(each.say(language) for each in _LEADING), *titles]):
            sheet.write_string(0, at, title, bold)
        for row, line in enumerate(lines, 1):
            if line.number:
                sheet.write_number(row, 0, line.number)
            for at, text in ((1, line.name), (2, line.unit)):
                sheet.write_string(row, at, f"'{text}" if is_formula(text) else text)
            for at, placed in enumerate(aspects, len(_LEADING)):
                mark = marks.get(line.entry, {}).get(placed.path)
                if mark is not None:
                    sheet.write_number(row, at, mark)
        sheet.set_column(1, 2, 28)
        sheet.set_column(len(_LEADING), len(_LEADING) + len(aspects), 14)
        sheet.freeze_panes(1, 2)
    return stream.getvalue()
