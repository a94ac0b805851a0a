from typing import Any

import pytest

from rules.awards import AwardList, Facts, award, load_awards
from rules.ranking import load_ranking
from rules.results import Contender, Row
from tests.rules.board import board, descending, evaluation, field

MEDALS = [{"id": "first", "count": 1}, {"id": "second", "count": 3}, {"id": "third", "count": 6}]
RATIO = {
    "id": "medals",
    "rule": "ratio",
    "cap": "0.20",
    "levels": [{"id": "first", "part": 1}, {"id": "second", "part": 2}, {"id": "third", "part": 3}],
    "rest": {"id": "merit", "until": "0.50", "label": {"zh": "优胜奖", "en": "merit"}},
}
SHARES = {
    "id": "medals",
    "rule": "shares",
    "levels": [
        {"id": "first", "share": "0.10", "label": {"zh": "一等奖", "en": "first prize"}},
        {"id": "second", "share": "0.20"},
        {"id": "third", "share": "0.30"},
    ],
}


def given(rule: dict[str, Any], rows: tuple[Row, ...], facts: Facts | None = None) -> AwardList:
    return award(load_awards([rule]), rows, facts)


def won(awards: AwardList) -> dict[str, list[str]]:
    return {level.level: [winner.entry for winner in level.winners] for level in awards.levels}


def sizes(awards: AwardList) -> list[int]:
    return [len(level.winners) for level in awards.levels]


def counts(ties: str, *levels: int, **more: Any) -> dict[str, Any]:
    made = [{"id": f"l{i}", "count": count} for i, count in enumerate(levels, 1)]
    return {"id": "medals", "rule": "counts", "ties": ties, "levels": made, **more}


def test_fixed_counts_go_down_the_board() -> None:
    awards = given({"id": "medals", "rule": "counts", "levels": MEDALS}, descending(12))

    assert won(awards) == {
        "first": ["e1"],
        "second": ["e2", "e3", "e4"],
        "third": ["e5", "e6", "e7", "e8", "e9", "e10"],
    }
    assert awards.level("medals.second").winners[0].reason.zh == "第 2 名，名额 3"


def test_last_level_without_count_takes_all_that_are_left() -> None:
    levels = [{"id": "first", "count": 1}, {"id": "rest"}]

    assert sizes(given({"id": "m", "rule": "counts", "levels": levels}, descending(9))) == [1, 8]


@pytest.mark.parametrize(
    ("n", "expected", "last"),
    [(60, [2, 4, 6, 18], "e30"), (47, [1, 2, 3, 17], "e23"), (20, [0, 0, 0, 10], "e10")],
)
def test_ratio_under_a_cap_and_merit_to_half_the_field(n: int, expected: list[int], last: str) -> None:
    awards = given(RATIO, descending(n))

    assert sizes(awards) == expected
    assert awards.level("medals.merit").winners[-1].entry == last


def test_ratio_shows_raw_numbers_and_what_of_the_cap_was_used() -> None:
    awards = given(RATIO, descending(47))

    assert [note.zh for note in awards.notes] == [
        "名额上限 47 × 0.20 = 9.4 → 9；1:2:3 → 1/2/3，共用 6",
        "优胜奖：至第 23 名（47 × 0.50 = 23.5 → 23）",
    ]


@pytest.mark.parametrize(
    ("rounding", "expected"), [("floor", [3, 7, 11]), ("half_up", [4, 7, 11]), ("ceil", [4, 8, 12])]
)
def test_shares_round_as_set_and_show_the_raw_number(rounding: str, expected: list[int]) -> None:
    awards = given({**SHARES, "rounding": rounding}, descending(37))

    assert sizes(awards) == expected
    assert awards.notes[0].zh == f"一等奖：37 × 0.10 = 3.7 → {expected[0]}"


def test_field_is_counted_as_set() -> None:
    lines = [(evaluation(f"e{i}", 100 - i), Contender(f"e{i}", i)) for i in range(8)]
    lines += [
        (evaluation("barred", 50, barred=True), Contender("barred")),
        (evaluation("guest", 60), Contender("guest", status="unranked")),
    ]
    rows = board({}, *lines)
    half = {"id": "m", "rule": "shares", "levels": [{"id": "half", "share": "0.5"}]}

    assert [sizes(given({**half, "field": kind}, rows)) for kind in ("placed", "competing", "listed")] == [
        [4],
        [4],
        [5],
    ]


def test_those_without_a_place_win_nothing_and_are_listed_with_the_reason() -> None:
    rows = board(
        {},
        (evaluation("barred", 99, barred=True), Contender("barred")),
        (evaluation("guest", 98), Contender("guest", status="unranked")),
        (evaluation("gone", 97), Contender("gone", status="withdrawn")),
        (evaluation("e1", 1), Contender("e1")),
    )

    awards = given(counts("in", 4), rows)

    assert won(awards) == {"l1": ["e1"]}
    assert [(out.entry, out.reason.zh) for out in awards.left_out] == [
        ("guest", "打星参赛，不占名次"),
        ("barred", "发生安全事故"),
        ("gone", "已退赛"),
    ]


# --- ties at the cut-off -----------------------------------------------------------------------------

TIED = {"a": 9, "b": 8, "c": 8, "d": 7}


def test_tie_at_the_cut_all_in_takes_from_the_next_level() -> None:
    awards = given(counts("in", 2, 1), field(TIED))

    assert won(awards) == {"l1": ["a", "b", "c"], "l2": []}
    assert [note.zh for note in awards.notes] == ["l1：第 2 名 2 个并列，余额 1，全部列入"]


def test_tie_at_the_cut_all_in_keeps_the_next_level_when_asked() -> None:
    assert won(given(counts("in", 2, 1, after_tie="keep"), field(TIED))) == {
        "l1": ["a", "b", "c"],
        "l2": ["d"],
    }


def test_tie_at_the_cut_none_in_goes_to_the_next_level() -> None:
    awards = given(counts("out", 2, 1), field(TIED))

    assert won(awards) == {"l1": ["a"], "l2": ["b", "c"]}
    assert [note.en for note in awards.notes] == ["l1: 2 tied on place 2 for 1 left: none in"]


def test_tie_at_the_last_cut_none_in_leaves_the_seat_empty() -> None:
    assert won(given(counts("out", 2), field(TIED))) == {"l1": ["a"]}


def test_tie_at_the_cut_is_split_by_the_rules_own_chain() -> None:
    rows = board(
        {},
        *(
            (evaluation(e, t, {"practical": p}), Contender(e))
            for e, t, p in [("a", 9, 1), ("b", 8, 5), ("c", 8, 6)]
        ),
    )
    chain = {"chain": [{"by": "node", "path": "practical"}]}

    assert won(given(counts("chain", 2, 1, **chain), rows)) == {"l1": ["a", "c"], "l2": ["b"]}


def test_tie_that_the_chain_does_not_split_is_all_in() -> None:
    chain = {"chain": [{"by": "node", "path": "practical"}]}

    awards = given(counts("chain", 2, 1, **chain), field(TIED))

    assert won(awards) == {"l1": ["a", "b", "c"], "l2": []}
    assert len(awards.notes) == 1


def test_unshared_places_know_no_tie_at_the_cut() -> None:
    ranking = load_ranking({"places": "1234"})
    rows = board(ranking, *((evaluation(e, t), Contender(e)) for e, t in TIED.items()))

    assert won(given(counts("out", 2, 1), rows)) == {"l1": ["a", "b"], "l2": ["c"]}


# --- caps and small fields ---------------------------------------------------------------------------


def with_units(units: str) -> tuple[tuple[Row, ...], Facts]:
    contenders = {f"e{i}": Contender(f"e{i}", i, unit=unit) for i, unit in enumerate(units, 1)}
    return descending(len(units)), Facts(contenders=contenders)


def test_cap_per_unit_passes_over_and_says_who_moved_up() -> None:
    awards = given(counts("in", 1, 2, per_unit={"max": 2}), *with_units("AAABC"))

    assert won(awards) == {"l1": ["e1"], "l2": ["e2", "e4"]}
    (out,) = awards.left_out
    assert (out.entry, out.reason.zh) == ("e3", "第 3 名，A 已满 2 个名额")
    up = awards.level("medals.l2").winners[-1]
    assert (up.entry, up.moved_up, up.passed) == ("e4", True, ("e3",))
    assert not awards.level("medals.l2").winners[0].moved_up


def test_cap_per_unit_and_level_leaves_the_next_level_open() -> None:
    awards = given(counts("in", 2, 2, per_unit={"max": 1, "of": "level"}), *with_units("AABBC"))

    assert won(awards) == {"l1": ["e1", "e3"], "l2": ["e2", "e4"]}
    assert awards.left_out == ()


def test_entries_without_a_unit_are_not_capped() -> None:
    assert sizes(given(counts("in", 3, per_unit={"max": 1}), descending(3))) == [3]


@pytest.mark.parametrize(("n", "winners"), [(29, 0), (30, 1)])
def test_field_below_the_minimum_gets_no_awards(n: int, winners: int) -> None:
    awards = given(counts("in", 1, minimum_field=30), descending(n))

    assert sizes(awards) == [winners]
    assert [note.zh for note in awards.notes] == ([] if winners else ["参赛 29，少于 30，不设奖"])
