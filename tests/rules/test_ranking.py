from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.problems import SchemeRefused
from rules.ranking import Ranking, advance, load_ranking, rank, sort_key, survey, undecided_ties
from rules.results import Contender, Evaluation, Row, Step
from rules.text import Text
from tests.rules.board import board, evaluation, field, places

PRACTICAL = {"id": "practical", "by": "node", "path": "practical"}
THEORY = {"id": "theory", "by": "node", "path": "theory"}
TOTAL = {"id": "total", "by": "node"}
TIME = {"id": "time", "by": "time", "path": "assembly"}


def line(
    entry: str, total: Any, parts: Mapping[str, Any] | None = None, **about: Any
) -> tuple[Evaluation, Contender]:
    times = {"assembly": Decimal(about.pop("time"))} if "time" in about else {}
    return evaluation(entry, total, parts), Contender(entry, times=times, **about)


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


# --- tie chains in use -------------------------------------------------------------------------------


def test_chain_nanning_practical_then_shared() -> None:
    rows = board(
        {"keys": [TOTAL, PRACTICAL]},
        line("a", "87.20", {"theory": 90, "practical": 86}),
        line("b", "87.20", {"theory": 62, "practical": 98}),
        line("c", "87.20", {"theory": 62, "practical": 98}),
    )

    assert places(rows) == [("b", 1), ("c", 1), ("a", 3)]


def test_chain_guangdong_practical_then_time() -> None:
    rows = board(
        {"keys": [TOTAL, PRACTICAL, TIME]},
        line("slow", 80, {"practical": 80}, time="31.5"),
        line("fast", 80, {"practical": 80}, time="30"),
        line("untimed", 80, {"practical": 80}),
        line("skilled", 80, {"practical": 81}, time="60"),
    )

    assert [row.entry for row in rows] == ["skilled", "fast", "slow", "untimed"]


def test_chain_guzhen_time_practical_theory_shared() -> None:
    rows = board(
        {"keys": [TOTAL, TIME, PRACTICAL, THEORY]},
        line("d", 80, {"practical": 80, "theory": 80}, time="30", number=2),
        line("c", 80, {"practical": 80, "theory": 80}, time="30", number=1),
        line("b", 80, {"practical": 81, "theory": 70}, time="30"),
        line("a", 80, {"practical": 70, "theory": 90}, time="29"),
    )

    assert places(rows) == [("a", 1), ("b", 2), ("c", 3), ("d", 3)]


def test_chain_hunan_named_scores_in_order_then_times() -> None:
    chain = ["skill", "skill.emergency", "skill.signal", "skill.daily"]
    keys = [TOTAL, *({"by": "node", "path": path} for path in chain), {"by": "time", "path": "assembly"}]
    same = {"skill": 70, "skill.emergency": 20, "skill.signal": 20, "skill.daily": 30}
    rows = board(
        {"keys": keys},
        line("e", 80, same, time=20),
        line("d", 80, same, time=19),
        line("c", 80, same | {"skill.daily": 31}),
        line("b", 80, same | {"skill.signal": 21}),
        line("a", 80, same | {"skill.emergency": 21}),
    )

    assert [row.entry for row in rows] == ["a", "b", "c", "d", "e"]


def test_chain_diving_equal_total_is_equal_place() -> None:
    assert [row.place for row in field({"a": "412.50", "b": "412.5", "c": "400"})] == [1, 1, 3]


def test_chain_countback_more_firsts_then_more_seconds() -> None:
    keys = [TOTAL, {"id": "countback", "by": "firsts"}]
    rows = board(
        {"keys": keys},
        line("seconds", 30, {"r1": 9, "r2": 10, "r3": 11}),
        line("firsts", 30, {"r1": 10, "r2": 8, "r3": 12}),
        line("other", 27, {"r1": 8, "r2": 11, "r3": 8}),
    )

    assert [row.entry for row in rows] == ["firsts", "seconds", "other"]
    assert rows[0].values[1] == (1, 1, 3)
    assert rows[1].values[1] == (2, 2, 2)


def test_countback_ignores_entries_that_do_not_compete() -> None:
    keys = [TOTAL, {"id": "countback", "by": "firsts"}]
    rows = board(
        {"keys": keys},
        line("a", 20, {"r1": 9, "r2": 11}),
        line("guest", 40, {"r1": 20, "r2": 20}, status="unranked"),
    )

    assert rows[0].values[1] == (1, 1)


def test_earlier_best_attempt_wins_when_asked() -> None:
    rows = board(
        {"keys": [TOTAL, {"by": "earlier", "path": "jump"}]},
        line("late", 9, {"jump#1": 7, "jump#2": 9}),
        line("early", 9, {"jump#1": 9, "jump#2": 8}),
    )

    assert [row.entry for row in rows] == ["early", "late"]


def test_second_best_attempt_decides_when_asked() -> None:
    rows = board(
        {"keys": [TOTAL, {"by": "best_attempts", "path": "run"}]},
        line("a", 90, {"run#1": 90, "run#2": 50, "run#3": 60}),
        line("b", 90, {"run#1": 10, "run#2": 90, "run#3": 61}),
        line("c", 90, {"run#1": 90}),
    )

    assert [row.entry for row in rows] == ["b", "a", "c"]


def test_count_of_parts_and_of_marks_decide_when_asked() -> None:
    parts = board(
        {"keys": [TOTAL, {"by": "count", "path": "task", "at_least": "60"}]},
        line("a", 180, {"task.x": 100, "task.y": 59, "task.z": 21}),
        line("b", 180, {"task.x": 60, "task.y": 60, "task.z": 60}),
    )
    marks = [
        (evaluation("a", 20, {"show": 20}, marks={"show": {"j1": 12, "j2": 8}}), Contender("a")),
        (evaluation("b", 20, {"show": 20}, marks={"show": {"j1": 10, "j2": 10}}), Contender("b")),
    ]
    twelves = {"by": "count", "path": "show", "of": "marks", "at_least": "12", "at_most": "12"}

    assert [row.entry for row in parts] == ["b", "a"]
    assert [row.entry for row in board({"keys": [TOTAL, twelves]}, *reversed(marks))] == ["a", "b"]


def test_exact_comparison_looks_behind_the_rounding() -> None:
    def rounded(entry: str, exact: str) -> tuple[Evaluation, Contender]:
        found = evaluation(entry, "87.67")
        said = Text("", "")
        steps = (Step("mean", Decimal(exact), said), Step("round", Decimal("87.67"), said))
        return replace(found, cells={"": replace(found.cells[""], steps=steps)}), Contender(entry)

    both = [rounded("a", "87.666"), rounded("b", "87.671")]

    assert [row.place for row in board({}, *both)] == [1, 1]
    assert places(board({"compare": "exact"}, *both)) == [("b", 1), ("a", 2)]


def test_exact_comparison_refuses_to_guess_where_the_steps_are_missing() -> None:
    ranking = load_ranking({"compare": "exact"})

    assert ranking.needs_steps
    assert not load_ranking().needs_steps
    with pytest.raises(ValueError, match="explain=True"):
        sort_key(ranking, evaluation("a", 1), Contender("a"))


# --- last resort -------------------------------------------------------------------------------------


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


# --- cut ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ties", "through"), [("in", ["a", "b", "c"]), ("out", ["a"])])
def test_tied_at_the_cut_go_through_as_set(ties: str, through: list[str]) -> None:
    ranking = load_ranking({"cut": {"top": 2, "ties": ties}})
    rows = board(
        ranking, line("a", 9), line("b", 8), line("c", 8), line("d", 7), line("z", 9, status="unranked")
    )

    assert [row.entry for row in advance(ranking, rows)] == through
    assert [row.entry for row in advance(ranking, rows, 9)] == ["a", "b", "c", "d"]


# --- invariance --------------------------------------------------------------------------------------

scores = st.none() | st.decimals(min_value=0, max_value=5, places=1)
entries = st.fixed_dictionaries(
    {
        "total": scores,
        "practical": scores,
        "time": st.none() | st.integers(0, 3),
        "number": st.integers(0, 3),
        "status": st.sampled_from(["competing", "competing", "competing", "unranked", "withdrawn"]),
        "band": st.integers(0, 1),
        "barred": st.booleans(),
        "decision": st.none() | st.integers(1, 2),
    }
)
rankings = st.builds(
    lambda keys, resort, style, unranked: load_ranking(
        {"keys": keys, "last_resort": resort, "places": style, "unranked": unranked}
    ),
    st.sampled_from([[TOTAL], [TOTAL, PRACTICAL, TIME], [TOTAL, {"by": "firsts"}]]),
    st.sampled_from(["shared", "playoff"]),
    st.sampled_from(["1224", "1223", "1234"]),
    st.sampled_from(["after", "inline"]),
)
fields = st.lists(entries, max_size=8)


def lines_of(made: list[dict[str, Any]]) -> list[tuple[Evaluation, Contender]]:
    return [
        (
            evaluation(
                f"e{i}", of["total"], {"practical": of["practical"]}, band=of["band"], barred=of["barred"]
            ),
            Contender(
                f"e{i}",
                of["number"],
                of["status"],
                times={} if of["time"] is None else {"assembly": Decimal(of["time"])},
                decisions={} if of["decision"] is None else {"playoff": Decimal(of["decision"])},
            ),
        )
        for i, of in enumerate(made)
    ]


@given(rankings, fields, st.randoms())
def test_order_of_input_does_not_matter(ranking: Ranking, made: list[dict[str, Any]], random: Any) -> None:
    lines = lines_of(made)
    shuffled = random.sample(lines, len(lines))

    assert board(ranking, *lines) == board(ranking, *shuffled)


@given(rankings, fields)
def test_place_is_one_plus_the_smaller_keys(ranking: Ranking, made: list[dict[str, Any]]) -> None:
    lines = lines_of(made)
    evaluations = {line.entry: line for line, _ in lines}
    contenders = {contender.entry: contender for _, contender in lines}
    found = survey(ranking, evaluations, contenders)
    keys = {e: sort_key(ranking, evaluations[e], contenders[e], found) for e in evaluations}

    rows = rank(ranking, evaluations, contenders)

    assert [row.entry for row in rows] == sorted(keys, key=lambda entry: keys[entry][1])
    placed = [row.entry for row in rows if row.place is not None]
    for row in (row for row in rows if row.place is not None):
        mine, order = keys[row.entry]
        smaller = [keys[entry][0] for entry in placed if keys[entry][0] < mine]
        if ranking.places == "1224":
            assert row.place == 1 + len(smaller) == 1 + sum(keys[entry][1] < mine for entry in placed)
        elif ranking.places == "1223":
            assert row.place == 1 + len(set(smaller))
        else:
            assert row.place == 1 + sum(keys[entry][1] < order for entry in placed)


@given(fields, st.sampled_from(["1224", "1223", "1234"]))
def test_worse_entry_changes_no_place_above(made: list[dict[str, Any]], style: str) -> None:
    lines = lines_of(made)
    ranking = load_ranking({"keys": [TOTAL, PRACTICAL, TIME], "places": style})
    worst = evaluation("worst", "-1", band=9), Contender("worst")

    before, after = board(ranking, *lines), board(ranking, *lines, worst)

    def without_worst(rows: tuple[Row, ...]) -> list[Row]:
        return [row for row in rows if row.entry != "worst"]

    assert without_worst(after) == list(before)


def test_places_may_be_written_as_a_number() -> None:
    assert load_ranking({"places": 1223}).places == "1223"


# --- settings ----------------------------------------------------------------------------------------


def test_field_wide_ranking_says_so_and_needs_the_survey() -> None:
    ranking = load_ranking({"keys": [TOTAL, {"by": "firsts"}]})

    assert ranking.field_wide
    assert not load_ranking(None).field_wide
    with pytest.raises(ValueError, match="depends on the field"):
        sort_key(ranking, evaluation("a", 1), Contender("a"))


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({"keys": [{"by": "magic"}]}, "ranking.keys.0.by"),
        ({"keys": [TOTAL, {"by": "node", "path": "nowhere"}]}, "ranking.keys.1.path"),
        ({"keys": [{"by": "time"}]}, "ranking.keys.0.path"),
        ({"keys": [{"by": "count", "path": "practical"}]}, "ranking.keys.0.at_least"),
        ({"keys": [{"by": "firsts", "direction": "desc"}]}, "ranking.keys.0.direction"),
        ({"keys": [TOTAL, TOTAL]}, "ranking.keys.1.id"),
        ({"keys": [{"by": "node", "id": "playoff"}]}, "ranking.keys.0.id"),
        ({"keys": {"by": "node"}}, "ranking.keys"),
        ({"keys": ["total"]}, "ranking.keys.0"),
        ({"places": "1-2-2"}, "ranking.places"),
        ({"last_resort": "dice"}, "ranking.last_resort"),
        ({"cut": {"top": 0}}, "ranking.cut.top"),
        ({"cut": {"top": 1, "tie": "in"}}, "ranking.cut.tie"),
        ({"plcaes": "1224"}, "ranking.plcaes"),
        ([], "ranking"),
    ],
)
def test_wrong_setting_is_refused_with_its_path_and_a_way_out(data: object, path: str) -> None:
    with pytest.raises(SchemeRefused) as refused:
        load_ranking(data, paths=["practical", "theory"])

    assert [refusal.path for refusal in refused.value.refusals] == [path]
    (refusal,) = refused.value.refusals
    assert refusal.text.zh
    assert refusal.text.en.startswith(path)
    assert refusal.way_out.zh
    assert refusal.way_out.en
