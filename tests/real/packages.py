"""Real contests as contest packages, with the totals and ranks that were published."""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from rules.formulas import formula
from rules.text import Text
from services.cli.package import model
from services.cli.package.contest import BoardPart, Entry, Package, Sheet, SheetKey, Unit
from services.cli.package.read import made_code

MOST_ELEMENTS = 13
MOST_COMPONENTS = 5
ROUND: dict[str, Any] = {"op": "round", "digits": 2}
PANEL = {"function": "trimmed_mean", "judges": 9, "missing": "present"}
DANCE: dict[str, Any] = {
    "id": "dance",
    "root": {
        "kind": "group",
        "children": [
            {
                "id": "dance",
                "kind": "judgement",
                "scale": {"max": 10, "step": 1},
                "panel": {"function": "sum", "min_judges": 3},
                "unmarked": 0,
            }
        ],
    },
}
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Published:
    """What the organiser published of an entry. `place` is None where only the total was published."""

    total: Decimal
    place: int | None = None


@dataclass(frozen=True)
class RealContest:
    """A package, and by board and external id what must come out of it."""

    package: Package
    published: Mapping[str, Mapping[str, Published]]


def skating_packages(data_dir: Path, most: int = 16) -> RealContest:
    """Figure skating at the Winter Games of 2018: a board for each segment, the first `most` by name."""
    folder = data_dir / "olympic_figure_skating_2018"
    marks: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in _rows(folder / "judge-scores.csv"):
        marks[row["aspect_id"]][row["judge"]] = Decimal(row["score"])
    for row in _rows(folder / "judge-goe.csv"):
        marks[row["aspect_id"]][row["judge"]] = Decimal(row["judge_goe"])
    aspects: dict[str, Rows] = defaultdict(list)
    for row in _rows(folder / "judged-aspects.csv"):
        aspects[row["performance_id"]].append(row)
    performances = _rows(folder / "performances.csv")
    boards: dict[str, BoardPart] = {}
    published: dict[str, dict[str, Published]] = {}
    for number, program in enumerate(sorted({row["program"] for row in performances})[:most], 1):
        code = f"segment-{number:02d}"
        field = [row for row in performances if row["program"] == program]
        skates = [_Skate(row, aspects[row["performance_id"]], marks) for row in field]
        boards[code] = BoardPart(
            about=_board(code, program),
            scheme=_segment_scheme("elements" if "Short" in program else "components"),
            entries=tuple(skate.entry() for skate in skates),
            sheets=tuple(sheet for skate in skates for sheet in skate.sheets()),
        )
        published[code] = {
            row["performance_id"]: Published(Decimal(row["total_segment_score"]), int(row["rank"]))
            for row in field
        }
    return RealContest(_package("skating-2018", 2018, boards.values()), published)


def halfpipe_package(data_dir: Path) -> RealContest:
    """The men's halfpipe final of 2026: three runs, six judges, the best run counts."""
    folder = data_dir / "halfpipe_olympics_2026"
    rows = _rows(folder / "milano-cortina-2026-individual-judge-scores.csv")
    runs = [row for row in rows if row["judge6_score"] is not None and row["run"] and row["run"].isdigit()]
    final = _rows(folder / "milano-cortina-2026-mens-halfpipe.csv")
    ids = {row["competitor"]: f"H{int(row['performance_order']):02d}" for row in final}
    board = BoardPart(
        about=_board("halfpipe", "Men's halfpipe"),
        scheme=formula("runs_best"),
        entries=tuple(
            Entry(
                ids[row["competitor"]],
                row["competitor"],
                _nation(row["country"]),
                number=int(row["performance_order"]),
            )
            for row in final
        ),
        sheets=tuple(
            Sheet(
                SheetKey(ids[run["competitor"]], "", int(run["run"]), 1, f"J{judge}"),
                {"run": Decimal(run[f"judge{judge}_score"])},
            )
            for run in runs
            if run["judge1_score"]
            for judge in range(1, 7)
        ),
    )
    published = {
        ids[row["competitor"]]: Published(Decimal(row["best_score"]), int(row["final_rank"])) for row in final
    }
    return RealContest(_package("halfpipe-2026", 2026, [board]), {"halfpipe": published})


def dances_package(data_dir: Path) -> RealContest:
    """1,734 dances, each the sum of the judges who were there; ranks were not published."""
    rows = _rows(data_dir / "strictly_come_dancing" / "results.csv")
    ids = [f"D{number:04d}" for number in range(1, len(rows) + 1)]
    board = BoardPart(
        about=_board("dances", "Dances"),
        scheme=DANCE,
        entries=tuple(
            Entry(id, f"{row['celebrity']} & {row['professional']}: {row['dance']}", number=number)
            for number, (id, row) in enumerate(zip(ids, rows, strict=True), 1)
        ),
        sheets=tuple(
            Sheet(SheetKey(id, "", 1, 1, column.removeprefix("score_")), {"dance": Decimal(mark)})
            for id, row in zip(ids, rows, strict=True)
            for column, mark in row.items()
            if column.startswith("score_") and Decimal(mark)
        ),
    )
    published = {id: Published(Decimal(row["total"])) for id, row in zip(ids, rows, strict=True)}
    return RealContest(_package("dances", 2021, [board]), {"dances": published})


class _Skate:
    """One performance: what the judges marked, and the base values and factors that came with it.

    An attempt that stayed empty counts 0, with base value and factor 0.
    """

    def __init__(
        self, performance: Mapping[str, str], aspects: Rows, marks: Mapping[str, Mapping[str, Decimal]]
    ) -> None:
        self._performance = performance
        self._marks = marks
        self._by_section = {
            section: [row for row in aspects if row["section"] == section]
            for section in ("elements", "components")
        }

    def entry(self) -> Entry:
        row, factors = self._performance, dict[str, Decimal]()
        for number in range(1, MOST_ELEMENTS + 1):
            elements = self._by_section["elements"]
            base = Decimal(elements[number - 1]["base_value"]) if number <= len(elements) else Decimal(0)
            factors |= {f"base#{number}": base, f"valid#{number}": Decimal(bool(base))}
        for number in range(1, MOST_COMPONENTS + 1):
            components = self._by_section["components"]
            found = Decimal(components[number - 1]["factor"]) if number <= len(components) else Decimal(0)
            factors[f"factor#{number}"] = found
        return Entry(
            row["performance_id"],
            row["name"],
            _nation(row["nation"]),
            number=int(row["starting_number"]),
            factors=factors,
        )

    def sheets(self) -> Iterator[Sheet]:
        id = self._performance["performance_id"]
        sheets: dict[SheetKey, dict[str, Decimal | None]] = defaultdict(dict)
        for section, rows in self._by_section.items():
            for number, row in enumerate(rows, 1):
                for judge, mark in self._marks[row["aspect_id"]].items():
                    given = None if section == "components" and not mark else mark
                    sheets[SheetKey(id, "", number, 1, judge)][section] = given
        sheets[SheetKey(id, "", 1, 1, "referee")]["deductions"] = abs(
            Decimal(self._performance["total_deductions"])
        )
        return (Sheet(key, marks) for key, marks in sheets.items())


def _segment_scheme(tie: str) -> dict[str, Any]:
    """Elements (base value + trimmed mean of grades) + components (two-step rounding) − deductions."""
    return {
        "id": "segment",
        "root": {
            "kind": "group",
            "children": [
                {
                    "id": "elements",
                    "kind": "judgement",
                    "scale": {"min": -5, "max": 5},
                    "panel": PANEL,
                    "unmarked": 0,
                    "then": [
                        ROUND,
                        {"op": "coefficient", "brought": True, "key": "valid"},
                        {"op": "base", "key": "base"},
                    ],
                    "attempts": {"count": MOST_ELEMENTS, "function": "sum"},
                },
                {
                    "id": "components",
                    "kind": "judgement",
                    "scale": {"max": 10, "step": "0.25"},
                    "panel": PANEL,
                    "unmarked": 0,
                    "then": [ROUND, {"op": "coefficient", "brought": True, "key": "factor"}, ROUND],
                    "attempts": {"count": MOST_COMPONENTS, "function": "sum"},
                },
                {"id": "deductions", "kind": "deduction"},
            ],
        },
        "ranking": {"keys": [{"by": "node"}, {"by": "node", "path": tie}]},
    }


def _package(code: str, year: int, boards: Iterable[BoardPart]) -> Package:
    parts = tuple(boards)
    campaign = model.Campaign(code=code, title=Text(code, code), year=year, unit="world")
    nations = sorted({entry.unit for part in parts for entry in part.entries if entry.unit})
    units = (Unit("world", "World"), *(Unit(unit, unit.partition(".")[2], "world") for unit in nations))
    return Package(campaign, units, parts)


def _board(code: str, title: str) -> model.Board:
    return model.Board(
        code=code, kind="contest", title=Text(title, title), scheme=f"{code}.yaml", published=True
    )


def _nation(name: str) -> str:
    return made_code("world", name)


def _rows(path: Path) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
