"""Operations by the thousand, against a real server."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from redis.exceptions import ResponseError

from schemas.live import BoardKeys
from streams.leaderboard.layout import Operation
from streams.leaderboard.writing import write
from tests.streams.conftest import Connect

KEYS = BoardKeys("b", "jury", 1)
MANY: list[Operation] = [["HSET", "hash", str(n), "x" * 10_000] for n in range(100)]


def with_redis(connect: Connect, test: Callable[[Any], Awaitable[None]]) -> None:
    async def opened() -> None:
        async with connect() as redis:
            await test(redis)

    asyncio.run(opened())


def test_everything_is_written_in_its_order(connect: Connect) -> None:
    async def test(redis: Any) -> None:
        await write(redis, KEYS, [*MANY, ["HSET", "hash", "0", "after"], ["RPUSH", "list", "once"]])

        assert await redis.hlen(KEYS.of("hash")) == 100
        assert await redis.hget(KEYS.of("hash"), "0") == b"after"
        assert await redis.lrange(KEYS.of("list"), 0, -1) == [b"once"]

    with_redis(connect, test)


def test_nothing_is_written_where_there_is_nothing(connect: Connect) -> None:
    async def test(redis: Any) -> None:
        await write(redis, KEYS, [])

        assert await redis.dbsize() == 0

    with_redis(connect, test)


def test_answer_that_was_not_waited_for_is_nobody_elses(connect: Connect) -> None:
    async def test(redis: Any) -> None:
        with pytest.raises(ResponseError):
            await write(redis, KEYS, [["HSET", "hash"], *MANY])

        assert await redis.get("nothing") is None
        assert await redis.ping()

    with_redis(connect, test)
