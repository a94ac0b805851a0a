"""The live board as the jury sees it, read from Redis without holding it up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

import msgspec
from redis.asyncio import Redis

from schemas.live import BoardKeys, LiveRow
from schemas.topics import BOARD_TOPICS, Topic

_PAGE = 1_000
_ATTEMPTS = 20
_row = msgspec.json.Decoder(LiveRow)
_FIELDS = ("aside", *(f"position:{topic.value}" for topic in BOARD_TOPICS))


@dataclass(frozen=True, slots=True)
class LiveBoard:
    """Rows by entry, entries in the order of the index, and the position that both are of."""

    rows: Mapping[str, LiveRow]
    order: tuple[str, ...]
    position: Mapping[Topic, int]
    aside: str = ""

    def places(self, policy: str) -> dict[str, int | None]:
        """The place of every entry as the index orders them."""
        found: dict[str, int | None] = dict.fromkeys(self.order)
        placed = [self.rows[id] for id in self.order if id in self.rows and self.rows[id].placed]
        position = 0
        for distinct, (_, group) in enumerate(groupby(placed, key=lambda row: row.key), 1):
            tied = list(group)
            for ahead, row in enumerate(tied):
                found[row.entry] = {"1224": position, "1223": distinct - 1, "1234": position + ahead}[
                    policy
                ] + 1
            position += len(tied)
        return found


async def read_live(redis: Redis, board: str) -> LiveBoard | None:
    """The board at one position; None where there is none, or it never stands still for long enough."""
    for _ in range(_ATTEMPTS):
        before = await _meta(redis, board)
        if before is None:
            return None
        keys, values = before
        rows = {
            row.entry: row
            async for _, body in redis.hscan_iter(keys.of("rows"), count=_PAGE)
            if (row := _decoded(body)) is not None
        }
        order = tuple([entry async for entry in _index(redis, keys)])
        after = await _meta(redis, board)
        if after is not None and (after[0].base, after[1]) == (keys.base, values):
            aside, *positions = values
            return LiveBoard(rows, order, dict(_numbered(positions)), (aside or b"").decode())
    return None


async def _meta(redis: Redis, board: str) -> tuple[BoardKeys, list[bytes | None]] | None:
    generation = await cast("Any", redis.hget(BoardKeys.live(board), "jury"))
    if generation is None:
        return None
    keys = BoardKeys(board, "jury", int(generation))
    return keys, await cast("Any", redis.hmget(keys.of("meta"), list(_FIELDS)))


async def _index(redis: Redis, keys: BoardKeys) -> Any:
    start = 0
    while members := await cast("Any", redis.zrange(keys.of("index"), start, start + _PAGE - 1)):
        for member in members:
            yield member.decode().rpartition("\t")[2]
        start += _PAGE


def _numbered(positions: list[bytes | None]) -> Iterator[tuple[Topic, int]]:
    for topic, value in zip(BOARD_TOPICS, positions, strict=True):
        if value is not None:
            yield topic, int(value)


def _decoded(body: bytes) -> LiveRow | None:
    """A row that cannot be read is one that is not there."""
    try:
        return _row.decode(body)
    except msgspec.MsgspecError:
        return None
