from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.ranking import Ranking, load_ranking, rank, sort_key, survey
from rules.results import Contender, Evaluation, Row
from tests.rules.board import PRACTICAL, TIME, TOTAL, board, evaluation

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
