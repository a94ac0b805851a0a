"""Measures pages of large boards over HTTP: `python -m tests.load.pages --entries 10000`.

Every request is a miss: what is kept in memory is thrown away by a change before it. Prints milliseconds
and the sizes of the first page with one's own place, as it is and compressed.
"""

import argparse
import gzip
import http.client
import json
import random
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import redis
from msgspec.structs import replace

from rules.keys import encode_decimal, encode_whole
from rules.text import Text
from schemas.live import CHANGED, BoardHead, BoardKeys, LiveRow
from schemas.objects import UnitRef
from streams.leaderboard.layout import text, whole_board
from tests.load.watchers import server
from tests.parts import Valkey
from tests.streams.boards import board

REQUESTS = 400
_AT_ONCE = 20_000
_NAMED = 100_000
COLUMNS = (("theory", Text("理论", "Theory")), ("practical", Text("实操", "Practical")))


def rows(numbers: range, named: bool) -> list[LiveRow]:
    chance = random.Random(numbers.start)
    found = [_row(number, Decimal(chance.randint(1, 10_000)) / 100) for number in numbers]
    return found if named else [replace(row, name="", number=0, external_id="") for row in found]


def entry_of(number: int) -> str:
    return f"01a1fb98-5a57-75d7-929e-{number:012d}"


def _row(number: int, total: Decimal) -> LiveRow:
    entry = entry_of(number)
    key = f"1{encode_whole(0)}{encode_decimal(total, descending=True)}"
    unit = f"01a1fb98-5a57-75d7-92{number % 20000:06d}"
    return LiveRow(
        entry=entry,
        name=f"选手{number}",
        unit=UnitRef(id=unit, name="第一机械厂工会", path=f"/01a1fb98-5a57-75d7-929e-c7812ab27844/{unit}/"),
        key=key,
        order=f"{key}0{encode_whole(number + 1)}{entry}",
        number=number + 1,
        external_id=f"GH-{number:07d}",
        total=total,
        values={"theory": total / 2, "practical": total / 2},
        complete=True,
    )


def fill(link: "redis.Redis", entries: int) -> None:
    """A whole board; a very large one without names, whose index would not fit beside the rest."""
    keys = BoardKeys("b1", "public", 1)
    link.hset(BoardKeys.live("b1"), "public", 1)
    head = BoardHead(board=board(), columns=COLUMNS, entries=entries, marked=entries)
    link.hset(keys.of("meta"), "head", text(head))
    for start in range(0, entries, _AT_ONCE):
        numbers = range(start, min(entries, start + _AT_ONCE))
        with link.pipeline(transaction=False) as pipeline:
            for operation in whole_board(keys, rows(numbers, named=entries <= _NAMED)):
                pipeline.execute_command(*operation)  # type: ignore[no-untyped-call]  # redis-py's own
                if len(pipeline) >= 100:
                    pipeline.execute()
            pipeline.execute()


def measure(ask: Callable[[], None]) -> dict[str, float]:
    took = []
    for _ in range(REQUESTS):
        begun = time.perf_counter()
        ask()
        took.append((time.perf_counter() - begun) * 1000)
    took.sort()
    return {"p50": round(took[REQUESTS // 2], 2), "p99": round(took[REQUESTS * 99 // 100], 2)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--entries", type=int, default=10_000)
    entries = parser.parse_args().entries
    with tempfile.TemporaryDirectory() as name, Valkey(Path(name)) as valkey:
        link = redis.Redis.from_url(valkey.url)
        fill(link, entries)
        with server(valkey, Path(name)) as (port, _):
            web = http.client.HTTPConnection("127.0.0.1", port)
            web.connect()
            web.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            chance = random.Random(3)

            def get(path: str) -> bytes:
                web.request("GET", f"/api/leaderboard/boards/b1{path}")
                answer = web.getresponse()
                assert answer.status == 200
                return answer.read()

            def mine() -> str:
                return f"/entries/{entry_of(chance.randrange(entries))}"

            def changed() -> None:
                link.publish(CHANGED, "b1 public")
                time.sleep(0.055)

            def both() -> None:
                get("")
                get(mine())

            def timed_after_change(ask: Callable[[], None]) -> dict[str, float]:
                took = []
                for _ in range(REQUESTS // 4):
                    changed()
                    begun = time.perf_counter()
                    ask()
                    took.append((time.perf_counter() - begun) * 1000)
                took.sort()
                return {"p50": round(took[len(took) // 2], 2), "p99": round(took[len(took) * 99 // 100], 2)}

            get(""), get(mine()), get("/search?q=1")
            page, own = get(""), get(mine())
            figures: dict[str, Any] = {
                "entries": entries,
                "first_page_and_own_place_ms": timed_after_change(both),
                "kept_first_page_ms": measure(lambda: void(get(""))),
                "own_place_ms": measure(lambda: void(get(mine()))),
                "page_in_the_middle_ms": measure(
                    lambda: void(get(f"?offset={chance.randrange(entries)}&limit=50"))
                ),
                "search_ms": measure(lambda: void(get(f"/search?q={chance.randrange(entries)}"))),
                "script_in_redis_us": round(link.info("commandstats")["cmdstat_evalsha"]["usec_per_call"]),
                "bytes": len(page) + len(own),
                "bytes_compressed": len(gzip.compress(page, 5)) + len(gzip.compress(own, 5)),
            }
        link.close()
    sys.stdout.write(json.dumps(figures) + "\n")


def void(_: object) -> None:
    """For calls whose answer does not matter."""


if __name__ == "__main__":
    main()
