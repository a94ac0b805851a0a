"""Row `page`: the first page of a large board with one's own place, while the board changes."""

import asyncio
from collections.abc import Iterator

from redis.asyncio import Redis

from services.cli.bench.boards import bury, mark, read, some
from services.cli.bench.contest import Contest
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle, percentile
from services.cli.bench.requests import Load
from services.cli.bench.stage import floor, leaderboard, valkey
from services.cli.bench.synthetic import History, build
from streams.leaderboard.views import Leaderboards

_CHANGES_SECONDS = 0.05


def measure(extent: Extent) -> Iterator[Figure]:
    """Two requests on one connection: the page, then the entry's own place; neither may be kept for long."""
    contest = Contest("page", extent.page_entries)
    with (
        valkey() as (redis_url, data),
        leaderboard(data, redis_url) as ours,
        floor("bare_page", data) as bare,
    ):
        loads = asyncio.run(_read_while_it_changes(redis_url, contest, extent, ours.port))
        pairs = [_pairs(load) for load in loads]
        lengths = [int(middle(load.sizes[place::2])) for load in loads[:1] for place in (0, 1)]
        paths = [f"/bytes/{length}" for length in lengths] * extent.page_reads
        floors = [_pairs(read(bare.port, paths)) for _ in range(extent.rounds)]
    size = f"board of {contest.entries:,}"
    yield Figure(
        "page",
        f"{size}: first page with own place, 20 changes/s, p99",
        "ms",
        middle([percentile(each, 0.99) for each in pairs]),
        middle([percentile(each, 0.99) for each in floors]),
        "bare route, same bytes",
        "at most",
        10.0,
        note=f"p50 {middle([middle(each) for each in pairs]):.2f} ms",
    )
    yield Figure(
        "page",
        f"{size}: bytes of both answers, gzip",
        "B",
        float(sum(lengths)),
        goal="at most",
        target=30_000.0,
    )


def _pairs(load: Load) -> list[float]:
    """Milliseconds of every two requests."""
    return [(one + two) * 1000 for one, two in zip(load.took[::2], load.took[1::2], strict=True)]


async def _read_while_it_changes(redis_url: str, contest: Contest, extent: Extent, port: int) -> list[Load]:
    redis = Redis.from_url(redis_url)
    history = History(contest)
    await build(redis, history, extent.say)
    marking = Leaderboards(redis, history, bury)
    loads = []
    for turn in extent.turns("pages"):
        base = f"/api/leaderboard/boards/{contest.id}"
        paths = [
            path
            for entry in some(contest, extent.page_reads, turn)
            for path in (base, f"{base}/entries/{contest.entry(entry)}")
        ]
        reading = asyncio.create_task(asyncio.to_thread(read, port, paths))
        changed = 0
        while not reading.done():
            await mark(marking, history, changed % contest.entries)
            changed += 1
            await asyncio.sleep(_CHANGES_SECONDS)
        loads.append(await reading)
    await redis.aclose()
    return loads
