from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import convert

from schemas.live import BoardHead, Change, LiveRow
from schemas.objects import UnitRef
from services.leaderboard.client import Followed, OutOfOrder, Places, TopRows, placed
from services.leaderboard.resources import BoardPage, Diff, EntryPage, PlacedRow
from tests.services.leaderboard.arena import Server, Writer
from tests.services.leaderboard.reader import Reader
from tests.streams.boards import board, small

HEAD = BoardHead(board=board())

# An entry's state: its key, and whether it is a guest, who is listed and takes no place.
States = dict[str, tuple[int, bool]]
ENTRIES = [f"e{number}" for number in range(9)]
state = st.none() | st.tuples(st.integers(1, 4), st.booleans())
steps = st.lists(st.dictionaries(st.sampled_from(ENTRIES), state, min_size=1, max_size=4), max_size=12)
policies = st.sampled_from(["1224", "1223", "1234"])


def row(entry: str, key: int, guest: bool) -> LiveRow:
    return LiveRow(
        entry=entry,
        name=entry,
        unit=UnitRef(id="u", name="u"),
        key=f"1{key}-",
        order=f"1{key}-{int(guest)}{entry}",
        placed=not guest,
    )


def every_row(states: States, places: Places) -> list[PlacedRow]:
    rows = [row(entry, *state) for entry, state in states.items()]
    return list(placed(sorted(rows, key=lambda each: each.order), places))


def page(states: States, places: Places, limit: int, cursor: int) -> BoardPage:
    head = BoardHead(board=HEAD.board, places=places)
    rows = every_row(states, places)
    return BoardPage(
        board="b1", view="public", cursor=f"{cursor}-0", head=head, total=len(rows), offset=0, limit=limit,
        rows=tuple(rows[:limit]),
    )  # fmt: skip


def entry_page(states: States, places: Places, entry: str, cursor: int) -> EntryPage:
    rows = every_row(states, places)
    head = BoardHead(board=HEAD.board, places=places)
    index = next(i for i, each in enumerate(rows) if each.entry == entry)
    return EntryPage(board="b1", view="public", cursor=f"{cursor}-0", head=head, index=index, row=rows[index])


def step(states: States, wanted: Mapping[str, tuple[int, bool] | None], cursor: int) -> Diff:
    """Bring the board to what is wanted; the diff that tells."""
    changes = []
    for entry, after in wanted.items():
        before = states.pop(entry, None)
        if after is not None:
            states[entry] = after
        if before != after:
            old = row(entry, *before) if before else None
            changes.append(
                Change(
                    entry=entry,
                    before=old.order if old else None,
                    was_placed=old is None or old.placed,
                    row=row(entry, *after) if after else None,
                )
            )
    return Diff(since=f"{cursor}-0", cursor=f"{cursor + 1}-0", position={}, changes=tuple(changes))


@given(policies, st.integers(1, 6), steps)
@settings(max_examples=300, deadline=None)
def test_first_rows_after_any_changes_equal_a_fresh_page(
    places: Places, limit: int, wanted: list[States]
) -> None:
    states: States = {}
    reader = TopRows(page(states, places, limit, 0))
    for cursor, each in enumerate(wanted):
        reader.apply(step(states, each, cursor))
        fresh = page(states, places, limit, cursor + 1)
        if reader.lacking:
            assert reader.rows() == list(fresh.rows[: len(reader.rows())])
            reader = TopRows(fresh)
        assert reader.rows() == list(fresh.rows)
        assert (reader.total, reader.cursor) == (fresh.total, fresh.cursor)


@given(policies, steps)
@settings(max_examples=300, deadline=None)
def test_place_of_a_followed_entry_after_any_changes_equals_a_fresh_one(
    places: Places, wanted: list[States]
) -> None:
    states: States = {"me": (3, False)}
    reader = Followed(entry_page(states, places, "me", 0))
    for cursor, each in enumerate(wanted):
        reader.apply(step(states, each, cursor))
        fresh = entry_page(states, places, "me", cursor + 1)
        if reader.lacking:
            assert places == "1223"
            reader = Followed(fresh)
        assert reader.row == fresh.row


def test_own_move_asks_for_a_fresh_look() -> None:
    states: States = {"me": (3, False), "e1": (2, False)}
    reader = Followed(entry_page(states, "1224", "me", 0))

    reader.apply(step(states, {"me": (1, False)}, 0))

    assert reader.lacking


def test_diff_from_elsewhere_is_refused() -> None:
    reader = TopRows(page({}, "1224", 5, 7))

    with pytest.raises(OutOfOrder):
        reader.apply(Diff(since="6-0", cursor="8-0", position={}))


def test_folded_feed_equals_the_page_of_the_server(server: Server, writer: Writer) -> None:
    history = small(6)
    writer.write(history)
    with Reader(server.url, "/boards/b1/feed", limit=6) as connection:
        (first,) = connection.events(1)
        reader = TopRows(convert(first.data, BoardPage))
        before = len(history.events)
        for version in range(1, 6):
            for number in range(1, 7):
                mark = (number * version * 37) % 7
                history.mark(f"e{number}", version=version, theory=mark, skill=mark)
        writer.one_by_one(history, before)
        for event in connection.until(writer.cursor("b1")):
            reader.apply(convert(event.data, Diff))
    fresh = convert(server.get("/boards/b1", limit=6).json(), BoardPage)

    assert reader.rows() == list(fresh.rows)
