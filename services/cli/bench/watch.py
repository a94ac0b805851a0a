"""The load generator of watchers: feeds held open by processes of their own, and who saw what when."""

import gc
import os
import re
import select
import socket
import time
from array import array
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Any

from services.cli.bench.contest import Contest
from services.cli.bench.figures import percentile
from services.cli.bench.processes import (
    HOST,
    BenchFailed,
    Server,
    allow_many_files,
    told,
    wait_until,
    worker,
)
from services.cli.bench.requests import answer_length, sheet_body

_AT_ONCE = 200
_BUFFER = 65_536
_FRAMES = 16_384
"""Read at a time: a few frames."""

_CLIENTS = 2
_MANY = 2_000
_REST_SECONDS = ((_MANY, 0.005), (100, 0.001))
"""From so many watchers on, a client looks at its sockets so often, not at every packet: the server would pay
for waking it thousands of times a frame, which watchers elsewhere do not cost. It adds to the delays."""

_BUSY = 500
"""Where so many have something to read at once, the next may as well."""

_SETTLE_SECONDS = 1.5
_LATE_SECONDS = 20.0
_ENTRY = re.compile(rb'"row":\{"entry":"[^"]*\.e-(\d+)"')
_RESPONSE_SECONDS = 30
_POLL_SECONDS = 0.2


@dataclass(frozen=True)
class Seen:
    """Deliveries of one run: delays from POST to each watcher in milliseconds, and what did not go well."""

    delays: Sequence[float]
    expected: int
    closed: int
    cpu_us: float

    @property
    def lost(self) -> int:
        return self.expected - len(self.delays)

    def p(self, share: float) -> float:
        return percentile(self.delays, share)


@dataclass(frozen=True)
class Stand:
    """What is watched: where sheets go, where the feed is, and the process whose processor time counts."""

    post_port: int
    post_path: str
    feed_port: int
    feed_path: str
    serving: Server | None


@dataclass(frozen=True)
class Flow:
    """A judge who sends `rate` sheets a second for so long, each for another entry."""

    contest: Contest
    judge: int
    token: str
    rate: float
    seconds: float
    base: int = 0

    @property
    def count(self) -> int:
        return round(self.rate * self.seconds)


@dataclass
class Arrivals:
    """What a client saw: the number of the entry and the time, in step."""

    entries: "array[int]" = field(default_factory=lambda: array("q"))
    times: "array[float]" = field(default_factory=lambda: array("d"))
    closed: int = 0


class Crowd:
    """Watchers of a stand, spread over clients at the other ends of `pipes`."""

    def __init__(self, stand: Stand, watchers: int, pipes: Sequence[Connection]) -> None:
        self._stand, self._watchers, self._pipes = stand, watchers, pipes

    def see(self, flow: Flow) -> Seen:
        """Let the sheets flow while all look. Raises BenchFailed."""
        if flow.count > flow.contest.entries:
            raise BenchFailed(f"{flow.count} sheets need as many entries, not {flow.contest.entries}")
        before = self._cpu_seconds()
        expected = flow.count * self._watchers
        with worker(_post, self._stand.post_port, self._stand.post_path, flow) as poster:
            sent: dict[int, float] = told(poster)
        with suppress(BenchFailed):  # then some are lost
            wait_until(lambda: sum(self._ask("count")) >= expected, "every delivery", _LATE_SECONDS)
        spent = self._cpu_seconds() - before
        found: list[Arrivals] = self._ask("take")
        delays = [
            (at - sent[entry]) * 1000
            for arrivals in found
            for entry, at in zip(arrivals.entries, arrivals.times, strict=True)
            if entry in sent
        ]
        if not delays:
            raise BenchFailed("no watcher saw anything")
        closed = sum(each.closed for each in found)
        return Seen(delays, expected, closed, spent * 1e6 / len(delays))

    def _ask(self, what: str) -> list[Any]:
        for pipe in self._pipes:
            pipe.send(what)
        return [told(pipe) for pipe in self._pipes]

    def _cpu_seconds(self) -> float:
        return self._stand.serving.cpu_seconds() if self._stand.serving else 0.0


@contextmanager
def crowd(stand: Stand, watchers: int) -> Iterator[Crowd]:
    """So many watchers who all have their first page. Raises BenchFailed."""
    clients = _CLIENTS if watchers > _MANY else 1
    with ExitStack() as stack:
        pipes = [
            stack.enter_context(worker(_watch, stand.feed_port, stand.feed_path, watchers // clients))
            for _ in range(clients)
        ]
        for pipe in pipes:
            told(pipe)
        time.sleep(_SETTLE_SECONDS)
        yield Crowd(stand, watchers // clients * clients, pipes)
        for pipe in pipes:
            pipe.send("end")


def _watch(pipe: Connection, port: int, path: str, count: int) -> None:
    """Hold `count` feeds; say when all have their first page, then, whenever asked, what arrived."""
    allow_many_files()
    poll = select.epoll()
    links: list[socket.socket] = []
    for start in range(0, count, _AT_ONCE):
        for link in _connected(port, path, min(_AT_ONCE, count - start)):
            poll.register(link, select.EPOLLIN)
            links.append(link)
    rest = next((seconds for many, seconds in _REST_SECONDS if count >= many), 0.0)
    gc.disable()
    pipe.send("ready")
    seen = Arrivals()
    while True:
        came = _look(poll, seen)
        asked = pipe.recv() if pipe.poll() else ""
        if asked == "end":
            return
        if asked == "count":
            pipe.send(len(seen.entries))
        if asked == "take":
            pipe.send(seen)
            seen = Arrivals()
        if rest and came < _BUSY:
            time.sleep(rest)


def _look(poll: select.epoll, seen: Arrivals) -> int:
    """Read once where something came; from how many sockets."""
    last: bytes | None = None
    numbers: list[int] = []
    came = poll.poll(_POLL_SECONDS)
    for descriptor, _ in came:
        got = os.read(descriptor, _FRAMES)
        now = time.perf_counter()
        if not got:
            seen.closed += 1
            poll.unregister(descriptor)
        if got != last:  # most watchers get the same bytes
            last, numbers = got, [int(number) for number in _ENTRY.findall(got)]
        for number in numbers:
            seen.entries.append(number)
            seen.times.append(now)
    return len(came)


def _connected(port: int, path: str, count: int) -> Iterator[socket.socket]:
    request = f"GET {path} HTTP/1.1\r\nHost: {HOST}\r\n\r\n".encode()
    links = [socket.create_connection((HOST, port)) for _ in range(count)]
    for link in links:
        link.sendall(request)
    for link in links:
        link.settimeout(_RESPONSE_SECONDS)
        got = b""
        while b"event: snapshot" not in got or not got.endswith(b"\n\n\r\n"):
            more = link.recv(_BUFFER)
            if not more:
                raise BenchFailed(got[:500].decode(errors="replace"))
            got += more
        link.setblocking(False)
        yield link


def _post(pipe: Connection, port: int, path: str, flow: Flow) -> None:
    """Post at a fixed rate; tell when each sheet went."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nAuthorization: Bearer {flow.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: "
    ).encode()
    sent: dict[int, float] = {}
    with socket.create_connection((HOST, port)) as link:
        link.settimeout(_RESPONSE_SECONDS)
        begun = time.perf_counter()
        for number in range(flow.count):
            body = sheet_body(flow.contest, number, flow.judge, flow.base)
            time.sleep(max(0.0, begun + number / flow.rate - time.perf_counter()))
            sent[number] = time.perf_counter()
            link.sendall(head + b"%d\r\n\r\n" % len(body) + body)
            _require_taken(link)
    pipe.send(sent)


def _require_taken(link: socket.socket) -> None:
    """Read one whole answer. Raises BenchFailed where it is a refusal."""
    got = b""
    while (length := answer_length(got)) is None or len(got) < length:
        more = link.recv(_BUFFER)
        if not more:
            raise BenchFailed("the connection was closed before the answer")
        got += more
    if got[9:10] != b"2":
        raise BenchFailed(got.decode(errors="replace"))
