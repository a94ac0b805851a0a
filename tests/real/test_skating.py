"""Figure skating at the Winter Games of 2018: 250 performances from 30,546 marks of nine judges."""

from collections import defaultdict
from decimal import Decimal
from functools import cache
from typing import Any

from rules.evaluate import evaluate, evaluate_field
from rules.ranking import load_ranking, rank
from rules.results import Contender, EntryInput, Sheet
from rules.scheme import Scheme, load_scheme
from tests.real.places import rows_of

FOLDER = "olympic_figure_skating_2018"
MOST_ELEMENTS = 13
MOST_COMPONENTS = 5
ROUND: dict[str, Any] = {"op": "round", "digits": 2}
PANEL = {"function": "trimmed_mean", "judges": 9, "missing": "present"}


def segment(name: str) -> dict[str, Any]:
    """Elements (base value + trimmed mean of grades) + components (two-step rounding) − deductions."""
    return {
        "id": name,
        "kind": "group",
        "children": [
            {
                "id": "elements",
                "kind": "judgement",
                "scale": {"min": -5, "max": 5},
                "panel": PANEL,
                "then": [
                    ROUND,
                    {"op": "coefficient", "brought": True, "key": f"{name}.valid"},
                    {"op": "base", "key": f"{name}.base"},
                ],
                "attempts": {"count": MOST_ELEMENTS, "function": "sum"},
            },
            {
                "id": "components",
                "kind": "judgement",
                "scale": {"max": 10, "step": "0.25"},
                "panel": PANEL,
                "then": [ROUND, {"op": "coefficient", "brought": True, "key": f"{name}.factor"}, ROUND],
                "attempts": {"count": MOST_COMPONENTS, "function": "sum"},
            },
            {"id": "deductions", "kind": "deduction"},
        ],
    }


def scheme_of(*names: str, ranking: list[str] | None = None) -> Scheme:
    keys = [
        {"id": path or "total", "by": "node", "path": path, "direction": "desc"} for path in ranking or []
    ]
    return load_scheme(
        {
            "id": "skating",
            "root": {"kind": "group", "children": [segment(name) for name in names]},
            "ranking": {"keys": keys} if keys else {},
        }
    )


@cache
def published() -> list[dict[str, str]]:
    return rows_of(FOLDER, "performances.csv")


@cache
def aspects() -> dict[str, list[dict[str, str]]]:
    found = defaultdict(list)
    for row in rows_of(FOLDER, "judged-aspects.csv"):
        found[row["performance_id"]].append(row)
    return found


@cache
def marks() -> dict[str, dict[str, Decimal]]:
    """Aspect → judge → translated grade for elements, plain mark for components (0.0 = no mark)."""
    found: dict[str, dict[str, Decimal]] = defaultdict(dict)
    for row in rows_of(FOLDER, "judge-scores.csv"):
        found[row["aspect_id"]][row["judge"]] = Decimal(row["score"])
    for row in rows_of(FOLDER, "judge-goe.csv"):
        found[row["aspect_id"]][row["judge"]] = Decimal(row["judge_goe"])
    return found


def performance_input(performance: dict[str, str], name: str) -> EntryInput:
    """What the judges marked, the base values and factors, and the attempts that stayed empty."""
    sheets: list[Sheet] = []
    factors: dict[str, Decimal] = {}
    absent = set()
    for section, most in (("elements", MOST_ELEMENTS), ("components", MOST_COMPONENTS)):
        rows = [row for row in aspects()[performance["performance_id"]] if row["section"] == section]
        for number, row in enumerate(rows, 1):
            given = marks()[row["aspect_id"]]
            if not given:
                absent.add(f"{name}.{section}#{number}")  # an element without value has no marks
            sheets += (
                Sheet(
                    judge,
                    {f"{name}.{section}": None if section == "components" and not mark else mark},
                    attempt=number,
                )
                for judge, mark in given.items()
            )
            if section == "elements":
                base = Decimal(row["base_value"])
                factors |= {f"{name}.base#{number}": base, f"{name}.valid#{number}": Decimal(bool(base))}
            else:
                factors[f"{name}.factor#{number}"] = Decimal(row["factor"])
        absent |= {f"{name}.{section}#{number}" for number in range(len(rows) + 1, most + 1)}
    sheets.append(Sheet("referee", {f"{name}.deductions": abs(Decimal(performance["total_deductions"]))}))
    return EntryInput(performance["name"], sheets, factors, frozenset(absent))


def test_every_performance_equals_its_published_scores() -> None:
    scheme = scheme_of("skate")

    found = {}
    for row in published():
        evaluation = evaluate(scheme, performance_input(row, "skate"))
        cells = evaluation.cells
        found[row["performance_id"]] = (
            cells["skate.elements"].value,
            cells["skate.components"].value,
            evaluation.total,
            evaluation.complete,
        )

    assert len(found) == 250
    assert found == {
        row["performance_id"]: (
            Decimal(row["total_element_score"]),
            Decimal(row["total_component_score"]),
            Decimal(row["total_segment_score"]),
            True,
        )
        for row in published()
    }


def test_ranks_of_all_sixteen_segments_equal_the_published_ones() -> None:
    programs = {row["program"] for row in published()}

    for program in programs:
        tie = "skate.elements" if "Short" in program else "skate.components"
        scheme = scheme_of("skate", ranking=["", tie])
        field = [row for row in published() if row["program"] == program]
        evaluations = evaluate_field(scheme, [performance_input(row, "skate") for row in field])
        rows = rank(
            load_ranking(scheme.ranking), evaluations, {name: Contender(name) for name in evaluations}
        )

        assert {row.entry: row.place for row in rows} == {row["name"]: int(row["rank"]) for row in field}
    assert len(programs) == 16


def test_totals_of_two_segments_equal_the_published_ones() -> None:
    scheme = scheme_of("short", "free")
    known = {
        "HANYU": "317.85",
        "ZAGITOVA": "239.57",
        "VIRTUE": "206.07",
        "SAVCHENKO": "235.90",
    }
    both: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
    for row in published():
        if not row["program"].startswith("Team Event"):
            both[row["name"]]["short" if "Short" in row["program"] else "free"] = row

    totals = {}
    for name, rows in both.items():
        if len(rows) == 2:
            short, free = (performance_input(rows[part], part) for part in ("short", "free"))
            entry = EntryInput(
                name,
                [*short.sheets, *free.sheets],
                {**short.factors, **free.factors},
                short.absent | free.absent,
            )
            totals[name] = evaluate(scheme, entry).total

    assert totals == {
        name: Decimal(both[name]["short"]["total_segment_score"])
        + Decimal(both[name]["free"]["total_segment_score"])
        for name in totals
    }
    for surname, total in known.items():
        assert [found for name, found in totals.items() if surname in name.upper()] == [Decimal(total)]


def test_team_event_points_by_place_equal_the_published_ones() -> None:
    team = [row for row in published() if row["program"].startswith("Team Event")]
    programs = sorted({row["program"] for row in team})
    points = {"op": "rank_points", "points": list(range(10, 0, -1))}
    scheme = load_scheme(
        {
            "id": "team",
            "root": {
                "kind": "group",
                "children": [
                    {"id": f"segment-{number}", "kind": "imported", "then": [points]}
                    for number in range(len(programs))
                ],
            },
        }
    )
    given: dict[str, dict[str, Decimal | None]] = defaultdict(dict)
    for row in team:
        given[row["nation"]][f"segment-{programs.index(row['program'])}"] = Decimal(
            row["total_segment_score"]
        )

    found = evaluate_field(
        scheme,
        [
            EntryInput(
                nation,
                [Sheet("results", marks)],
                absent=frozenset(f"segment-{n}" for n in range(8) if f"segment-{n}" not in marks),
            )
            for nation, marks in given.items()
        ],
    )

    totals = {nation: evaluation.total for nation, evaluation in found.items()}
    assert len(programs) == 8
    assert {nation: totals[nation] for nation in ("CAN", "OAR", "USA", "ITA", "JPN")} == {
        "CAN": 73,
        "OAR": 66,
        "USA": 62,
        "ITA": 56,
        "JPN": 50,
    }
