"""From a table to drafts: every cell that is wrong is told, by row and column."""

import re
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from rules.text import Text
from services.kit.problems import Fault
from services.kit.tabular import Row, Table, formula_fault, is_formula, place
from services.kit.validation import fault_of
from services.registration.columns import ENTRY_COLUMNS, UNIT_COLUMNS, Header, match_header
from services.registration.domain import Draft, Level, UnitRow
from services.registration.resources.boards import NewUnit
from services.registration.resources.entries import NewEntry
from services.registration.service.drafts import Placed

_SPLIT = re.compile(r"[、,，;；/\n]+")
_YES = frozenset(("是", "y", "yes", "true", "1", "√", "✓", "打星", "*", "★"))
_NO = frozenset(("", "否", "n", "no", "false", "0"))
_LEVELS: dict[str, Level] = {
    "": "unit",
    "地区": "region",
    "region": "region",
    "工会": "union",
    "union": "union",
    "单位": "unit",
    "unit": "unit",
    "班组": "team",
    "team": "team",
}


@dataclass(frozen=True, slots=True)
class Roster:
    """The drafts of the rows that could be read, the row of each, and the faults of the others."""

    header: Header
    drafts: list[Draft]
    rows: list[int]
    faults: list[Fault]

    def place(self, placed: Placed) -> str:
        """Where a fault of a draft is in the table."""
        field = "unit_name" if placed.fault.field == "unit" else placed.fault.field
        return place(self.rows[placed.at], self.header.label(field))

    def label(self, at: int) -> Text:
        row = self.rows[at]
        return Text(f"第 {row} 行“{self.drafts[at].name}”", f"row {row}, {self.drafts[at].name}")


def read_entries(table: Table) -> Roster:
    """The entries of a table."""
    header, faults = match_header(table.header, ENTRY_COLUMNS, ["name"])
    roster = Roster(header, [], [], faults)
    if faults:
        return roster
    for row in table.rows:
        wrong, body = _body_of(row, header)
        if not wrong:
            wrong, draft = _draft_of(row, header, body)
            if draft:
                roster.drafts.append(draft)
                roster.rows.append(row.number)
        faults += wrong
    return roster


def read_units(table: Table) -> tuple[list[UnitRow], list[Fault]]:
    """The units of a table."""
    header, faults = match_header(table.header, UNIT_COLUMNS, ["code", "name"])
    units: list[UnitRow] = []
    if faults:
        return [], faults
    for row in table.rows:
        cells = {field: _cell(row, at) for at, field in header.fields.items()}
        wrong = _formulas(row, header)
        level = _LEVELS.get(cells.get("level", "").casefold())
        if level is None:
            said = Text("层级应为地区、工会、单位或班组", "The level is region, union, unit or team")
            at = place(row.number, header.label("level"))
            wrong.append(Fault(at, cells["level"], "level", said, Text("改为其中之一", "Use one of them")))
        else:
            try:
                NewUnit(code=cells["code"], name=cells["name"], level=level)
                units.append(
                    UnitRow(cells["code"], cells["name"], cells.get("parent", ""), level, row.number)
                )
            except ValidationError as error:
                wrong += _faults_of(error, row, header)
        faults += wrong
    return units, faults


def _body_of(row: Row, header: Header) -> tuple[list[Fault], dict[str, Any]]:
    faults = _formulas(row, header)
    body: dict[str, Any] = {}
    for at, field in header.fields.items():
        cell = _cell(row, at)
        if field == "unranked":
            if cell.casefold() not in _YES | _NO:
                said = Text("应为“是”或“否”", "This must be yes or no")
                way_out = Text("填是或否", "Write yes or no")
                faults.append(Fault(place(row.number, header.labels[at]), cell[:50], "yes_no", said, way_out))
            body[field] = cell.casefold() in _YES
        elif field == "members":
            body[field] = [name.strip() for name in _SPLIT.split(cell) if name.strip()]
        elif cell:
            body[field] = cell
    for at, (field, key) in header.keyed.items():
        if cell := _cell(row, at):
            body.setdefault(field, {})[key] = cell
    return faults, body


def _draft_of(row: Row, header: Header, body: dict[str, Any]) -> tuple[list[Fault], Draft | None]:
    try:
        return [], NewEntry.model_validate({"name": ""} | body).draft()
    except ValidationError as error:
        return _faults_of(error, row, header), None


def _faults_of(error: ValidationError, row: Row, header: Header) -> list[Fault]:
    """What is wrong with a row. Id numbers and phones are not repeated."""
    faults = []
    for each in error.errors():
        _, value, rule, text, way_out = fault_of(dict(each))
        field = str(each["loc"][0])
        label = header.label(field)
        if field in ("factors", "times"):
            key = str(each["loc"][1])
            label = next(
                (header.labels[at] for at, pair in header.keyed.items() if pair == (field, key)), key
            )
        shown = "***" if field in ("id_number", "phone") else value
        faults.append(Fault(place(row.number, label), shown, rule, text, way_out))
    return faults


def _formulas(row: Row, header: Header) -> list[Fault]:
    return [
        formula_fault(row.number, header.labels.get(at, str(at + 1)), cell)
        for at, cell in enumerate(row.cells)
        if is_formula(cell)
    ]


def _cell(row: Row, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""
