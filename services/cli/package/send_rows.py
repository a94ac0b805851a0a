"""What a board's rows are as HTTP bodies, and refusals of batches told by their rows."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from rules.text import Text
from services.cli.client import Refused
from services.cli.package.contest import BoardPart, Entry, Sheet, SheetKey
from services.cli.package.flaws import Flaw, PackageRefused, cell
from services.kit.resources import plain

T = TypeVar("T")


def entry_body(entry: Entry, unit: str) -> dict[str, Any]:
    """An entry as registration takes it; `unit` is an id."""
    return {
        "name": entry.name,
        "unit": unit,
        "external_id": entry.external_id,
        "number": entry.number,
        "code": entry.code,
        "category": entry.category,
        "unranked": entry.unranked,
        "members": list(entry.members),
        "factors": {path: plain(factor) for path, factor in entry.factors.items()},
        "times": {name: plain(seconds) for name, seconds in entry.times.items()},
    }


def require_same(
    part: BoardPart, bodies: Mapping[str, Mapping[str, Any]], there: Mapping[str, Mapping[str, Any]]
) -> None:
    """What is there already must be what the package says; numbers and codes may have been drawn since."""
    flaws = []
    for entry in part.entries:
        other = there.get(entry.external_id)
        for name, value in bodies[entry.external_id].items() if other else ():
            assert other is not None
            theirs = other["unit"]["id"] if name == "unit" else other[name]
            if value != theirs and (value or name not in ("number", "code")):
                text = Text(
                    f"平台上已有 {entry.external_id}，此项是 {theirs}",
                    f"{entry.external_id} is on the platform already with {theirs}",
                )
                way_out = Text("在平台上更正，或改包", "correct it on the platform, or in the package")
                place = cell(entry.row, name)
                flaws.append(Flaw("entries", place, "differs", text, way_out, str(value)))
    if flaws:
        raise PackageRefused(flaws)


def panels(part: BoardPart, ids: Mapping[str, str]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Stage by stage, who marks it. Judges go by their codes, so that the same panel is the same body."""
    for stage in sorted({judge.stage for judge in part.judges}):
        yield (
            stage,
            [
                {
                    "judge": each.judge,
                    "name": each.name,
                    "seat": each.seat,
                    "chief": each.chief,
                    "recused": [ids[entry] for entry in each.recused],
                }
                for each in sorted(part.judges, key=lambda judge: judge.judge)
                if each.stage == stage
            ],
        )


def bases(sheets: Iterable[Sheet]) -> dict[SheetKey, int]:
    """Which version each sheet replaces: a judge's later round replaces the earlier one."""
    rounds: dict[SheetKey, list[SheetKey]] = {}
    for sheet in sheets:
        rounds.setdefault(sheet.key._replace(round=0), []).append(sheet.key)
    return {key: base for keys in rounds.values() for base, key in enumerate(sorted(keys))}


def at_rows(refused: Refused, table: str, rows: Sequence[int]) -> Exception:
    """A refusal of a batch told by the rows of its table; the refusal itself where it names none."""
    flaws = []
    for error in refused.body.get("errors", []):
        pieces = str(error.get("field", "")).split("/")
        if len(pieces) > 2 and pieces[1] == table and pieces[2].isdigit() and int(pieces[2]) < len(rows):
            place = cell(rows[int(pieces[2])], ".".join(pieces[3:]))
            said, way_out = str(error.get("detail")), str(error.get("way_out"))
            value = "" if error.get("value") is None else str(error["value"])
            flaws.append(
                Flaw(table, place, str(error.get("rule")), Text(said, said), Text(way_out, way_out), value)
            )
    return PackageRefused(flaws) if flaws else refused


def chunks(items: Sequence[T], size: int) -> Iterator[tuple[int, Sequence[T]]]:
    """Parts of a list, each with how much was before it."""
    for start in range(0, len(items), size):
        yield start, items[start : start + size]
