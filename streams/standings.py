"""Rows as they were published, told to other systems on a compacted topic (cluster only).

Published results tell every row of the public board with its place; withdrawn results tell each without.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID, uuid5

import msgspec
from redis.asyncio import Redis

from schemas.envelope import Envelope, canonical
from schemas.events import scores
from schemas.events.standings import StandingChanged
from schemas.live import BoardHead, BoardKeys, LiveRow
from schemas.registry import Fact, dataschema, event_type
from schemas.topics import Topic
from streams.contributions import derive
from streams.contributions.stage import Tell
from streams.events import Event

_NAMESPACE = UUID("1c8f0d55-7a39-5a0e-8b51-3b6ad0b0c6de")
_AT_ONCE = 500
_row = msgspec.json.Decoder(LiveRow)
_head = msgspec.json.Decoder(BoardHead)


class Standings:
    """Give it a board's events after its public view has folded them."""

    def __init__(self, redis: Redis, tell: Tell) -> None:
        self._redis, self._tell = redis, tell

    @staticmethod
    def follows(fact: Fact) -> bool:
        """Whether the whole board's results were published or withdrawn."""
        return derive.is_of_results(fact)

    async def take(self, board: str, events: Sequence[Event]) -> None:
        """Tell every row if the whole board's results were published or withdrawn."""
        for event in events:
            if self.follows(event.fact):
                published = isinstance(event.fact, scores.ResultsPublished)
                await self._tell_all(await self._read(board, published), event.envelope)

    async def _tell_all(self, standings: Sequence[StandingChanged], cause: Envelope) -> None:
        """Many at once: each alone would wait for Kafka's word before the next sets out."""
        for start in range(0, len(standings), _AT_ONCE):
            some = standings[start : start + _AT_ONCE]
            # All end before an error goes on: a second attempt must not meet a first one at work.
            done = await asyncio.gather(
                *(self._tell(_told(each, cause)) for each in some), return_exceptions=True
            )
            for result in done:
                if isinstance(result, BaseException):
                    raise result

    async def _read(self, board: str, published: bool) -> list[StandingChanged]:
        redis = cast("Any", self._redis)
        generation = await redis.hget(BoardKeys.live(board), "public")
        keys = BoardKeys(board, "public", int(generation or 0))
        head = await redis.hget(keys.of("meta"), "head")
        if head is None:
            return []
        rows = [_row.decode(body) for body in await redis.hvals(keys.of("rows"))]
        rows.sort(key=lambda row: row.order)
        found = places(rows, _head.decode(head).places) if published else {}
        return [
            StandingChanged(
                board=board,
                entry=row.entry,
                name=row.name,
                place=found.get(row.entry),
                total=row.total if published else None,
            )
            for row in rows
        ]


def places(rows: Iterable[LiveRow], policy: str) -> dict[str, int]:
    """The place of each placed row; `rows` are in board order."""
    found: dict[str, int] = {}
    place, distinct, last = 0, 0, ""
    for position, row in enumerate((row for row in rows if row.placed), 1):
        if row.key != last:
            place, distinct, last = position, distinct + 1, row.key
        found[row.entry] = {"1224": place, "1223": distinct, "1234": position}[policy]
    return found


def _told(standing: StandingChanged, cause: Envelope) -> Event:
    envelope = Envelope(
        id=str(uuid5(_NAMESPACE, f"{cause.id}/{standing.entry}")),
        source="/streams/standings",
        type=event_type(StandingChanged),
        subject=standing.entry,
        time=cause.time,
        partitionkey=f"{standing.board}/{standing.entry}",
        dataschema=dataschema(StandingChanged),
        sequence=0,
        actor="streams",
        data=msgspec.Raw(canonical(standing)),
        causationid=cause.id,
    )
    return Event(envelope, standing, Topic.STANDINGS)
