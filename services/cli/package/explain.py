"""How a score of a package was made, and why it stands where it does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import click

from rules.evaluate import evaluate_field
from rules.evaluate_words import attempt_title
from rules.results import Cell, Row
from rules.scheme import Scheme
from rules.scheme_nodes import Attempts
from rules.text import Text
from rules.why import why_above
from schemas.live_state import entry_input
from services.cli.package.count import Standings
from services.kit.resources import plain


@dataclass(frozen=True, slots=True)
class Found:
    """What is said about an entry: its row, a node and each of its parts, and why the next above is above."""

    row: Row
    cells: tuple[tuple[Text, Cell], ...]
    above: Text | None


def explain(standings: Standings, entry: str, path: str = "", attempt: int | None = None) -> Found:
    """Explain an entry's node and all that it is made of. Raises KeyError for an unknown entry or node."""
    rows = standings.rows
    at = next((at for at, row in enumerate(rows) if row.entry == entry), None)
    if at is None:
        raise KeyError(entry)
    ranking, names = standings.rules.ranking, standings.names
    cells = tuple(_explained(standings, entry, path, attempt))
    return Found(rows[at], cells, why_above(ranking, rows[at - 1], rows[at], names) if at else None)


def explanation_body(standings: Standings, found: Found) -> dict[str, Any]:
    """The explanation for programs, in the shape in which the leaderboard service answers."""
    row, line = found.row, standings.lines[found.row.entry]
    return {
        "board": standings.code,
        "entry": row.entry,
        "name": line.name,
        "place": row.place,
        "total": _text(row.total),
        "complete": row.evaluation.complete,
        "barred": row.evaluation.barred,
        "cells": [_cell(title, cell) for title, cell in found.cells],
        "gates": [
            {"gate": gate.gate, "passed": gate.passed, "effect": gate.effect, "text": _both(gate.text)}
            for gate in row.evaluation.gates
        ],
        "above": _both(found.above) if found.above else None,
    }


def tell(body: Mapping[str, Any]) -> None:
    """Print an explanation, cell by cell: the value, the marks, and each step in both languages."""
    place = f"第 {body['place']} 名 place {body['place']}  " if body.get("place") else ""
    click.echo(f"{body['name']}  {place}{body['total'] if body['total'] is not None else '—'}")
    for cell in body["cells"]:
        indent = "  " * (cell["path"].count(".") + 1 if cell["path"] else 0)
        value = cell["value"] if cell["value"] is not None else cell["missing"]
        title = cell["title"]
        named = title["zh"] if title["zh"] == title["en"] else f"{title['zh']} {title['en']}"
        click.echo(f"{indent}{named} = {value}")
        if cell["marks"]:
            click.echo(f"{indent}  " + "  ".join(map(_mark, cell["marks"])))
        for step in cell["steps"]:
            click.echo(f"{indent}  {step['text']['zh']} · {step['text']['en']}")
    for gate in body["gates"]:
        click.echo(f"{'✓' if gate['passed'] else '✗'} {gate['text']['zh']} · {gate['text']['en']}")
    if body["above"]:
        click.echo(f"{body['above']['zh']}\n{body['above']['en']}")


def _explained(
    standings: Standings, entry: str, path: str, attempt: int | None
) -> Iterator[tuple[Text, Cell]]:
    """The node itself, then those below it that have a value, as the scheme lists them."""
    scheme = standings.rules.scheme
    if scheme is None:
        return
    states = standings.states if scheme.field_wide else {entry: standings.states[entry]}
    cells = evaluate_field(scheme, map(entry_input, states.values()), explain=True)[entry].cells
    for placed in scheme.node(path).walk():
        repeated = placed.repeated.node.attempts if placed.repeated else None
        numbers = [attempt] if attempt else [0, *range(1, repeated.count + 1 if repeated else 1)]
        for number in numbers:
            key = f"{placed.path}#{number}" if number else placed.path
            if placed.path == path and number == (attempt or 0):
                cell = cells.get(key) or cells[f"{key}#1"]
            elif key not in cells or cells[key].value is None:
                continue
            else:
                cell = cells[key]
            yield _title(scheme, placed.path, repeated, number), cell


def _title(scheme: Scheme, path: str, repeated: Attempts | None, number: int) -> Text:
    title = scheme.titles[path]
    if repeated is None or not number:
        return title
    which = attempt_title(repeated, number)
    return Text(f"{title.zh}（{which.zh}）", f"{title.en} ({which.en})")


def _cell(title: Text, cell: Cell) -> dict[str, Any]:
    return {
        "path": cell.path,
        "attempt": cell.attempt,
        "title": _both(title),
        "value": _text(cell.value),
        "missing": cell.missing,
        "complete": cell.complete,
        "marks": [
            {"judge": given.judge, "mark": plain(given.mark), "used": given.used} for given in cell.marks
        ],
        "steps": [
            {"op": step.op, "value": plain(step.value), "text": _both(step.text)} for step in cell.steps
        ],
    }


def _mark(mark: Mapping[str, Any]) -> str:
    """A judge's mark; in brackets where trimming dropped it."""
    shown = f"{mark['judge']} {mark['mark']}"
    return shown if mark["used"] else f"({shown})"


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _text(value: Any) -> str | None:
    return None if value is None else plain(value)
