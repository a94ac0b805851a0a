"""The load generator of requests: keep-alive connections of one process, one request at a time on each."""

import asyncio
import gc
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count, islice
from typing import Any
from uuid import uuid4

import orjson
import uvloop

from services.cli.bench.contest import Contest
from services.cli.bench.figures import percentile
from services.cli.bench.processes import HOST

Draw = Callable[[], bytes]
"""The next request, as bytes."""


@dataclass
class Load:
    """What a generator saw: when each request went and how long its answer took, in seconds."""

    seconds: float = 0.0
    took: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    failures: int = 0
    first_failure: str = ""

    @property
    def rate(self) -> float:
        return len(self.took) / self.seconds

    def p(self, share: float) -> float:
        """A percentile of the answers' times, in milliseconds."""
        return percentile(self.took, share) * 1000


class Connection(asyncio.Protocol):
    """One connection that sends the next request when the answer to the last one is complete."""

    def __init__(self, draw: Draw, load: Load, end: float) -> None:
        self._draw, self._load, self._end = draw, load, end
        self._got = b""
        self._sent = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._got += data
        length = answer_length(self._got)
        if length is None or len(self._got) < length:
            return
        now = time.perf_counter()
        if self._got[9:10] == b"2":
            self._load.took.append(now - self._sent)
            self._load.sizes.append(len(self._got))
        else:
            self._load.failures += 1
            self._load.first_failure = self._load.first_failure or self._got[:600].decode(errors="replace")
        self._got = b""
        if now < self._end:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.done.done():
            self.done.set_result(None)

    def _send(self) -> None:
        try:
            request = self._draw()
        except StopIteration:
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)


def run(port: int, draws: Sequence[Draw], seconds: float) -> Load:
    """Draw requests on a connection for each of `draws` for so long, or until it has no more."""
    return uvloop.run(_run(port, draws, seconds))


async def _run(port: int, draws: Sequence[Draw], seconds: float) -> Load:
    loop = asyncio.get_running_loop()
    load = Load()
    gc.disable()
    begun = time.perf_counter()
    made = [
        await loop.create_connection(partial(Connection, draw, load, begun + seconds), HOST, port)
        for draw in draws
    ]
    await asyncio.gather(*(protocol.done for _, protocol in made))
    load.seconds = time.perf_counter() - begun
    return load


@dataclass
class Tablet:
    """A judge who sends a sheet of ten marks for one entry after the other, then corrects them in turn."""

    contest: Contest
    judge: int
    token: str
    sent: int = 0

    def draw(self, path: str, ready: int) -> Draw:
        """Its requests, the first `ready` of them made already."""
        made = self._requests(path)
        waiting = deque(islice(made, ready))

        def next_one() -> bytes:
            self.sent += 1
            return waiting.popleft() if waiting else next(made)

        return next_one

    def _requests(self, path: str) -> Iterator[bytes]:
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {self.token}\r\n"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        for number in count(self.sent):
            base, entry = divmod(number, self.contest.entries)
            body = sheet_body(self.contest, entry, self.judge, base)
            yield head + b"%d\r\n\r\n" % len(body) + body


def sheet_body(contest: Contest, entry: int, judge: int, base: int = 0) -> bytes:
    """A sheet as a tablet sends it."""
    return orjson.dumps(
        {
            "id": str(uuid4()),
            "board": contest.id,
            "entry": contest.entry(entry),
            "marks": dict(contest.marks(entry, judge, base + 1)),
            "base": base,
            "marked_at": "2026-05-01T09:30:00Z",
        }
    )


def get(path: str, token: str = "") -> bytes:
    """A GET as a browser sends it."""
    authorised = f"Authorization: Bearer {token}\r\n" if token else ""
    return f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\nAccept-Encoding: gzip\r\n{authorised}\r\n".encode()


def answer_length(got: bytes) -> int | None:
    """How long the whole answer is that begins with `got`; None while its head is not complete."""
    head, blank, _ = got.partition(b"\r\n\r\n")
    if not blank:
        return None
    _, _, rest = head.lower().partition(b"content-length:")
    return len(head) + len(blank) + int(rest.partition(b"\r\n")[0])
