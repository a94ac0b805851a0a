from typing import Any

import pytest

from rules.awards import AwardList, Facts, award, load_awards
from rules.results import Contender
from tests.rules.board import descending

LEVEL = {"id": "medal", "label": {"zh": "奖章", "en": "medal"}}


def given(categories: str, seats: int, *quotas: dict[str, Any], units: str = "", **more: Any) -> AwardList:
    """Entries e1, e2 … from the top, each with its categories: `f` front line, `w` woman, `h` head."""
    names = categories.split()
    contenders = {
        f"e{i}": Contender(f"e{i}", unit=units[i - 1] if units else "") for i in range(1, len(names) + 1)
    }
    facts = Facts(
        contenders, categories={f"e{i}": frozenset(letters) - {"-"} for i, letters in enumerate(names, 1)}
    )
    rule = {"id": "q", "rule": "quotas", "level": LEVEL, "seats": seats, "quotas": list(quotas), **more}
    return award(load_awards([rule]), descending(len(names)), facts)


def won(awards: AwardList) -> list[str]:
    return [winner.entry for winner in awards.levels[0].winners]


def test_met_quota_changes_nothing() -> None:
    awards = given("f - - f", 3, {"category": "f", "least": 1})

    assert won(awards) == ["e1", "e2", "e3"]
    assert not any(winner.moved_up for winner in awards.levels[0].winners)
    assert [note.zh for note in awards.notes] == ["f：1（≥ 1）"]


def test_lower_limit_lifts_the_best_of_the_category_and_says_whom_they_passed() -> None:
    awards = given(
        "- - - - f f", 3, {"category": "f", "least": 1, "label": {"zh": "一线职工", "en": "front line"}}
    )

    assert won(awards) == ["e1", "e2", "e5"]
    up = awards.levels[0].winners[-1]
    assert (up.moved_up, up.passed) == (True, ("e3", "e4"))
    assert up.reason.zh == "第 5 名，名额 3，因一线职工不少于 1 个递补"
    (out,) = awards.left_out
    assert (out.entry, out.reason.en) == ("e3", "place 3, gave way so that front line has its 1")


def test_upper_limit_passes_over_and_says_so() -> None:
    awards = given("h h h - -", 3, {"category": "h", "most": 2})

    assert won(awards) == ["e1", "e2", "e4"]
    assert awards.levels[0].winners[-1].moved_up
    assert awards.levels[0].winners[-1].passed == ("e3",)
    assert [(out.entry, out.reason.en) for out in awards.left_out] == [
        ("e3", "place 3, but h is full with 2")
    ]


def test_shares_round_lower_limits_up_and_upper_limits_down() -> None:
    awards = given(
        "h h h h h h h f f f f f",
        7,
        {"category": "f", "least_share": "0.35"},
        {"category": "h", "most_share": "0.65"},
    )

    assert [note.en for note in awards.notes] == ["f: 3 (≥ 3)", "h: 4 (≥ 0, ≤ 4)"]


def test_nobody_gives_way_who_is_needed_for_another_lower_limit() -> None:
    awards = given("- - w f f", 3, {"category": "w", "least": 1}, {"category": "f", "least": 1})

    assert won(awards) == ["e1", "e3", "e4"]


def test_lower_limits_are_met_one_after_the_other_by_the_best() -> None:
    awards = given("- - - w f fw", 3, {"category": "w", "least": 1}, {"category": "f", "least": 1})

    assert won(awards) == ["e1", "e4", "e5"]


def test_one_entry_can_meet_two_lower_limits() -> None:
    awards = given("- - - fw f w", 3, {"category": "w", "least": 1}, {"category": "f", "least": 1})

    assert won(awards) == ["e1", "e2", "e4"]


def test_lower_limit_without_candidates_is_noted() -> None:
    awards = given("- - -", 2, {"category": "f", "least": 1})

    assert won(awards) == ["e1", "e2"]
    assert [note.zh for note in awards.notes] == ["f：0（≥ 1），人选不足，未达到"]


def test_cap_per_unit_holds_also_for_those_who_are_lifted() -> None:
    awards = given("- - - f f", 3, {"category": "f", "least": 1}, units="ABCAD", per_unit={"max": 1})

    assert won(awards) == ["e1", "e2", "e5"]


@pytest.mark.parametrize("n", [4, 5])
def test_small_field_gets_none(n: int) -> None:
    awards = given(" ".join("-" * n), 2, {"category": "f", "most": 2}, minimum_field=5)

    assert len(won(awards)) == (0 if n < 5 else 2)
