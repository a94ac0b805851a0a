from typing import Any

import pytest

from rules.awards import AwardList, award, load_awards
from rules.results import Row
from tests.rules.board import field

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
