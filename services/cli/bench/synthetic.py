"""Boards of any size in Redis without a log: events made on the fly, folded and written by the rebuild."""

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import msgspec
from redis.asyncio import Redis

from schemas.envelope import Envelope, canonical
from schemas.events.registrations import EntryRegistered
from schemas.events.scores import SheetSubmitted
from schemas.registry import Fact, dataschema, event_type
from schemas.topics import Topic
from services.cli.bench.contest import BEGUN, Contest
from services.cli.bench.processes import BenchFailed
from streams.events import Event
from streams.leaderboard.rebuild import rebuild_board

_CHUNK = 10_000
_LOOK_SECONDS = 1.0


class History:
    """A board whose entries all have one sheet. Calling it is `Fetch`."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.told = 0
        opening = list(replace(contest, entries=0).opening())
        self._opened, self._decided = opening[:1], opening[1:]
        self.sheets = contest.entries

    async def __call__(self, _board: str, topic: Topic, after: int) -> Sequence[Event]:
        if topic is Topic.REGISTRATIONS:
            head, count = self._opened, self.contest.entries
        elif topic is Topic.SCORES:
            head, count = self._decided, self.sheets
        else:
            return []
        last = min(after + _CHUNK, len(head) + count)
        self.told += last - after
        return [self._event(topic, head, sequence) for sequence in range(after + 1, last + 1)]

    def further(self, entry: int) -> Event:
        """The next event of the board: a new version of the second judge's sheet of an entry."""
        self.sheets += 1
        version = self.sheets - self.contest.entries
        return further(self.contest, entry, 1, len(self._decided) + self.sheets, version)

    def _event(self, topic: Topic, head: Sequence[Fact], sequence: int) -> Event:
        number = sequence - len(head) - 1
        fact: Fact
        if number < 0:
            fact = head[sequence - 1]
        elif topic is Topic.REGISTRATIONS:
            fact = EntryRegistered(entry=self.contest.described(number))
        else:
            fact = SheetSubmitted(sheet=self.contest.sheet(number, 0))
        return _event(fact, self.contest.id, sequence)


def further(contest: Contest, entry: int, judge: int, sequence: int, version: int = 1) -> Event:
    """The event with this number: a judge's sheet of an entry."""
    return _event(SheetSubmitted(sheet=contest.sheet(entry, judge, version)), contest.id, sequence)


async def build(redis: Redis, history: History, say: Callable[[str], None]) -> None:
    """Both views of the board, by the code of `leitai rebuild`. Raises BenchFailed.

    What Redis would write to disk every minute meanwhile is written once, in the end.
    """
    saving = str((await redis.config_get("save"))["save"])
    await redis.config_set("save", "")
    telling = asyncio.create_task(_tell(redis, history, say))
    try:
        every = await rebuild_board(redis, history.contest.id, history)
    finally:
        telling.cancel()
    for built in every:
        if built.aside or built.entries != history.contest.entries:
            raise BenchFailed(f"{built.entries} entries; {built.aside}")
    await redis.config_set("save", saving)
    await redis.bgsave()
    while (await redis.info("persistence"))["rdb_bgsave_in_progress"]:
        say("Redis writes the board to disk")
        await asyncio.sleep(_LOOK_SECONDS)


async def _tell(redis: Redis, history: History, say: Callable[[str], None]) -> None:
    begun = time.monotonic()
    while True:
        used = (await redis.info("memory"))["used_memory"] / 1e6
        say(
            f"a board of {history.contest.entries:,} entries is built: {history.told:,} events folded,"
            f" {used:,.0f} MB in Redis, {time.monotonic() - begun:.0f} s"
        )
        await asyncio.sleep(_LOOK_SECONDS)


def _event(fact: Fact, board: str, sequence: int) -> Event:
    envelope = Envelope(
        id=f"{fact.topic.value}-{sequence}",
        source="bench",
        type=event_type(type(fact)),
        subject=fact.subject,
        time=BEGUN,
        partitionkey=board,
        dataschema=dataschema(type(fact)),
        sequence=sequence,
        actor="bench",
        data=msgspec.Raw(canonical(fact)),
    )
    return Event(envelope, fact, fact.topic)
