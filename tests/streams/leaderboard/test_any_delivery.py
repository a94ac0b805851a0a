"""However the events reach the projector, the board is the one that the rules give for the facts."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from rules.ranking import rank
from schemas.live import VIEWS
from streams.events import Event
from streams.leaderboard.rebuild import rebuild_board
from streams.leaderboard.standing import evaluate_all
from streams.leaderboard.step import Folding, Shown
from streams.leaderboard.views import Leaderboards
from tests.streams.boards import GrowingLog, History
from tests.streams.conftest import Connect
from tests.streams.histories import deliveries, histories
from tests.streams.live import LiveBoard

same_server = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


async def no_burial(event: Event, reason: str) -> None:
    raise AssertionError(f"{event} was buried: {reason}")


def places_by_rules(history: History) -> list[tuple[str, int | None]]:
    folding = Folding("jury", Shown.empty(history.board))
    for event in history.events:
        folding.fold(event)
    known = [state for state in folding.entries.values() if state.known]
    standings = evaluate_all(folding.finish().rules, known)
    rows = rank(
        folding.finish().rules.ranking,
        {entry: evaluation for entry, (evaluation, _) in standings.items()},
        {entry: contender for entry, (_, contender) in standings.items()},
    )
    return [(row.entry, row.place) for row in rows]


async def deliver(redis: Redis, history: History, batches: list[list[Event]], restarts: set[int]) -> None:
    log = GrowingLog(history)
    boards = Leaderboards(redis, log.fetch, no_burial)
    for number, batch in enumerate(batches):
        if number in restarts:
            boards = Leaderboards(redis, log.fetch, no_burial)
        log.commit(batch)
        await boards.take(history.board, batch)


@same_server
@given(st.data())
def test_board_is_the_same_after_any_delivery(connect: Connect, data: st.DataObject) -> None:
    history = data.draw(histories())
    batches = data.draw(deliveries(history))
    restarts = data.draw(st.sets(st.integers(0, 6)))

    async def run() -> None:
        async with connect() as redis:
            await deliver(redis, history, batches, restarts)
            live = LiveBoard(redis)
            assert list((await live.places()).items()) == places_by_rules(history)
            await assert_rebuilt_equals_live(redis, history)

    asyncio.run(run())


async def assert_rebuilt_equals_live(redis: Redis, history: History) -> None:
    before = [await LiveBoard(redis, view=view).everything() for view in VIEWS]
    rebuilt = await rebuild_board(redis, history.board, history.fetch)
    assert [each.differences for each in rebuilt] == [(), ()]
    assert [await LiveBoard(redis, view=view).everything() for view in VIEWS] == before
