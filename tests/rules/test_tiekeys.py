from decimal import Decimal

from msgspec.structs import replace

from rules.results import Contender, Evaluation
from tests.rules.board import PRACTICAL, THEORY, TIME, TOTAL, board, evaluation, field, line, places


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
        return replace(found, cells={"": replace(found.cells[""], exact=Decimal(exact))}), Contender(entry)

    both = [rounded("a", "87.666"), rounded("b", "87.671")]

    assert [row.place for row in board({}, *both)] == [1, 1]
    assert places(board({"compare": "exact"}, *both)) == [("b", 1), ("a", 2)]
