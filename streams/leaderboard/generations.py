"""The generation that a rebuild replaces: how it differs, and how it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import msgspec
from redis.asyncio import Redis

from schemas.live import BoardKeys, LiveRow
from schemas.topics import BOARD_TOPICS
from streams.leaderboard.layout import POSITIONS
from streams.leaderboard.step import Position

_row = msgspec.json.Decoder(LiveRow)


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the rebuilt board has otherwise than the live one had."""

    entry: str
    live: LiveRow | None
    rebuilt: LiveRow | None


async def differences(
    redis: Redis, live: BoardKeys, position: Position, rows: Mapping[str, LiveRow]
) -> tuple[Difference, ...] | None:
    """Where `rows` are not those of the live board; None if it stands at another position."""
    stored = await cast("Any", redis.hmget(live.of("meta"), list(POSITIONS)))
    if position != {
        topic: int(value) for topic, value in zip(BOARD_TOPICS, stored, strict=True) if value is not None
    }:
        return None
    rebuilt = dict(rows)
    found: list[Difference] = []
    async for _, body in redis.hscan_iter(live.of("rows"), count=1000):
        row = _row.decode(body)
        mine = rebuilt.pop(row.entry, None)
        if mine != row:
            found.append(Difference(row.entry, row, mine))
    return (*found, *(Difference(row.entry, None, row) for row in rebuilt.values()))


async def remove(redis: Redis, keys: BoardKeys) -> None:
    """Remove a generation."""
    await _remove(redis, f"{keys.base}:")


async def remove_others(redis: Redis, keys: BoardKeys) -> None:
    """Remove every generation of the view but this one."""
    await _remove(redis, f"lt:{{{keys.board}}}:{keys.view}:", keep=(f"{keys.base}:", keys.feed))


async def _remove(redis: Redis, prefix: str, keep: tuple[str, ...] = ()) -> None:
    pattern = prefix.replace("[", "\\[").replace("]", "\\]")
    async for key in redis.scan_iter(match=f"{pattern}*", count=1000):
        if not (keep and key.decode().startswith(keep)):
            await redis.unlink(key)
