from decimal import Decimal
from typing import Any

import pytest

from rules.awards import AwardList, Facts, Placing, award, load_awards
from rules.results import Contender
from tests.rules.board import board, descending, evaluation

MACHINERY = {"places": {"1": "8", "2": "4", "3": "2"}, "placed": "1"}


def given(rule: dict[str, Any], units: str, *others: Placing) -> AwardList:
    """Entries e1, e2 … of the units given letter by letter, on the board `weld`."""
    contenders = {f"e{i}": Contender(f"e{i}", unit=unit) for i, unit in enumerate(units, 1)}
    facts = Facts(contenders, board="weld", placings=others)
    return award(load_awards([{"id": "team", "rule": "units", **rule}]), descending(len(units)), facts)


def table(awards: AwardList, by: str) -> list[tuple[int, str, str]]:
    (found,) = (table for table in awards.tables if table.by == by)
    value = {"sum": "points", "average": "average", "entries": "entries"}[by]
    return [(line.place, line.unit, str(getattr(line, value))) for line in found.lines]


def test_points_by_place_are_summed_by_unit() -> None:
    awards = given({"points": MACHINERY}, "ABBAC")

    assert table(awards, "sum") == [(1, "A", "9"), (2, "B", "6"), (3, "C", "1")]
    assert table(awards, "entries") == [(1, "A", "2"), (1, "B", "2"), (3, "C", "1")]


def test_sum_and_average_per_trade_are_separate_tables() -> None:
    others = [Placing("lathe", "A", 3), Placing("lathe", "B", 9), Placing("mill", "A", 4)]

    awards = given({"points": MACHINERY}, "AB", *others)

    assert table(awards, "sum") == [(1, "A", "11"), (2, "B", "5")]
    assert table(awards, "average") == [(1, "A", "3.6667"), (2, "B", "2.5000")]


def test_medal_points_go_before_points_by_place() -> None:
    medals = {
        "id": "medals",
        "rule": "counts",
        "levels": [{"id": "gold", "count": 1}, {"id": "silver", "count": 1}],
    }
    points = {"levels": {"medals.gold": "4", "medals.silver": "3"}, "placed": "0"}
    units = {"id": "team", "rule": "units", "points": points}
    facts = Facts({f"e{i}": Contender(f"e{i}", unit=unit) for i, unit in enumerate("ABA", 1)}, board="weld")

    awards = award(load_awards([medals, units]), descending(3), facts)

    assert table(awards, "sum") == [(1, "A", "4"), (2, "B", "3")]


@pytest.mark.parametrize(
    ("by", "first", "second"), [("sum", ["A"], ["C"]), ("average", ["C"], ["A"]), ("entries", ["A", "B"], [])]
)
def test_levels_go_by_the_table_that_is_set(by: str, first: list[str], second: list[str]) -> None:
    levels = [{"id": "first", "count": 1}, {"id": "second", "count": 1}]
    others = [Placing("lathe", "A", 2), Placing("lathe", "B", 3), Placing("lathe", "C", 1)]

    awards = given({"by": by, "points": MACHINERY, "levels": levels}, "AB", *others)

    assert [w.entry for w in awards.level("team.first").winners] == first
    assert [w.entry for w in awards.level("team.second").winners] == second
    assert {level.of for level in awards.levels} == {"units"}


def test_tied_units_at_the_cut_stay_out_when_set() -> None:
    rule = {"by": "entries", "ties": "out", "levels": [{"id": "first", "count": 1}]}

    awards = given(rule, "AB")

    assert awards.level("team.first").winners == ()
    assert [note.zh for note in awards.notes] == ["first：第 1 名 2 个单位并列，余额 1，均不列入"]


def test_only_the_best_of_a_unit_in_each_trade_count_when_set() -> None:
    awards = given({"points": MACHINERY, "best": 1}, "AAB", Placing("lathe", "A", 2))

    assert table(awards, "sum") == [(1, "A", "12"), (2, "B", "2")]


def test_unranked_and_withdrawn_entries_bring_their_unit_nothing() -> None:
    rows = board(
        {},
        (evaluation("a", 9), Contender("a", unit="A", status="unranked")),
        (evaluation("b", 8), Contender("b", unit="A", status="withdrawn")),
        (evaluation("c", 7, barred=True), Contender("c", unit="A")),
        (evaluation("d", 6), Contender("d", unit="B")),
    )
    facts = Facts({e: Contender(e, unit=unit) for e, unit in zip("abcd", "AAAB", strict=True)}, board="weld")

    awards = award(load_awards([{"id": "team", "rule": "units", "points": MACHINERY}]), rows, facts)

    assert table(awards, "sum") == [(1, "B", "8"), (2, "A", "0")]
    assert table(awards, "entries") == [(1, "A", "1"), (1, "B", "1")]


def test_reason_names_points_and_place() -> None:
    awards = given({"points": MACHINERY, "levels": [{"id": "first", "count": 1}]}, "AB")

    (winner,) = awards.levels[0].winners
    assert winner.reason.zh == "总积分 8，第 1 名"
    assert awards.tables[0].lines[0].points == Decimal(8)
