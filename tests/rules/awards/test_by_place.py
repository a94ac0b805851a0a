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
MEDALS = {
    "id": "medals",
    "rule": "tie_band",
    "band": "2",
    "levels": [
        {"id": "gold", "label": {"zh": "金牌", "en": "gold"}},
        {"id": "silver", "label": {"zh": "银牌", "en": "silver"}},
        {"id": "bronze", "label": {"zh": "铜牌", "en": "bronze"}},
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


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param("520 510 505 490", ["a", "b", "c"], id="nobody close"),
        pytest.param("520 518 515 514 512", ["ab", "", "cd"], id="two golds, no silver, bronze tie"),
        pytest.param("520 518 510", ["ab", "", "c"], id="two golds still give a bronze"),
        pytest.param("520 519 518 516 515", ["abc", "", "d"], id="three golds, bronze within 2 of the last"),
        pytest.param("520 519 518 515", ["abc", "", ""], id="three golds, nobody near"),
        pytest.param(
            "520 510 509 508 506 505", ["a", "bcd", "e"], id="silver tie, bronze within 2 of the last"
        ),
        pytest.param("520 510 508.5 506", ["a", "bc", ""], id="silver tie, nobody near"),
        pytest.param("520 517.99 516 515.98", ["a", "bc", "d"], id="2.01 is not close, 2 is"),
        pytest.param("520", ["a", "", ""], id="one entry"),
    ],
)
def test_tie_band_shares_medals(values: str, expected: list[str]) -> None:
    rows = field(dict(zip("abcdef", values.split(), strict=False)))

    assert won(given(MEDALS, rows)) == expected


def test_tie_band_says_how_close_and_why_no_silver() -> None:
    awards = given(MEDALS, field({"a": "520", "b": "518.5", "c": "518", "d": "517"}))

    assert [winner.reason.zh for winner in awards.level("medals.gold").winners] == [
        "第 1 名，520",
        "第 2 名，518.5，与 520 相差 1.5，不超过 2",
        "第 3 名，518，与 520 相差 2，不超过 2",
    ]
    assert [winner.reason.en for winner in awards.level("medals.bronze").winners] == [
        "place 4, 517: 1 from 518, within 2"
    ]
    assert [note.zh for note in awards.notes] == [
        "金牌 3 个，不设银牌",
        "铜牌只授予与最后一个金牌相差不超过 2 者",
    ]


def test_tie_band_of_an_empty_board_gives_nothing() -> None:
    assert won(given(MEDALS, ())) == ["", "", ""]
