"""A board as its readers find it in Redis."""

from collections.abc import Sequence
from typing import Any

import msgspec

from schemas.live import BoardHead, BoardKeys, Frame, LiveRow, View

_row = msgspec.json.Decoder(LiveRow)


class LiveBoard:
    def __init__(self, redis: Any, board: str = "b1", view: View = "jury") -> None:
        self.redis, self.board, self.view = redis, board, view

    async def keys(self) -> BoardKeys:
        generation = await self.redis.hget(BoardKeys.live(self.board), self.view)
        return BoardKeys(self.board, self.view, int(generation or 0))

    async def rows(self) -> list[LiveRow]:
        """All rows in board order, by the index."""
        keys = await self.keys()
        order = [
            member.decode().split("\t")[1] for member in await self.redis.zrange(keys.of("index"), 0, -1)
        ]
        return [_row.decode(body) for body in await self.redis.hmget(keys.of("rows"), order)] if order else []

    async def places(self) -> dict[str, int | None]:
        """Each entry's place, counted as readers count it."""
        keys = await self.keys()
        return {
            row.entry: 1 + await self._before(keys, "index", row) - await self._before(keys, "guests", row)
            if row.placed
            else None
            for row in await self.rows()
        }

    async def head(self) -> BoardHead | None:
        body = await self.redis.hget((await self.keys()).of("meta"), "head")
        return None if body is None else msgspec.json.decode(body, type=BoardHead)

    async def frames(self) -> list[Frame]:
        stream = await self.redis.xrange((await self.keys()).feed)
        return [msgspec.json.decode(fields[b"frame"], type=Frame) for _, fields in stream]

    async def position(self) -> dict[str, int]:
        meta = await self.redis.hgetall((await self.keys()).of("meta"))
        return {
            name.decode().removeprefix("position:"): int(value)
            for name, value in meta.items()
            if name.startswith(b"position:")
        }

    async def everything(self) -> dict[str, Any]:
        """All keys of the generation in force with their content: equal boards are equal in every key."""
        base = (await self.keys()).base
        return {
            key.decode().removeprefix(base): await self._content(key)
            async for key in self.redis.scan_iter(match=f"{base}:*")
        }

    async def found(self, words: str) -> list[str]:
        keys = await self.keys()
        members: Sequence[bytes] = await self.redis.zrangebylex(
            keys.of("names"), f"[{words}", f"({words}\U0010ffff"
        )
        return sorted({member.decode().split("\t")[1] for member in members})

    async def _before(self, keys: BoardKeys, part: str, row: LiveRow) -> int:
        return int(await self.redis.zlexcount(keys.of(part), "-", f"({row.key}"))

    async def _content(self, key: bytes) -> Any:
        kind = await self.redis.type(key)
        if kind == b"hash":
            return await self.redis.hgetall(key)
        if kind == b"set":
            return await self.redis.smembers(key)
        if kind == b"list":
            return sorted(await self.redis.lrange(key, 0, -1))
        return await self.redis.zrange(key, 0, -1)
