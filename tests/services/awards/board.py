"""A small contest in the log, its live board in Redis, and the service over HTTP."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

import msgspec
from redis.asyncio import Redis
from starlette.testclient import TestClient

from schemas.envelope import decode
from schemas.events.registrations import BoardOpened, EntryRegistered
from schemas.events.scores import ResultsPublished, SchemePublished, SheetSubmitted
from schemas.live import BoardKeys, LiveRow
from schemas.objects import SchemeVersion
from schemas.registry import Fact, decode_fact
from schemas.topics import Topic
from services.kit import access, log
from services.kit.access import Grant, Role
from services.kit.runtime import Runtime
from streams.leaderboard.rebuild import rebuild
from streams.log import LogReader
from tests.streams import boards

BOARD = "b1"
ORGANISER = Grant(Role.ORGANISER, unit="/p/")
AUDITOR = Grant(Role.AUDITOR, unit="/p/")
PRIZES = [
    {
        "id": "medals",
        "rule": "shares",
        "levels": [
            {"id": "first", "label": {"zh": "一等奖", "en": "first prize"}, "share": "0.25"},
            {"id": "second", "label": {"zh": "二等奖", "en": "second prize"}, "share": "0.30"},
        ],
    }
]
MARKS = {"e1": ("90", "90"), "e2": ("80", "95"), "e3": ("95", "80"), "e4": ("70", "95"), "e5": ("60", "60.5")}


@dataclass
class Contest:
    """The board `b1` of five, with two prizes by shares: 5 × 0.25 = 1.25 → 1 and 5 × 0.30 = 1.5 → 1."""

    runtime: Runtime
    client: TestClient
    redis_url: str
    now: list[datetime]
    tokens: dict[str, str] = field(default_factory=dict)

    def tell(self, *facts: Fact) -> None:
        with self.runtime.database.transaction() as session:
            for fact in facts:
                log.append(session, fact, board=BOARD, source="test", actor="test", time=self.now[0])

    def hold(self, prizes: Sequence[dict[str, Any]] = PRIZES, names: dict[str, str] | None = None) -> None:
        """Open, enter and mark, and let the board follow; nothing is published yet."""
        scheme = boards.scheme()
        data = scheme.data | {"awards": list(prizes)}
        shown = names or {}
        self.tell(
            BoardOpened(board=boards.board(BOARD)),
            SchemePublished(scheme=SchemeVersion(board=BOARD, version=1, data=data)),
            *(
                EntryRegistered(entry=boards.entry(id, name=shown.get(id, f"选手{id}"), number=i))
                for i, id in enumerate(MARKS, 1)
            ),
            *(
                SheetSubmitted(sheet=boards.sheet(id, "ja", theory=theory, skill=skill))
                for id, (theory, skill) in MARKS.items()
            ),
        )
        self.follow()

    def publish(self) -> None:
        self.tell(ResultsPublished(board=BOARD, published_at=self.now[0]))
        self.follow()

    def follow(self) -> None:
        """What the projector does: bring the live board up to the log."""

        async def build() -> None:
            async with Redis.from_url(self.redis_url) as redis:
                for view in ("jury", "public"):
                    await rebuild(redis, BOARD, view, LogReader(self.runtime.database))

        asyncio.run(build())

    def tamper(self, entry: str, **changes: Any) -> None:
        """Write another row into the live board."""

        async def write() -> None:
            async with Redis.from_url(self.redis_url) as redis:
                keys, row = await live_row(redis, entry)
                changed = msgspec.structs.replace(row, **changes)
                await cast("Any", redis.hset(keys.of("rows"), entry, msgspec.json.encode(changed)))
                if changed.order != row.order:
                    await redis.zrem(keys.of("index"), f"{row.order}\t{entry}")
                    await redis.zadd(keys.of("index"), {f"{changed.order}\t{entry}": 0})

        asyncio.run(write())

    def row(self, entry: str) -> LiveRow:
        async def read() -> LiveRow:
            async with Redis.from_url(self.redis_url) as redis:
                return (await live_row(redis, entry))[1]

        return asyncio.run(read())

    def drop(self) -> None:
        async def flush() -> None:
            async with Redis.from_url(self.redis_url) as redis:
                await redis.flushdb()

        asyncio.run(flush())

    def as_(self, name: str, *grants: Grant) -> dict[str, str]:
        if name not in self.tokens:
            with self.runtime.database.transaction() as session:
                self.tokens[name] = access.open_session(
                    session, account=name, name=name, grants=grants, now=self.now[0], hours=10_000
                )
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    @property
    def organiser(self) -> dict[str, str]:
        return self.as_("工会", ORGANISER)

    def get(self, path: str, status: int = 200, headers: dict[str, str] | None = None) -> Any:
        answer = self.client.get(f"/api/awards{path}", headers=self.organiser if headers is None else headers)
        assert answer.status_code == status, answer.text
        return answer.json()

    def file(self, path: str) -> bytes:
        answer = self.client.get(f"/api/awards{path}", headers=self.organiser)
        assert answer.status_code == 200, answer.text
        return answer.content

    def post(
        self, path: str, body: dict[str, Any], status: int = 200, headers: dict[str, str] | None = None
    ) -> Any:
        answer = self.client.post(
            f"/api/awards{path}", json=body, headers=self.organiser if headers is None else headers
        )
        assert answer.status_code == status, answer.text
        return answer.json()

    def wait(self, **time: float) -> None:
        self.now[0] += timedelta(**time)

    def told(self) -> list[Fact]:
        with self.runtime.database.reading() as session:
            events = log.read_board(session, BOARD, Topic.AWARDS)
        return [decode_fact(decode(event.body)) for event in events]

    def bodies(self) -> bytes:
        with self.runtime.database.reading() as session:
            return b"\n".join(event.body for event in log.read_board(session, BOARD, Topic.AWARDS))


async def live_row(redis: Any, entry: str) -> tuple[BoardKeys, LiveRow]:
    keys = BoardKeys(BOARD, "jury", int(await redis.hget(BoardKeys.live(BOARD), "jury")))
    return keys, msgspec.json.decode(await redis.hget(keys.of("rows"), entry), type=LiveRow)
