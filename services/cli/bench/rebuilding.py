"""Row `rebuild`: both views of a board from the ledger, as `leitai rebuild` builds them."""

import asyncio
import time
from collections.abc import Iterator

from redis.asyncio import Redis

from schemas.topics import BOARD_TOPICS
from services.cli.bench.contest import Contest, enter
from services.cli.bench.contest import mark as mark_all
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle
from services.cli.bench.processes import BenchFailed
from services.cli.bench.stage import valkey
from services.kit.database import Database
from services.kit.migrations import migrate
from streams.leaderboard.rebuild import rebuild_board
from streams.log import LogReader


def measure(extent: Extent) -> Iterator[Figure]:
    """A log of sheets of ten marks by five judges; the floor reads and decodes the same log."""
    contest = Contest("rebuild", extent.rebuild_sheets // 5)
    with valkey() as (redis_url, data):
        database = Database(f"sqlite:///{data / 'leitai.db'}")
        try:
            migrate(database)
            extent.say(f"a log of {extent.rebuild_sheets:,} sheets is written")
            enter(database, contest)
            sheets = mark_all(database, contest)
            ours, floors = asyncio.run(_rounds(redis_url, LogReader(database), contest, extent))
        finally:
            database.close()
    yield Figure(
        "rebuild",
        f"rebuild of {sheets:,} sheets of 10 marks, both views",
        "sheets/s",
        sheets / middle(ours),
        sheets / middle(floors),
        "reading and decoding the log once",
        "at least",
        20_000.0,
        note=f"{contest.entries:,} entries, {contest.judges} judges; {middle(ours):.1f} s",
    )


async def _rounds(
    redis_url: str, reader: LogReader, contest: Contest, extent: Extent
) -> tuple[list[float], list[float]]:
    """Seconds of ours and of the floor."""
    redis = Redis.from_url(redis_url)
    ours, floors = [], []
    for _ in extent.turns("rebuild"):
        begun = time.perf_counter()
        for topic in BOARD_TOPICS:
            after = 0
            while chunk := await reader(contest.id, topic, after):
                after = chunk[-1].sequence
        floors.append(time.perf_counter() - begun)
        begun = time.perf_counter()
        built = await rebuild_board(redis, contest.id, reader)
        ours.append(time.perf_counter() - begun)
        if any(each.aside or each.entries != contest.entries for each in built):
            raise BenchFailed(f"not rebuilt: {built[0].aside}")
    await redis.aclose()
    return ours, floors
