"""An own keyspace of the Valkey server for every test and example."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest
from redis.asyncio import Redis

Connect = Callable[[], AbstractAsyncContextManager[Redis]]


@pytest.fixture
def connect(valkey_url: str) -> Connect:
    """Opens the test's keyspace, empty; close it in the event loop that opened it."""

    @asynccontextmanager
    async def opened() -> AsyncIterator[Redis]:
        redis: Redis = Redis.from_url(valkey_url)
        await redis.flushdb()
        try:
            yield redis
        finally:
            await redis.aclose()

    return opened
