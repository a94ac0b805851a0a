"""What every host owes its boards: the same tests on the embedded one and on Faust with real Kafka."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
import redis

from schemas.events import registrations, scores
from schemas.objects import Feed
from schemas.registry import Fact
from tests.parts import free_port, wait_until
from tests.streams import boards
from tests.streams.boards import OTHER_SCHEME_FAULT
from tests.streams.hosts import EmbeddedRun, FaustRun, Host, append, settings_of, settle
from tests.streams.live import LiveBoard


@pytest.fixture(params=["embedded", pytest.param("faust", marks=pytest.mark.cluster)])
def host(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Host]:
    """Each host in turn, started, over an empty log and empty Redis."""
    redis_url = request.getfixturevalue("valkey_url")
    run: EmbeddedRun | FaustRun
    if request.param == "embedded":
        run = EmbeddedRun(request.getfixturevalue("sqlite_url"), redis_url)
    else:
        run = FaustRun(
            tmp_path,
            settings_of(
                tmp_path,
                database_url=request.getfixturevalue("postgres_url"),
                kafka_bootstrap=request.getfixturevalue("kafka_bootstrap"),
                topic_prefix=request.getfixturevalue("topic_prefix"),
                redis_url=redis_url,
                worker_web_port=str(free_port()),
            ),
        )
    try:
        run.start()
        yield run
    finally:
        run.close()


def opened(board: str = "b1", count: int = 3) -> list[Fact]:
    entries = [
        registrations.EntryRegistered(entry=boards.entry(f"e{i}", board=board)) for i in range(1, count + 1)
    ]
    return [
        registrations.BoardOpened(board=boards.board(board)),
        scores.SchemePublished(scheme=boards.scheme()),
        *entries,
    ]


def marked(entry: str, theory: int, version: int = 1) -> Fact:
    return scores.SheetSubmitted(sheet=boards.sheet(entry, "ja", version, theory=theory, skill=70))


def places(host: Host, board: str = "b1") -> dict[str, int | None]:
    async def read() -> dict[str, int | None]:
        async with redis.asyncio.Redis.from_url(host.redis_url) as client:
            return await LiveBoard(client, board, "public").places()

    return asyncio.run(read())


def test_marks_are_on_the_board_after_their_commit(host: Host) -> None:
    append(host.database, *opened())
    append(host.database, marked("e1", 80))
    append(host.database, marked("e2", 90))
    settle(host)

    assert places(host) == {"e2": 1, "e1": 2, "e3": None}


def test_marks_given_while_the_host_was_away_are_on_the_board(host: Host) -> None:
    append(host.database, *opened(), marked("e1", 80))
    settle(host)
    host.stop()
    append(host.database, marked("e2", 90), marked("e1", 95, version=2))

    host.start()
    settle(host)

    assert places(host) == {"e1": 1, "e2": 2, "e3": None}


def test_boards_come_back_after_redis_lost_everything(host: Host) -> None:
    append(host.database, *opened(), marked("e1", 80), marked("e2", 90))
    settle(host)
    with redis.Redis.from_url(host.redis_url) as client:
        client.flushdb()

    append(host.database, marked("e3", 85))
    settle(host)

    assert places(host) == {"e2": 1, "e3": 2, "e1": 3}


def test_an_event_that_cannot_be_folded_sets_only_its_board_aside(host: Host) -> None:
    append(host.database, *opened(), marked("e1", 80))
    append(host.database, *opened("b2"), board="b2")
    settle(host)
    append(host.database, scores.SchemePublished(scheme=OTHER_SCHEME_FAULT), marked("e2", 90))
    append(host.database, marked("e2", 90), board="b2")
    settle(host, "b2")

    wait_until(lambda: host.buried() == 1, seconds=20, what="the event is buried")
    assert places(host) == {"e1": 1, "e2": None, "e3": None}
    assert places(host, "b2") == {"e2": 1, "e1": None, "e3": None}


def test_published_places_are_told_as_contributions(host: Host) -> None:
    feed = Feed(id="f1", cause="place", aspect="contests", points={"1": Decimal(5)}, source="b1")
    campaign = boards.board("c9", kind="campaign", feeds=(feed,))
    append(host.database, registrations.BoardOpened(board=campaign), board="c9")
    settle(host, "c9")
    append(host.database, *opened(), marked("e1", 80))
    append(host.database, scores.ResultsPublished(board="b1", places={"e1": 1, "e2": 2}))
    settle(host)

    wait_until(lambda: len(host.told()) > 0, seconds=20, what="the contribution is told")
    told = host.told()[0]
    assert (told.board, told.aspect, told.earner, told.points) == ("c9", "contests", "e1", Decimal(5))
    assert told.unit == boards.UNIT
