"""A list as CSV: UTF-8 with BOM so that spreadsheets see the Chinese, and no cell that they would run."""

import csv
import io

from services.awards import words
from services.awards.domain import Document

MEDIA_TYPE = "text/csv; charset=utf-8"
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def write_csv(document: Document) -> bytes:
    """The standings with their awards, one row per entry; every row says whether the list is final."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    parts = [column.title.zh for column in document.columns]
    writer.writerow(
        map(
            _safe,
            (
                "名次",
                "姓名",
                "成员",
                "单位",
                "编号",
                "抽签号",
                "组别",
                *parts,
                "总分",
                "奖项",
                "备注",
                "名单",
            ),
        )
    )
    titles = {level.id: level.title.zh for level in document.levels}
    for line in document.standings:
        texts = (
            line.name,
            "、".join(line.members),
            line.unit,
            line.external_id,
            str(line.number or ""),
            line.category,
        )
        numbers = [words.shown(line.values.get(column.path), document.digits) for column in document.columns]
        awards = "、".join(titles[id] for id in line.awards)
        said = (awards, words.note(line), words.DRAFT if document.provisional else words.FINAL)
        writer.writerow(
            [
                line.place or "",
                *map(_safe, texts),
                *numbers,
                words.shown(line.total, document.digits),
                *map(_safe, said),
            ]
        )
    return ("\ufeff" + stream.getvalue()).encode("utf-8")


def _safe(text: str) -> str:
    """Text that a spreadsheet would run begins with an apostrophe, which makes it plain."""
    return f"'{text}" if text.startswith(_STARTS_A_FORMULA) else text
