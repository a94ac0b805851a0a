"""Nothing sealed leaks: what the public board holds, in any of its keys, while it may not be shown."""

import asyncio
import json

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from schemas.events import registrations, scores
from tests.streams import boards
from tests.streams.boards import History, small
from tests.streams.conftest import Connect
from tests.streams.histories import ENTRIES, Make, facts
from tests.streams.live import LiveBoard
from tests.streams.stage import Stage, staged

same_server = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
SEALED = (
    scores.SheetSubmitted,
    scores.SheetVoided,
    scores.SchemePublished,
    scores.EntryDisqualified,
    scores.EntryReinstated,
    scores.VetoRaised,
    scores.VetoLifted,
    scores.TieDecided,
)


async def shown(redis: Redis) -> dict[str, object]:
    """All that readers may take from the public board, its feed included; not what it holds for later.

    Positions are left out: they tell how many facts there were, and no reader can hide that time passes.
    """
    live = LiveBoard(redis, view="public")
    everything = await live.everything()
    meta = {name: value for name, value in everything.pop(":meta").items() if b"position" not in name}
    everything.pop(":held", None)
    frames = [msgspec.structs.replace(frame, position={}) for frame in await live.frames()]
    return {**everything, "meta": meta, "feed": frames}


async def public_board(redis: Redis, history: History) -> dict[str, object]:
    await redis.flushdb()
    stage = Stage(redis, history)
    await stage.tell()
    return await shown(redis)


@same_server
@given(st.lists(facts, max_size=8), st.lists(facts, min_size=1, max_size=8))
def test_nothing_behind_a_freeze_shows(connect: Connect, before: list[Make], behind: list[Make]) -> None:
    """A frozen board is the same whatever sealed facts follow."""
    quiet, busy = small(4), small(4)
    for history in (quiet, busy):
        for make in before:
            history.add(make(history))
        history.add(scores.BoardFrozen(board="b1"))
    for make in behind:
        fact = make(busy)
        if isinstance(fact, SEALED):
            busy.add(fact)

    async def run() -> None:
        async with connect() as redis:
            assert await public_board(redis, quiet) == await public_board(redis, busy)

    asyncio.run(run())


@same_server
@given(st.lists(facts, max_size=12))
def test_thawed_board_is_the_jurys(connect: Connect, makes: list[Make]) -> None:
    history = small(4)
    history.add(scores.BoardFrozen(board="b1"))
    for make in makes:
        history.add(make(history))
    history.add(registrations.BoardChanged(board=boards.board()))
    history.add(scores.ResultsPublished(board="b1"))

    async def run() -> None:
        async with connect() as redis:
            stage = Stage(redis, history)
            for event in history.events:
                stage.log.commit([event])
                await stage.leaderboards.take("b1", [event])
            assert await stage.public.rows() == await stage.jury.rows()
            assert await stage.public.places() == await stage.jury.places()

    asyncio.run(run())


@staged
async def test_freeze_is_shown_and_what_came_before_it_stays(stage: Stage) -> None:
    stage.history.mark("e1", theory=80, skill=70)
    frozen = stage.history.add(scores.BoardFrozen(board="b1"))
    stage.history.mark("e2", theory=90, skill=70)

    await stage.tell()

    head = await stage.public.head()
    assert head is not None
    assert (head.frozen_at, head.marked) == (frozen.envelope.time, 1)
    assert await stage.public.places() == {"e1": 1, "e2": None, "e3": None}
    assert await stage.jury.places() == {"e2": 1, "e1": 2, "e3": None}


@staged
async def test_published_stage_is_shown_behind_a_freeze(stage: Stage) -> None:
    stage.history.add(scores.BoardFrozen(board="b1"))
    first = boards.sheet("e1", "ja", theory=80)
    second = boards.sheet("e2", "ja", skill=80)
    for sheet, covers in ((first, "theory"), (second, "skill")):
        stage.history.add(scores.SheetSubmitted(sheet=msgspec.structs.replace(sheet, stage=covers)))
    await stage.tell()
    assert await stage.public.places() == {"e1": None, "e2": None, "e3": None}

    stage.history.add(scores.ResultsPublished(board="b1", stage="theory"))
    await stage.tell()

    head = await stage.public.head()
    assert head is not None
    assert head.marked == 1


@staged
async def test_blind_board_shows_codes_until_results_are_published(stage: Stage) -> None:
    stage.history.add(registrations.BoardChanged(board=boards.board(blind=True)))
    secret = boards.entry("e1", name="王小明", external_id="A-17", members=("李雷",))
    stage.history.add(registrations.EntryChanged(entry=secret))
    stage.history.add(registrations.NumbersDrawn(board="b1", numbers={}, codes={"e1": "K7"}))
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()

    text = json.dumps(await _readable(stage), ensure_ascii=False)
    row = (await stage.public.rows())[0]
    assert (row.entry, row.name, row.unit.id) == ("e1", "K7", "")
    for word in ("王小明", "A-17", "李雷", "一厂"):
        assert word not in text
    assert await stage.public.found("王") == []

    stage.history.add(scores.ResultsPublished(board="b1"))
    await stage.tell()

    assert (await stage.public.rows())[0].name == "王小明"
    assert await stage.public.found("王") == ["e1"]


async def _readable(stage: Stage) -> list[object]:
    rows = [msgspec.to_builtins(row) for row in await stage.public.rows()]
    since = (await stage.public.frames())[-1:]
    return [*rows, *(msgspec.to_builtins(change) for frame in since for change in frame.changes)]


@staged
async def test_board_that_is_not_public_has_no_public_view(stage: Stage) -> None:
    stage.history.add(registrations.BoardChanged(board=boards.board(public=False)))
    stage.history.mark("e1", theory=80, skill=70)

    await stage.tell()

    assert await stage.public.head() is None
    assert await stage.public.rows() == []
    assert (await stage.jury.places())["e1"] == 1


@staged
async def test_board_made_public_shows_all_that_happened_before(stage: Stage) -> None:
    stage.history.add(registrations.BoardChanged(board=boards.board(public=False)))
    stage.history.mark("e1", theory=80, skill=70)
    await stage.tell()

    stage.history.add(registrations.BoardChanged(board=boards.board()))
    await stage.tell()

    assert await stage.public.places() == {"e1": 1, "e2": None, "e3": None}
    assert len(await stage.public.rows()) == len(ENTRIES[:3])
