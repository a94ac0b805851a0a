from decimal import Decimal

import pytest

from rules.ranking import advance, load_ranking, undecided_ties
from rules.results import Contender
from tests.rules.board import board, evaluation, field, line, places


def test_equal_totals_share_a_place_and_the_next_is_skipped() -> None:
    rows = field({"a": "90", "b": "95", "c": "90.0", "d": "80"})

    assert places(rows) == [("b", 1), ("a", 2), ("c", 2), ("d", 4)]
    assert [row.tied for row in rows] == [False, True, True, False]


@pytest.mark.parametrize(("style", "expected"), [("1223", [1, 2, 2, 3]), ("1234", [1, 2, 3, 4])])
def test_places_follow_the_style(style: str, expected: list[int]) -> None:
    rows = board({"places": style}, line("a", 90), line("b", 95), line("c", 90), line("d", 80))

    assert [row.place for row in rows] == expected
    assert [row.tied for row in rows] == [False, True, True, False]


def test_equal_places_list_by_draw_number_and_undrawn_last() -> None:
    rows = board({}, line("a", 9, number=10), line("b", 9, number=9), line("c", 9), line("d", 9, number=100))

    assert [row.entry for row in rows] == ["b", "a", "d", "c"]


def test_rows_without_place_keep_their_row_and_reason_behind_the_others() -> None:
    rows = board(
        {},
        line("disqualified", 99, status="disqualified"),
        line("withdrawn", 98, status="withdrawn"),
        (evaluation("barred", 97, barred=True), Contender("barred")),
        line("guest", 96, status="unranked"),
        line("unmarked", None),
        line("last", 1),
    )

    assert places(rows) == [
        ("last", 1),
        ("unmarked", None),
        ("guest", None),
        ("barred", None),
        ("withdrawn", None),
        ("disqualified", None),
    ]
    assert [row.reason and row.reason.en for row in rows] == [
        None,
        "no marks yet",
        "takes part unranked: takes no place",
        "a safety accident",
        "withdrawn",
        "disqualified",
    ]


def test_unranked_inline_stand_by_their_score_and_take_no_place() -> None:
    rows = board(
        {"unranked": "inline"},
        line("a", 90),
        line("guest", 90, status="unranked"),
        line("b", 80),
        line("c", 70),
    )

    assert places(rows) == [("a", 1), ("guest", None), ("b", 2), ("c", 3)]
    assert not any(row.tied for row in rows)


def test_band_comes_before_points() -> None:
    rows = board(
        {},
        (evaluation("low", 99, band=2), Contender("low")),
        (evaluation("high", 60, band=0), Contender("high")),
        (evaluation("middle", 70, band=1), Contender("middle")),
    )

    assert [row.entry for row in rows] == ["high", "middle", "low"]


def test_playoff_decision_splits_a_tie_and_nothing_else() -> None:
    decided = {"playoff": Decimal(2)}, {"playoff": Decimal(1)}
    rows = board(
        {"last_resort": "playoff"},
        line("a", 90, decisions=decided[0]),
        line("b", 90, decisions=decided[1]),
        line("c", 95, decisions={"playoff": Decimal(9)}),
    )

    assert places(rows) == [("c", 1), ("b", 2), ("a", 3)]
    assert undecided_ties(rows) == ()


def test_undecided_ties_stay_shared_and_are_reported() -> None:
    rows = board(
        {"last_resort": "committee"},
        line("a", 90),
        line("b", 90),
        line("c", 80, decisions={"committee": Decimal(1)}),
        line("d", 80),
        line("e", 70),
    )

    assert places(rows) == [("a", 1), ("b", 1), ("c", 3), ("d", 4), ("e", 5)]
    assert [[row.entry for row in tie] for tie in undecided_ties(rows)] == [["a", "b"], ["c", "d"]]


def test_shared_last_resort_leaves_nothing_undecided() -> None:
    assert undecided_ties(field({"a": 1, "b": 1})) == ()


@pytest.mark.parametrize(("ties", "through"), [("in", ["a", "b", "c"]), ("out", ["a"])])
def test_tied_at_the_cut_go_through_as_set(ties: str, through: list[str]) -> None:
    ranking = load_ranking({"cut": {"top": 2, "ties": ties}})
    rows = board(
        ranking, line("a", 9), line("b", 8), line("c", 8), line("d", 7), line("z", 9, status="unranked")
    )

    assert [row.entry for row in advance(ranking, rows)] == through
    assert [row.entry for row in advance(ranking, rows, 9)] == ["a", "b", "c", "d"]
