"""What holds for every board, whatever the numbers."""

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.awards import Facts, award, load_awards
from rules.results import Contender
from tests.rules.board import field

totals = st.lists(st.integers(0, 6), min_size=1, max_size=14)
level_counts = st.lists(st.integers(1, 4), min_size=1, max_size=3)
ties = st.sampled_from(["in", "out"])


def counts(made: list[int], **more: Any) -> dict[str, Any]:
    levels = [{"id": f"l{i}", "count": count} for i, count in enumerate(made)]
    return {"id": "m", "rule": "counts", "levels": levels, **more}


def board(values: list[int], units: str = "") -> tuple[Any, Facts]:
    named = {f"e{i}": value for i, value in enumerate(values)}
    contenders = {
        entry: Contender(entry, unit=units[i % len(units)] if units else "") for i, entry in enumerate(named)
    }
    return field(named), Facts(contenders)


@given(totals, level_counts, ties)
def test_levels_are_the_top_of_the_board_and_nobody_wins_twice(
    values: list[int], made: list[int], tie: str
) -> None:
    rows, facts = board(values)

    awards = award(load_awards([counts(made, ties=tie)]), rows, facts)

    won = [winner.entry for level in awards.levels for winner in level.winners]
    assert won == [row.entry for row in rows][: len(won)]


@given(totals, level_counts, ties)
def test_tied_entries_are_treated_alike(values: list[int], made: list[int], tie: str) -> None:
    rows, facts = board(values)

    awards = award(load_awards([counts(made, ties=tie)]), rows, facts)

    level_of = {winner.entry: level.level for level in awards.levels for winner in level.winners}
    by_place: dict[int | None, set[str | None]] = {}
    for row in rows:
        by_place.setdefault(row.place, set()).add(level_of.get(row.entry))
    assert all(len(levels) == 1 for levels in by_place.values())


@given(totals, level_counts)
def test_none_in_never_gives_more_than_the_seats_and_all_in_never_fewer(
    values: list[int], made: list[int]
) -> None:
    rows, facts = board(values)
    seats = min(sum(made), len(values))

    strict, generous = (award(load_awards([counts(made, ties=tie)]), rows, facts) for tie in ("out", "in"))

    assert sum(len(level.winners) for level in strict.levels) <= seats
    assert sum(len(level.winners) for level in generous.levels) >= seats


@given(totals, level_counts, st.integers(1, 3), st.sampled_from(["rule", "level"]))
def test_cap_per_unit_is_never_exceeded(values: list[int], made: list[int], most: int, of: str) -> None:
    rows, facts = board(values, units="AAB")

    awards = award(load_awards([counts(made, per_unit={"max": most, "of": of})]), rows, facts)

    def units(*levels: Any) -> Counter[str]:
        return Counter(facts.unit(winner.entry) for level in levels for winner in level.winners)

    scopes = [units(*awards.levels)] if of == "rule" else [units(level) for level in awards.levels]
    assert all(count <= most for scope in scopes for count in scope.values())


@given(
    st.lists(st.frozensets(st.sampled_from("fwh")), min_size=1, max_size=12),
    st.integers(1, 6),
    st.integers(0, 3),
    st.integers(0, 3),
    st.integers(0, 4),
)
def test_quotas_hold_or_the_note_says_that_they_do_not(
    categories: list[frozenset[str]], seats: int, front: int, women: int, heads: int
) -> None:
    rows, _ = board(list(range(len(categories))))
    facts = Facts(categories={f"e{i}": found for i, found in enumerate(categories)})
    bounds = [
        {"category": "f", "least": front},
        {"category": "w", "least": women},
        {"category": "h", "most": heads},
    ]
    rule = {"id": "q", "rule": "quotas", "seats": seats, "level": {"id": "x"}, "quotas": bounds}

    awards = award(load_awards([rule]), rows, facts)

    winners = awards.levels[0].winners
    found = Counter(letter for winner in winners for letter in facts.categories[winner.entry])
    noted = [note.en.partition(":")[0] for note in awards.notes if "too few" in note.en]
    assert len(winners) <= seats
    assert found["h"] <= heads
    assert noted == [letter for letter, least in (("f", front), ("w", women)) if found[letter] < least]
    assert len({winner.entry for winner in winners}) == len(winners)
