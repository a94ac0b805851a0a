"""Boards set aside, rebuilt beside the live one, compared and swapped, against a real server."""

from decimal import Decimal

from msgspec.structs import replace

from streams.events import Unreadable
from streams.leaderboard.rebuild import rebuild, rebuild_board
from tests.streams.boards import OTHER_SCHEME_FAULT, GrowingLog
from tests.streams.stage import Stage, staged


@staged
async def test_board_that_redis_lost_is_rebuilt_before_it_goes_on(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()
    await stage.redis.flushdb()
    stage.history.mark("e2", theory=90, skill=70)

    await stage.tell()

    assert await stage.jury.places() == {"e2": 1, "e1": 2, "e3": None}
    assert await stage.public.places() == {"e2": 1, "e1": 2, "e3": None}


@staged
async def test_event_that_cannot_be_folded_sets_the_board_aside(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    poison = stage.history.scheme(OTHER_SCHEME_FAULT)
    stage.history.mark("e2", theory=90, skill=70)
    await stage.tell()
    stage.history.mark("e3", theory=90, skill=70)
    await stage.tell()

    head = await stage.public.head()
    assert head is not None
    assert head.stale_since == poison.envelope.time
    assert "SchemeRefused" in head.stale_reason
    assert await stage.public.places() == {"e1": 1, "e2": None, "e3": None}
    assert [event for event, _ in stage.buried] == [poison]


@staged
async def test_entry_that_redis_spoiled_sets_the_board_aside_until_it_is_rebuilt(stage: Stage) -> None:
    stage.leaderboards = stage.worker()
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()
    for board in (stage.jury, stage.public):
        await stage.redis.hset((await board.keys()).of("entries"), "e2", "{")
    stage.history.mark("e2", theory=90, skill=70)
    await stage.tell()

    head = await stage.public.head()
    assert head is not None
    assert "DecodeError" in head.stale_reason

    await rebuild_board(stage.redis, "b1", stage.log.fetch)
    assert await stage.public.places() == {"e2": 1, "e1": 2, "e3": None}


@staged
async def test_board_that_was_set_aside_comes_back_by_a_rebuild(stage: Stage) -> None:
    repaired = stage.history.mark("e1", theory=80, skill=70)
    broken = replace(repaired, fact=Unreadable(error="a newer version"))
    stage.history.events[-1] = broken
    await stage.tell()
    await stage.tell()
    stage.history.events[-1] = repaired

    rebuilt = await rebuild(stage.redis, "b1", "jury", stage.log.fetch)

    head = await stage.jury.head()
    assert head is not None
    assert (rebuilt.aside, head.stale_since) == ("", None)
    assert await stage.jury.places() == {"e1": 1, "e2": None, "e3": None}

    stage.history.mark("e2", theory=90, skill=70)
    await stage.tell()
    assert await stage.jury.places() == {"e2": 1, "e1": 2, "e3": None}


@staged
async def test_log_that_cannot_be_folded_leaves_the_live_board_as_it_is(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()
    before = await stage.jury.everything()
    stage.history.scheme(OTHER_SCHEME_FAULT)
    stage.commit()

    rebuilt = await rebuild(stage.redis, "b1", "jury", stage.log.fetch)

    assert "SchemeRefused" in rebuilt.aside
    assert await stage.jury.everything() == before


@staged
async def test_rebuild_reports_rows_that_differ_and_repairs_them(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()
    keys = await stage.jury.keys()
    row = await stage.redis.hget(keys.of("rows"), "e1")
    await stage.redis.hset(keys.of("rows"), "e1", row.replace(b'"220.00"', b'"999.00"'))

    rebuilt = await rebuild(stage.redis, "b1", "jury", stage.log.fetch)

    assert rebuilt.differences is not None
    (difference,) = rebuilt.differences
    assert difference.live is not None
    assert difference.rebuilt is not None
    assert (difference.live.total, difference.rebuilt.total) == (Decimal(999), Decimal(220))
    assert (await stage.jury.rows())[0].total == Decimal(220)
    assert (await stage.jury.frames())[-1].reset


@staged
async def test_rebuild_puts_a_board_back_that_is_ahead_of_a_restored_ledger(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()
    backup = GrowingLog(stage.history)
    backup.commit(stage.history.events)
    stage.history.mark("e1", version=2, theory=90, skill=90)
    await stage.tell()
    ahead = (await stage.jury.rows())[0].total

    rebuilt = await rebuild(stage.redis, "b1", "jury", backup.fetch)

    assert not rebuilt.aside
    assert (ahead, (await stage.jury.rows())[0].total) == (Decimal(270), Decimal(220))


@staged
async def test_rebuild_leaves_nothing_of_the_old_generation(stage: Stage) -> None:
    old = await stage.jury.keys()

    await rebuild(stage.redis, "b1", "jury", stage.log.fetch)

    assert (await stage.jury.keys()).generation == old.generation + 1
    assert [key async for key in stage.redis.scan_iter(match=f"{old.base}:*")] == []


@staged
async def test_live_worker_goes_on_in_the_generation_that_a_rebuild_made(stage: Stage) -> None:
    await rebuild(stage.redis, "b1", "jury", stage.log.fetch)
    stage.history.mark("e1", theory=80, skill=70)

    await stage.tell()

    assert await stage.jury.places() == {"e1": 1, "e2": None, "e3": None}
