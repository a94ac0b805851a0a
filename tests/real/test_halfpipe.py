"""The men's halfpipe final of 2026: 24 runs of six judges, the best of three counts."""

from collections import defaultdict
from decimal import Decimal

from rules.evaluate import evaluate_field
from rules.formulas import formula
from rules.ranking import load_ranking, rank
from rules.results import Contender, EntryInput, Evaluation, Sheet
from rules.scheme import load_scheme
from tests.real.places import rows_of

FOLDER = "halfpipe_olympics_2026"
SCHEME = load_scheme(formula("runs_best"))


def runs() -> list[dict[str, str]]:
    rows = rows_of(FOLDER, "milano-cortina-2026-individual-judge-scores.csv")
    return [row for row in rows if row["judge6_score"] is not None and row["run"] and row["run"].isdigit()]


def results() -> dict[str, Evaluation]:
    sheets, absent = defaultdict(list), defaultdict(set)
    for run in runs():
        attempt = int(run["run"])
        if not run["judge1_score"]:
            absent[run["competitor"]].add(f"run#{attempt}")
            continue
        for judge in range(1, 7):
            mark = Decimal(run[f"judge{judge}_score"])
            sheets[run["competitor"]].append(Sheet(f"judge {judge}", {"run": mark}, attempt=attempt))
    return evaluate_field(
        SCHEME, [EntryInput(name, sheets[name], absent=frozenset(absent[name])) for name in sheets]
    )


def test_every_run_equals_the_published_score() -> None:
    found = results()
    scored = [run for run in runs() if run["judge1_score"]]

    values = [found[run["competitor"]].cells[f"run#{run['run']}"].value for run in scored]

    assert len(values) == 24
    assert values == [Decimal(run["final_score"]) for run in scored]


def test_best_scores_and_places_equal_the_published_ones() -> None:
    published = rows_of(FOLDER, "milano-cortina-2026-mens-halfpipe.csv")
    found = results()
    rows = rank(load_ranking(SCHEME.ranking), found, {name: Contender(name) for name in found})

    standing = {row.entry: (row.total, row.place) for row in rows}

    assert standing == {
        row["competitor"]: (Decimal(row["best_score"]), int(row["final_rank"])) for row in published
    }
    assert len(standing) == 12
