"""Writes very many operations to Redis, which works on some while the next are made."""

from collections.abc import Iterable, Iterator

import msgspec
from redis.asyncio import Redis

from schemas.live import BoardKeys
from streams.leaderboard import scripts
from streams.leaderboard.layout import Operation, addressed

_BYTES_PER_CALL = 100_000
"""As much as a socket takes at once. Redis does nothing else meanwhile, nor the loop while it is made."""


async def write(redis: Redis, keys: BoardKeys, operations: Iterable[Operation]) -> None:
    """Into a generation that nobody reads yet: other readers may come between the calls."""
    call = ("EVAL", scripts.RUN, 2, keys.of("keys"), keys.of("keycount"))
    async with redis.client() as client:
        connection = client.connection
        assert connection is not None
        at_work = False
        try:
            for chunk in _chunks(addressed(keys, operations)):
                await connection.send_command(*call, chunk)
                if at_work:
                    await connection.read_response()
                at_work = True
            if at_work:
                await connection.read_response()
        except BaseException:
            await connection.disconnect(nowait=True)  # an answer may be on its way, and is not the next one's
            raise


def _chunks(operations: Iterable[Operation]) -> Iterator[bytes]:
    """Lists of operations, as MessagePack."""
    chunk: list[msgspec.Raw] = []
    size = 0
    for operation in operations:
        packed = msgspec.msgpack.encode(operation)
        chunk.append(msgspec.Raw(packed))
        size += len(packed)
        if size >= _BYTES_PER_CALL:
            yield msgspec.msgpack.encode(chunk)
            chunk, size = [], 0
    if chunk:
        yield msgspec.msgpack.encode(chunk)
