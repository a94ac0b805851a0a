from typing import Any

import pytest

from rules.awards import AwardList, award, load_awards
from rules.ranking import load_ranking
from rules.results import Contender, Row
from tests.rules.board import board, descending, evaluation, field

PRINTING = {
    "id": "prize",
    "rule": "places",
    "levels": [
        {"id": "first", "from": 1, "to": 5},
        {"id": "second", "from": 6, "to": 20},
        {"id": "third", "from": 21},
    ],
}
PROPOSALS = {
    "id": "grade",
    "rule": "threshold",
    "levels": [
        {"id": "one", "at_least": "18", "count": 1},
        {"id": "two", "at_least": "15", "count": 2},
        {"id": "three", "at_least": "13", "count": 3},
    ],
}


def given(rule: dict[str, Any], rows: tuple[Row, ...]) -> AwardList:
    return award(load_awards([rule]), rows)


def won(awards: AwardList) -> list[str]:
    return ["".join(winner.entry for winner in level.winners) for level in awards.levels]


def test_place_ranges_award_by_the_place() -> None:
    awards = given(PRINTING, descending(25))

    assert [len(level.winners) for level in awards.levels] == [5, 15, 5]
    assert awards.level("prize.second").winners[0].place == 6


TIED_AT_TWO = {"a": 9, "b": 8, "c": 8, "d": 7}
TWO_RANGES = [{"id": "x", "from": 1, "to": 2}, {"id": "y", "from": 3, "to": 4}]


@pytest.mark.parametrize(("ties", "expected"), [("in", ["abc", "d"]), ("out", ["a", "d"])])
def test_shared_place_across_the_end_of_a_range_goes_as_set(ties: str, expected: list[str]) -> None:
    rule = {"id": "p", "rule": "places", "ties": ties, "levels": TWO_RANGES}

    assert won(given(rule, field(TIED_AT_TWO))) == expected


def test_dense_places_do_not_reach_beyond_the_range() -> None:
    ranking = load_ranking({"places": "1223"})
    rows = board(ranking, *((evaluation(e, t), Contender(e)) for e, t in TIED_AT_TWO.items()))
    rule = {"id": "p", "rule": "places", "ties": "out", "levels": TWO_RANGES}

    assert won(given(rule, rows)) == ["abc", "d"]


def test_thresholds_with_limited_seats_pass_the_rest_on_to_the_next_level() -> None:
    rows = field({"a": "19", "b": "18", "c": "17", "d": "15", "e": "13", "f": "12.9"})

    assert won(given(PROPOSALS, rows)) == ["a", "bc", "de"]


@pytest.mark.parametrize(
    ("boundary", "expected"), [("included", ["a", "b", ""]), ("excluded", ["", "a", "b"])]
)
def test_value_on_the_boundary_goes_as_set(boundary: str, expected: list[str]) -> None:
    assert won(given({**PROPOSALS, "boundary": boundary}, field({"a": "18", "b": "15"}))) == expected


def test_threshold_looks_at_the_named_node() -> None:
    rows = board(
        {},
        (evaluation("a", 90, {"practical": 50}), Contender("a")),
        (evaluation("b", 80, {"practical": 60}), Contender("b")),
    )
    rule = {"id": "p", "rule": "threshold", "path": "practical", "levels": [{"id": "pass", "at_least": "60"}]}

    assert won(given(rule, rows)) == ["b"]
