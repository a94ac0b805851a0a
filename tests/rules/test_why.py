from decimal import Decimal
from typing import Any

from msgspec.structs import replace

from rules.ranking import load_ranking, rank
from rules.results import Contender, Row
from rules.text import Text
from rules.why import why_above
from tests.rules.board import evaluation

NAMES = {"a": "甲", "b": "乙"}
CHAIN = {
    "keys": [
        {"by": "node"},
        {"by": "node", "path": "practical", "label": {"zh": "实操成绩", "en": "practical"}},
        {"by": "time", "path": "assembly", "label": {"zh": "用时", "en": "time"}},
    ]
}


def two(
    data: object, a: tuple[str | None, str | None], b: tuple[str | None, str | None], **other: Any
) -> tuple[Row, Row]:
    evaluations = {e: evaluation(e, t, {"practical": p}) for e, (t, p) in {"a": a, "b": b}.items()}
    contenders = {
        "a": Contender("a", 3, times={"assembly": Decimal(30)}),
        "b": replace(Contender("b", 7, times={"assembly": Decimal("31.5")}), **other),
    }
    first, second = rank(load_ranking(data), evaluations, contenders)
    return first, second


def why(data: object, rows: tuple[Row, Row]) -> Text:
    return why_above(load_ranking(data), *rows, NAMES)


def test_why_names_the_first_key_that_differs() -> None:
    said = why(CHAIN, two(CHAIN, ("88", "80"), ("87.20", "90")))

    assert said.zh == "甲总分 88 高于 87.20（乙），甲列前"
    assert said.en == "甲 is above 乙: total 88, higher than 87.20"


def test_why_names_what_is_equal_before_the_key_that_decides() -> None:
    said = why(CHAIN, two(CHAIN, ("87.20", "86.00"), ("87.20", "80.00")))

    assert said.zh == "甲与乙总分同为 87.20，按实操成绩 86.00 高于 80.00，甲列前"
    assert said.en == "甲 and 乙 are equal on total 87.20; by practical 86.00, higher than 80.00, 甲 is above"


def test_why_is_the_same_whichever_row_comes_first() -> None:
    first, second = two(CHAIN, ("87.20", "86"), ("87.20", "86"))

    assert why_above(load_ranking(CHAIN), first, second, NAMES) == why_above(
        load_ranking(CHAIN), second, first, NAMES
    )


def test_why_says_less_time_and_time_missing() -> None:
    timed = two(CHAIN, ("9", "9"), ("9", "9"))
    untimed = two(CHAIN, ("9", "9"), ("9", "9"), times={})

    assert why(CHAIN, timed).zh == "甲与乙总分同为 9、实操成绩同为 9，按用时 30 少于 31.5，甲列前"
    assert why(CHAIN, untimed).zh == "甲与乙总分同为 9、实操成绩同为 9，按用时 30 先于无记录者，甲列前"


def test_why_for_equal_rows_says_shared_place_and_draw_number() -> None:
    said = why({}, two({}, ("9", None), ("9.0", None)))

    assert said.zh == "甲与乙总分同为 9，并列第 1 名，按抽签号 3 在 7 之前，甲列前"
    assert said.en == (
        "甲 and 乙 are equal on total 9; share place 1; 甲 is listed first by draw number, 3 before 7"
    )


def test_why_for_equal_rows_says_what_neither_has() -> None:
    keys = {"keys": CHAIN["keys"][:2]}

    assert why(keys, two(keys, ("9", None), ("9", None))).zh == (
        "甲与乙总分同为 9、均无实操成绩，并列第 1 名，按抽签号 3 在 7 之前，甲列前"
    )


def test_why_without_shared_places_says_so() -> None:
    unshared = {"places": "1234"}

    assert why(unshared, two(unshared, ("9", None), ("9", None))).zh == (
        "甲与乙总分同为 9，本榜名次不并列，按抽签号 3 在 7 之前，甲列前"
    )


def test_why_for_other_classes_gives_their_reason() -> None:
    assert why({}, two({}, ("1", None), ("9", None), status="unranked")).zh == (
        "乙打星参赛，不占名次，列于甲之后"
    )
    assert why({}, two({}, ("1", None), (None, None))).en == "乙 has no marks yet, so is listed after 甲"
    assert why({}, two({}, (None, None), (None, None))).zh == (
        "甲与乙均不占名次，按抽签号 3 在 7 之前，甲列前"
    )


def test_why_for_an_unranked_row_listed_inline() -> None:
    inline = {"unranked": "inline"}

    assert why(inline, two(inline, ("9", None), ("8", None), status="unranked")).zh == (
        "甲总分 9 高于 8（乙），甲列前"
    )
    assert why(inline, two(inline, ("9", None), ("9", None), status="unranked")).zh == (
        "乙与甲成绩相同，打星参赛，列于其后"
    )


def test_why_by_band_comes_before_points() -> None:
    evaluations = {"a": evaluation("a", 60), "b": evaluation("b", 99, band=1)}
    rows = rank(load_ranking({}), evaluations, {e: Contender(e) for e in "ab"})

    assert why_above(load_ranking({}), rows[0], rows[1], NAMES).zh == (
        "刚性考核定档：甲在第 1 档，乙在第 2 档，档次先于分数，甲列前"
    )


def test_why_by_decision_and_by_countback() -> None:
    playoff = {"last_resort": "playoff"}
    evaluations = {"a": evaluation("a", 9, {"r1": 5, "r2": 4}), "b": evaluation("b", 9, {"r1": 4, "r2": 4})}
    decided = {e: Contender(e, decisions={"playoff": Decimal(i)}) for i, e in enumerate("ab", 1)}
    countback = {"keys": [{"by": "node"}, {"by": "firsts"}]}

    by_decision = rank(load_ranking(playoff), evaluations, decided)
    by_places = rank(load_ranking(countback), evaluations, decided)

    assert why(playoff, (by_decision[0], by_decision[1])).zh == (
        "甲与乙总分同为 9，按加赛名次 1 先于 2，甲列前"
    )
    assert why(countback, (by_places[0], by_places[1])).zh == (
        "甲与乙总分同为 9，按单项名次 1、1 优于 1、2，甲列前"
    )
