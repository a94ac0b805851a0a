"""Measures the live feed: watchers in processes of their own, frames written straight into Redis.

    python -m tests.load.watchers --watchers 1000 --rate 20 --seconds 15
    python -m tests.load.watchers --watchers 16000 --rate 5 --seconds 20 --clients 2

Prints the delays from the write in Redis to each watcher's socket, the server's CPU per delivery, how many
deliveries failed to arrive, and how many watchers were closed. All run on this machine and share its cores.
"""

import argparse
import contextlib
import json
import multiprocessing
import os
import resource
import select
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import msgspec
import psutil
import redis

from schemas.live import CHANGED, BoardHead, BoardKeys, Change, Frame, LiveRow
from schemas.objects import UnitRef
from services.kit.settings import make_secret
from tests.parts import Valkey
from tests.parts.processes import wait_until
from tests.streams.boards import board

ROWS = 50
_MEASURED = 7
"""Of so many watchers one is timed: the clients share the cores with the server."""

_encoder = msgspec.json.Encoder(decimal_format="string")
SERVER = """
import sys, uvicorn
from services.kit.runtime import Runtime
from services.kit.settings import Settings
from services.leaderboard.app import create
uvicorn.run(create(Runtime.of(Settings())), port=int(sys.argv[1]), log_level="warning", access_log=False,
            backlog=8192)
"""


def row(number: int, total: int) -> LiveRow:
    key = f"1K{9999 - total:04d}-"
    entry = f"01a1fb98-5a57-75d7-929e-{number:012d}"
    return LiveRow(
        entry=entry,
        name=f"选手{number}",
        unit=UnitRef(id="01a1fb98-5a57-75d7-929e-c7812ab27844", name="第一机械厂", path="/p/u1/"),
        key=key,
        order=f"{key}0A{number}{entry}",
        number=number,
        total=Decimal(total),
    )


def fill(link: "redis.Redis") -> BoardKeys:
    keys = BoardKeys("b1", "public", 1)
    link.hset(BoardKeys.live("b1"), "public", 1)
    link.hset(keys.of("meta"), "head", _encoder.encode(BoardHead(board=board(), entries=ROWS)))
    for number in range(ROWS):
        each = row(number, number)
        link.hset(keys.of("rows"), each.entry, _encoder.encode(each))
        link.zadd(keys.of("index"), {f"{each.order}\t{each.entry}": 0})
    link.xadd(keys.feed, {"frame": _encoder.encode(Frame(position={}))})
    return keys


def frame(step: int) -> bytes:
    """One entry's new total; the time of writing travels in its name."""
    changed = msgspec.structs.replace(row(step % ROWS, step % 9999), name=f"@{time.time_ns()}@")
    change = Change(entry=changed.entry, before=row(step % ROWS, step % ROWS).order, row=changed)
    return _encoder.encode(Frame(position={"scores": step}, changes=(change,)))


def watch(port: int, count: int, pipe: Connection) -> None:
    """Hold `count` connections; tell when all have their first page, then the delays of all that arrived."""
    request = b"GET /api/leaderboard/boards/b1/feed HTTP/1.1\r\nHost: x\r\n\r\n"
    poll, links = select.epoll(), []
    for _ in range(count):
        link = socket.create_connection(("127.0.0.1", port))
        link.sendall(request)
        while b"event: snapshot" not in link.recv(65536):
            pass
        links.append(link)
    for link in links:
        link.setblocking(False)
        with contextlib.suppress(BlockingIOError):
            while link.recv(65536):
                pass
        poll.register(link, select.EPOLLIN)
    pipe.send("ready")
    delays: list[float] = []
    closed = deliveries = 0
    while not pipe.poll():
        for descriptor, _ in poll.poll(0.2):
            got = os.read(descriptor, 65536)
            if not got:
                closed += 1
                poll.unregister(descriptor)
            found = got.count(b'"@')
            deliveries += found
            if found and descriptor % _MEASURED == 0:
                now = time.time_ns()
                delays += [(now - int(part.partition(b"@")[0])) / 1e6 for part in got.split(b'"@')[1:]]
    pipe.send((delays, closed, deliveries))


@contextlib.contextmanager
def server(valkey: Valkey, folder: Path) -> Iterator[tuple[int, psutil.Process]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environment = {**os.environ, "LEITAI_SECRET": make_secret(), "LEITAI_REDIS_URL": valkey.url,
                   "LEITAI_DATA": str(folder)}  # fmt: skip
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(port)], env=environment)
    try:
        wait_until(lambda: _answers(port), seconds=20, what="server")
        yield port, psutil.Process(process.pid)
    finally:
        process.kill()
        process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def run(watchers: int, rate: int, seconds: int, clients: int) -> dict[str, Any]:
    """One measurement, in milliseconds and microseconds."""
    with tempfile.TemporaryDirectory() as name, Valkey(Path(name)) as valkey:
        link = redis.Redis.from_url(valkey.url)
        keys = fill(link)
        with server(valkey, Path(name)) as (port, process):
            pipes, group = [], []
            for _ in range(clients):
                mine, theirs = multiprocessing.Pipe()
                client = multiprocessing.Process(target=watch, args=(port, watchers // clients, theirs))
                client.start()
                pipes.append(mine)
                group.append(client)
            for pipe in pipes:
                pipe.recv()
            memory = process.memory_info().rss
            before, begun = process.cpu_times(), time.monotonic()
            for step in range(rate * seconds):
                link.xadd(keys.feed, {"frame": frame(step)})
                link.publish(CHANGED, "b1 public")
                time.sleep(max(0.0, begun + (step + 1) / rate - time.monotonic()))
            time.sleep(1.5)
            after = process.cpu_times()
            for pipe in pipes:
                pipe.send("end")
            results = [pipe.recv() for pipe in pipes]
            for client in group:
                client.join()
        link.close()
    delays = sorted(delay for found, _, _ in results for delay in found)
    deliveries = sum(count for _, _, count in results)
    spent = after.user + after.system - before.user - before.system
    return {
        "watchers": watchers,
        "changes_per_second": rate,
        "deliveries": deliveries,
        "frames_per_watcher": round(deliveries / watchers, 2),
        "closed": sum(closed for _, closed, _ in results),
        "p50_ms": round(delays[len(delays) // 2], 1),
        "p99_ms": round(delays[len(delays) * 99 // 100], 1),
        "max_ms": round(delays[-1], 1),
        "cpu_us_per_delivery": round(spent * 1e6 / deliveries, 2),
        "cpu_share": round(spent / seconds, 2),
        "rss_mb": round(memory / 1e6),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("watchers", 1000), ("rate", 20), ("seconds", 15), ("clients", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    chosen = parser.parse_args()
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sys.stdout.write(json.dumps(run(chosen.watchers, chosen.rate, chosen.seconds, chosen.clients)) + "\n")


if __name__ == "__main__":
    main()
