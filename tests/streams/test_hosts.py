"""What every host owes its boards: the same tests on the embedded one and on Faust with real Kafka."""

import asyncio
import itertools
from collections.abc import Iterator
from decimal import Decimal

import msgspec
import pytest
import redis

from schemas.events import registrations, scores
from schemas.objects import Feed
from schemas.registry import Fact
from schemas.topics import Topic
from tests.parts import Valkey, free_port, wait_until
from tests.streams import boards
from tests.streams.boards import OTHER_SCHEME_FAULT
from tests.streams.hosts import EmbeddedRun, FaustRun, Host, append, settings_of, settle
from tests.streams.live import LiveBoard

_KEYSPACE = 9_001
_numbers = itertools.count(1)


@pytest.fixture(scope="module", params=["embedded", pytest.param("faust", marks=pytest.mark.cluster)])
def run(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, valkey: Valkey
) -> Iterator[EmbeddedRun | FaustRun]:
    """Each host in turn, started, over an empty log and empty Redis; every test has boards of its own."""
    folder = tmp_path_factory.mktemp("host")
    redis_url = valkey.database_url(_KEYSPACE)
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    made: EmbeddedRun | FaustRun
    if request.param == "embedded":
        made = EmbeddedRun(f"sqlite:///{folder / 'leitai.db'}", redis_url)
    else:
        made = FaustRun(
            folder,
            settings_of(
                folder,
                database_url=request.getfixturevalue("postgres").create_database("streams_hosts"),
                kafka_bootstrap=request.getfixturevalue("kafka").bootstrap,
                topic_prefix="streams-hosts",
                redis_url=redis_url,
                worker_web_port=str(free_port()),
            ),
        )
    try:
        made.start()
        yield made
    finally:
        made.close()


@pytest.fixture
def host(run: EmbeddedRun | FaustRun) -> Host:
    return run


@pytest.fixture
def board() -> str:
    """A board that no other test has."""
    return f"b{next(_numbers)}"


def opened(board: str, count: int = 3) -> list[Fact]:
    entries = [
        registrations.EntryRegistered(entry=boards.entry(f"e{i}", board=board)) for i in range(1, count + 1)
    ]
    scheme = msgspec.structs.replace(boards.scheme(), board=board)
    return [
        registrations.BoardOpened(board=boards.board(board)),
        scores.SchemePublished(scheme=scheme),
        *entries,
    ]


def marked(entry: str, theory: int, version: int = 1) -> Fact:
    return scores.SheetSubmitted(sheet=boards.sheet(entry, "ja", version, theory=theory, skill=70))


def published_for_a_campaign(host: Host, board: str) -> str:
    """The results of a board whose first place earns points on a campaign's; the campaign's board."""
    campaign = f"{board}-campaign"
    feed = Feed(id="f1", cause="place", aspect="contests", points={"1": Decimal(5)}, source=board)
    to = boards.board(campaign, kind="campaign", feeds=(feed,))
    append(host.database, campaign, registrations.BoardOpened(board=to))
    settle(host, campaign)
    append(host.database, board, *opened(board), marked("e1", 80))
    append(host.database, board, scores.ResultsPublished(board=board, places={"e1": 1, "e2": 2}))
    return campaign


def places(host: Host, board: str) -> dict[str, int | None]:
    async def read() -> dict[str, int | None]:
        async with redis.asyncio.Redis.from_url(host.redis_url) as client:
            return await LiveBoard(client, board, "public").places()

    return asyncio.run(read())


def test_marks_are_on_the_board_after_their_commit(host: Host, board: str) -> None:
    append(host.database, board, *opened(board))
    append(host.database, board, marked("e1", 80))
    append(host.database, board, marked("e2", 90))
    settle(host, board)

    assert places(host, board) == {"e2": 1, "e1": 2, "e3": None}


def test_marks_given_while_the_host_was_away_are_on_the_board(host: Host, board: str) -> None:
    append(host.database, board, *opened(board), marked("e1", 80))
    settle(host, board)
    host.stop()
    append(host.database, board, marked("e2", 90), marked("e1", 95, version=2))

    host.start()
    settle(host, board)

    assert places(host, board) == {"e1": 1, "e2": 2, "e3": None}


def test_boards_come_back_after_redis_lost_everything(host: Host, board: str) -> None:
    append(host.database, board, *opened(board), marked("e1", 80), marked("e2", 90))
    settle(host, board)
    with redis.Redis.from_url(host.redis_url) as client:
        client.flushdb()

    append(host.database, board, marked("e3", 85))
    settle(host, board)

    assert places(host, board) == {"e2": 1, "e3": 2, "e1": 3}


def test_an_event_that_cannot_be_folded_sets_only_its_board_aside(host: Host, board: str) -> None:
    other = f"{board}-other"
    append(host.database, board, *opened(board), marked("e1", 80))
    append(host.database, other, *opened(other))
    settle(host, board)
    append(host.database, board, scores.SchemePublished(scheme=OTHER_SCHEME_FAULT), marked("e2", 90))
    append(host.database, other, marked("e2", 90))
    settle(host, other)

    wait_until(lambda: host.buried(board) == 1, seconds=60, what="the event is buried")
    assert places(host, board) == {"e1": 1, "e2": None, "e3": None}
    assert places(host, other) == {"e2": 1, "e1": None, "e3": None}


def test_published_places_are_told_as_contributions(host: Host, board: str) -> None:
    campaign = published_for_a_campaign(host, board)

    wait_until(lambda: len(host.told(campaign)) > 0, seconds=60, what="the contribution is told")
    told = host.told(campaign)[0]
    assert (told.aspect, told.earner, told.points, told.unit) == ("contests", "e1", Decimal(5), boards.UNIT)


def test_many_boards_at_once_all_arrive(host: Host, board: str) -> None:
    many = [f"{board}-{i}" for i in range(40)]
    for each in many:
        append(host.database, each, *opened(each), marked("e1", 80))
    for each in many:
        append(host.database, each, marked("e2", 90))

    for each in many:
        settle(host, each)

    assert {tuple(places(host, each).items()) for each in many} == {(("e2", 1), ("e1", 2), ("e3", None))}


@pytest.mark.cluster
@pytest.mark.parametrize("run", ["faust"], indirect=True)
def test_published_rows_are_told_to_other_systems(run: FaustRun, board: str) -> None:
    append(run.database, board, *opened(board), marked("e1", 80), marked("e2", 90))
    append(run.database, board, scores.ResultsPublished(board=board, places={"e2": 1, "e1": 2}))

    wait_until(lambda: len(run.standings(board)) == 3, seconds=60, what="the rows are told")

    assert run.standings(board) == {"e2": 1, "e1": 2, "e3": None}


@pytest.mark.cluster
@pytest.mark.parametrize("run", ["faust"], indirect=True)
def test_contributions_that_kafka_lost_alone_are_told_again(run: FaustRun, board: str) -> None:
    campaign = published_for_a_campaign(run, board)
    wait_until(lambda: len(run.told(campaign)) > 0, seconds=60, what="the contribution is told")
    before = {each.id: each for each in run.told(campaign)}

    run.make_anew(Topic.CONTRIBUTIONS)
    assert run.wait_ended() != 0
    run.start()
    wait_until(lambda: len(run.told(campaign)) > 0, seconds=60, what="the contribution is told again")

    assert {each.id: each for each in run.told(campaign)} == before


@pytest.mark.cluster
@pytest.mark.parametrize("run", ["faust"], indirect=True)
def test_another_worker_takes_over_without_losing_or_repeating(run: FaustRun, board: str) -> None:
    many = [f"{board}-{i}" for i in range(8)]
    for each in many:
        append(run.database, each, *opened(each))
    run.other.start()
    for version in range(1, 6):
        for each in many:
            append(run.database, each, marked("e1", 80 + version, version))
    run.kill()

    for each in many:
        append(run.database, each, marked("e2", 70))
    for each in many:
        settle(run, each, seconds=90)

    assert {tuple(places(run, each).items()) for each in many} == {(("e1", 1), ("e2", 2), ("e3", None))}
    run.start()
