"""Rows `growth` and `large`: what one more mark costs on boards of any size, and where somebody stands."""

import asyncio
import gc
import random
import time
from collections.abc import Iterator

from redis.asyncio import Redis

from services.cli.bench.contest import Contest
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle, percentile
from services.cli.bench.processes import BenchFailed, elsewhere
from services.cli.bench.requests import Load, get, run
from services.cli.bench.stage import floor, leaderboard, valkey
from services.cli.bench.synthetic import History, build
from streams.events import Event
from streams.leaderboard.views import Leaderboards

_WARM = 20


def growth(extent: Extent) -> Iterator[Figure]:
    """One mark more, into both views of boards of different sizes, in turns."""
    with valkey() as (redis_url, _):
        costs, small = asyncio.run(_grow(redis_url, extent))
    least = middle(costs[0])
    for size, found in zip(extent.growth, costs, strict=True):
        yield Figure(
            "growth",
            f"one more mark, board of {size:,}",
            "ms",
            middle(found),
            least,
            f"board of {extent.growth[0]:,}",
            "at most",
            None if size == extent.growth[0] else 2.0,
            ratio=True,
            note=f"Redis alone answers PING in {small:.2f} ms",
        )


def large(extent: Extent) -> Iterator[Figure]:
    """The largest board: one entry changes, and an entry asks for its place."""
    contest = Contest(f"large-{extent.large_board}", extent.large_board, aspects=1)
    with (
        valkey() as (redis_url, data),
        leaderboard(data, redis_url) as serving,
        floor("bare_page", data) as bare,
    ):
        changes, ping, seconds = asyncio.run(_change(redis_url, contest, extent))
        reads, floors = [], []
        for turn in extent.turns("own places are read"):
            reads.append(read(serving.port, _own_places(contest, extent, turn)))
            length = int(middle(reads[-1].sizes))
            floors.append(read(bare.port, [f"/bytes/{length}"] * extent.large_reads))
    size = f"board of {contest.entries:,}"
    yield Figure(
        "large",
        f"{size}: change of one entry, both views, p99",
        "ms",
        middle([percentile(each, 0.99) for each in changes]),
        ping,
        "PING, p99",
        "at most",
        5.0,
        note=f"p50 {middle([middle(each) for each in changes]):.2f} ms; built in {seconds:.0f} s",
    )
    yield Figure(
        "large",
        f"{size}: own place over HTTP, p99",
        "ms",
        middle([load.p(0.99) for load in reads]),
        middle([load.p(0.99) for load in floors]),
        "bare route, same bytes",
        "at most",
        5.0,
        note=f"p50 {middle([load.p(0.5) for load in reads]):.2f} ms, {length} bytes",
    )


async def _grow(redis_url: str, extent: Extent) -> tuple[list[list[float]], float]:
    """Medians per round of each size, in milliseconds, and that of PING. Sizes take turns at every mark."""
    redis = Redis.from_url(redis_url)
    histories = [History(Contest(f"growth-{size}", size)) for size in extent.growth]
    for history in histories:
        await build(redis, history, extent.say)
    _spare_what_stays()
    marking = Leaderboards(redis, histories[0], bury)
    costs: list[list[float]] = [[] for _ in histories]
    for turn in extent.turns("one more mark"):
        entries = [some(history.contest, extent.growth_marks, turn) for history in histories]
        took: list[list[float]] = [[] for _ in histories]
        for each in zip(*entries, strict=True):
            for place, entry in enumerate(each):
                took[place].append(await mark(marking, histories[place], entry))
        for place, found in enumerate(took):
            costs[place].append(middle(found[_WARM:]))
    ping = middle(await _pings(redis, extent.growth_marks))
    await redis.aclose()
    return costs, ping


async def _change(redis_url: str, contest: Contest, extent: Extent) -> tuple[list[list[float]], float, float]:
    """Times of changes by round in milliseconds, PING's p99, and how long the board took to build."""
    redis = Redis.from_url(redis_url)
    history = History(contest)
    begun = time.perf_counter()
    await build(redis, history, extent.say)
    built = time.perf_counter() - begun
    _spare_what_stays()
    marking = Leaderboards(redis, history, bury)
    found = [
        [await mark(marking, history, entry) for entry in some(contest, extent.large_reads, turn)][_WARM:]
        for turn in extent.turns("one entry changes")
    ]
    ping = percentile(await _pings(redis, extent.large_reads), 0.99)
    await redis.aclose()
    return found, ping, built


def _spare_what_stays() -> None:
    """As the platform does once it has started; a board was built in this process besides."""
    gc.collect()
    gc.freeze()


async def mark(marking: Leaderboards, history: History, entry: int) -> float:
    """Milliseconds of one more sheet."""
    event = history.further(entry)
    begun = time.perf_counter()
    await marking.take(history.contest.id, [event])
    return (time.perf_counter() - begun) * 1000


async def _pings(redis: Redis, count: int) -> list[float]:
    took = []
    for _ in range(count):
        begun = time.perf_counter()
        await redis.ping()
        took.append((time.perf_counter() - begun) * 1000)
    return took


def some(contest: Contest, count: int, turn: int) -> list[int]:
    return random.Random(turn).choices(range(contest.entries), k=count + _WARM)  # noqa: S311 (a spread, not a secret)


def _own_places(contest: Contest, extent: Extent, turn: int) -> list[str]:
    return [
        f"/api/leaderboard/boards/{contest.id}/entries/{contest.entry(entry)}"
        for entry in some(contest, extent.large_reads, turn + 100)
    ]


def read(port: int, paths: list[str]) -> Load:
    load = elsewhere(_reading, port, paths)
    if load.failures:
        raise BenchFailed(load.first_failure)
    return load


def _reading(port: int, paths: list[str]) -> Load:
    requests = iter([get(path) for path in paths])
    return run(port, [lambda: next(requests)], 600.0)


async def bury(event: Event, reason: str) -> None:
    raise BenchFailed(f"{event.envelope.id}: {reason}")
