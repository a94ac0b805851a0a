"""The projector against a real server: places, fences, gaps, frames."""

from decimal import Decimal

import msgspec

from schemas.events import registrations, scores
from schemas.live import BOARDS, BoardSummary
from tests.streams import boards
from tests.streams.boards import scheme
from tests.streams.stage import Stage, staged


@staged
async def test_rows_take_the_places_of_the_rules(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    stage.history.mark("e2", theory=90, skill=65)
    stage.history.mark("e3", theory=60, skill=60)

    await stage.tell()

    assert await stage.jury.places() == {"e1": 1, "e2": 1, "e3": 3}
    assert [row.total for row in await stage.jury.rows()] == [Decimal(220), Decimal(220), Decimal(180)]


@staged
async def test_guest_listed_among_the_placed_takes_no_place(stage: Stage) -> None:
    data = {**scheme().data, "ranking": {"unranked": "inline"}}
    stage.history.scheme(msgspec.structs.replace(scheme(2), data=data))
    stage.history.add(registrations.EntryChanged(entry=boards.entry("e1", unranked=True)))
    for name, mark in (("e1", 90), ("e2", 80), ("e3", 70)):
        stage.history.mark(name, theory=mark, skill=mark)

    await stage.tell()

    assert await stage.jury.places() == {"e1": None, "e2": 1, "e3": 2}


@staged
async def test_field_wide_ranking_moves_rows_that_no_event_touched(stage: Stage) -> None:
    keys = [{"id": "firsts", "by": "firsts", "path": ""}]
    data = {**scheme().data, "ranking": {"keys": keys}}
    stage.history.scheme(msgspec.structs.replace(scheme(2), data=data))
    stage.history.mark("e1", theory=80, skill=80)
    stage.history.mark("e2", theory=70, skill=70)
    await stage.tell()
    assert await stage.jury.places() == {"e1": 1, "e2": 2, "e3": None}

    stage.history.mark("e3", theory=90, skill=90)
    await stage.tell()

    assert await stage.jury.places() == {"e3": 1, "e1": 2, "e2": 3}


@staged
async def test_veto_keeps_the_total_and_takes_the_place(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    stage.history.add(scores.VetoRaised(board="b1", entry="e1", veto="safety", reason="安全事故"))

    await stage.tell()

    row = (await stage.jury.rows())[-1]
    assert (row.entry, row.total, row.placed, row.barred) == ("e1", Decimal(220), False, True)
    assert row.reason is not None
    assert row.reason.zh == "一票否决：安全事故"


@staged
async def test_frame_tells_the_change_and_where_it_was(stage: Stage) -> None:
    before = (await stage.jury.rows())[0].order
    stage.history.mark("e1", theory=80, skill=70)

    await stage.tell()

    frame = (await stage.jury.frames())[-1]
    row = (await stage.jury.rows())[0]
    assert [(change.entry, change.before, change.row) for change in frame.changes] == [("e1", before, row)]
    assert frame.position == {"registrations": 4, "scores": 2}
    assert not frame.reset


@staged
async def test_event_that_changes_nothing_shown_makes_no_frame(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    told = await stage.tell()
    frames = await stage.jury.frames()

    await stage.leaderboards.take("b1", told)
    stage.history.add(scores.WindowSet(window=boards.window()))
    await stage.tell()

    assert await stage.jury.frames() == frames
    assert (await stage.jury.position())["scores"] == 3


@staged
async def test_missing_events_are_fetched_from_the_log(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    stage.history.mark("e2", theory=90, skill=70)
    told = stage.commit()

    await stage.leaderboards.take("b1", told[1:])

    assert await stage.jury.places() == {"e2": 1, "e1": 2, "e3": None}


@staged
async def test_zombie_cannot_move_a_board_backwards(stage: Stage) -> None:
    zombie = stage.worker()
    stage.history.mark("e1", theory=60, skill=60)
    first = stage.commit()
    await zombie.take("b1", first)
    stage.history.mark("e1", version=2, theory=90, skill=90)
    await stage.tell()
    frames = await stage.jury.frames()

    await zombie.take("b1", first)

    assert (await stage.jury.rows())[0].total == Decimal(270)
    assert await stage.jury.frames() == frames


@staged
async def test_zombie_that_goes_on_folds_from_what_the_others_wrote(stage: Stage) -> None:
    zombie = stage.worker()
    stage.history.mark("e1", theory=60, skill=60)
    await zombie.take("b1", stage.commit())
    stage.history.mark("e2", theory=90, skill=90)
    await stage.tell()
    stage.history.mark("e3", theory=70, skill=70)

    await zombie.take("b1", stage.commit())

    assert await stage.jury.places() == {"e2": 1, "e3": 2, "e1": 3}


@staged
async def test_names_are_found_by_any_part(stage: Stage) -> None:
    entry = boards.entry("e1", name="Ｗang 小明", external_id="A-17", members=("李雷",))
    stage.history.add(registrations.EntryChanged(entry=entry))
    stage.history.add(registrations.NumbersDrawn(board="b1", numbers={"e1": 42}))

    await stage.tell()

    for words in ("wang 小", "小明", "42", "a-17", "李"):
        assert await stage.jury.found(words) == ["e1"]
    assert await stage.jury.found("选手e1") == []


@staged
async def test_board_is_listed_with_its_state(stage: Stage) -> None:
    stage.history.add(scores.BoardFrozen(board="b1"))

    await stage.tell()

    summary = msgspec.json.decode(await stage.redis.hget(BOARDS, "b1"), type=BoardSummary)
    assert (summary.board.id, summary.frozen, summary.published) == ("b1", True, False)


@staged
async def test_head_counts_entries_marked_and_complete(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    stage.history.mark("e2", theory=80)
    await stage.tell()
    stage.history.add(scores.SheetVoided(sheet=boards.voided(boards.sheet("e2", "ja", 2))))

    await stage.tell()

    head = await stage.jury.head()
    assert head is not None
    assert (head.entries, head.marked, head.complete) == (3, 1, 1)


@staged
async def test_sheets_owed_are_those_competing_without_a_sheet(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    stage.history.mark("e2", theory=80, skill=70)
    stage.history.add(scores.SheetVoided(sheet=boards.voided(boards.sheet("e2", "ja", 2))))
    stage.history.add(registrations.EntryWithdrawn(entry=boards.entry("e3", status="withdrawn")))

    await stage.tell()

    keys = await stage.jury.keys()
    owed = await stage.redis.sdiff([keys.of("competing"), keys.done("", 1, "ja")])
    assert owed == {b"e2"}


@staged
async def test_sheet_that_came_before_its_entry_counts_when_the_entry_comes(stage: Stage) -> None:
    stage.history.mark("e9", theory=80, skill=70)
    await stage.tell()
    assert "e9" not in await stage.jury.places()

    stage.history.enter("e9")
    await stage.tell()

    assert (await stage.jury.places())["e9"] == 1
