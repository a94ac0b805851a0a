"""What a fault test stands on, and what must hold after every fault."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from schemas.envelope import decode
from schemas.events.scores import SheetSubmitted
from schemas.live import VIEWS, BoardKeys, View
from schemas.registry import decode_fact
from services.awards.compare import differences
from services.awards.live import read_live
from services.awards.recount import recount
from services.cli.bench.contest import Contest, enter, fresh, sign_in
from services.cli.package.verify import verify_lines
from services.kit import log
from services.kit.access import Grant, Role, open_session
from services.kit.clock import utc_now
from services.kit.database import Database
from tests.faults.judges import PATH, Judges
from tests.faults.watcher import Watcher
from tests.parts import wait_until

ENTRIES, JUDGES = 12, 4
_SETTLED_SECONDS = 120.0
SOAK_ROUNDS = int(os.environ.get("LEITAI_SOAK_ROUNDS", "20"))


def rounds(usual: int) -> pytest.MarkDecorator:
    """How often a fault strikes: so often in every run, and for as long as one likes by `make soak`."""
    soak = pytest.param(SOAK_ROUNDS, marks=[pytest.mark.soak, pytest.mark.timeout(0)], id="soak")
    return pytest.mark.parametrize("rounds", [pytest.param(usual, id=f"{usual} rounds"), soak])


@dataclass
class Scene:
    """A running platform of either kind: where it is spoken to, and its ledger and boards as they lie."""

    url: str
    database: Database
    redis_url: str

    @contextmanager
    def play(self, *, path: str = PATH, through: str = "") -> "Iterator[Play]":
        """A new contest with judges who will mark it and somebody who watches it."""
        contest = Contest(fresh("faults"), ENTRIES, JUDGES)
        enter(self.database, contest)
        judges = Judges(through or self.url, contest, sign_in(self.database, contest), path)
        self.wait_for_board(contest.id)
        with Watcher(self.url, contest.id) as watcher:
            yield Play(self, contest, judges, watcher)

    def wait_for_board(self, board: str) -> None:
        wait_until(
            lambda: self._live(board) == self._logged(board),
            seconds=_SETTLED_SECONDS,
            what=f"{board} is at the end of the log",
        )

    def auditor(self, board: str) -> dict[str, str]:
        grant = Grant(Role.AUDITOR, board=board)
        with self.database.transaction() as session:
            token = open_session(
                session, account="auditor", name="审计", grants=[grant], now=utc_now(), hours=1
            )
        return {"Authorization": f"Bearer {token}"}

    def redis(self, work: "Callable[[Redis], Any]") -> Any:
        """What `work`, a coroutine function, finds in Redis."""

        async def ask() -> Any:
            async with Redis.from_url(self.redis_url) as client:
                return await work(client)

        return asyncio.run(ask())

    def _logged(self, board: str) -> dict[View, dict[str, int]]:
        with self.database.reading() as session:
            ends = {topic.value: end for topic, end in log.positions(session, board).items()}
        return dict.fromkeys(VIEWS, ends)

    def _live(self, board: str) -> dict[View, dict[str, int]]:
        async def ask(client: Redis) -> dict[View, dict[str, int]]:
            found: dict[View, dict[str, int]] = {}
            for view in VIEWS:
                generation = await client.hget(BoardKeys.live(board), view)
                if generation is not None:
                    meta: Any = await client.hgetall(BoardKeys(board, view, int(generation)).of("meta"))
                    found[view] = _positions(meta)
            return found

        try:
            live: dict[View, dict[str, int]] = self.redis(ask)
        except (OSError, RedisError):
            return {}
        return live


def _positions(meta: Mapping[bytes, bytes]) -> dict[str, int]:
    return {
        name.decode().removeprefix("position:"): int(value)
        for name, value in meta.items()
        if name.startswith(b"position:")
    }


@dataclass
class Play:
    """One contest under load. `check` after every fault, with the judges stopped."""

    scene: Scene
    contest: Contest
    judges: Judges
    watcher: Watcher
    checked: int = field(default=0)

    def check(self) -> None:
        """Every acknowledged sheet once, standings as recounted, the chain whole, the feed without a gap."""
        self.scene.wait_for_board(self.contest.id)
        self._check_ledger()
        self._check_standings()
        self.watcher.check()
        assert self.watcher.diffs, "the watcher never saw a diff"
        self.checked += 1

    def _check_ledger(self) -> None:
        answer = httpx.get(
            f"{self.scene.url}/api/scoring/boards/{self.contest.id}/ledger.ndjson",
            headers=self.scene.auditor(self.contest.id),
            timeout=60,
            trust_env=False,
        )
        assert answer.status_code == 200, answer.text
        verdict = verify_lines(self.contest.id, answer.content)
        assert verdict.holds, verdict.broken
        sheets = [
            fact.sheet
            for line in answer.content.splitlines()
            if isinstance(fact := decode_fact(decode(line)), SheetSubmitted)
        ]
        twice = [id for id, times in Counter(sheet.id for sheet in sheets).items() if times > 1]
        stored = {sheet.id: sheet for sheet in sheets}
        assert not twice
        assert stored.keys() <= self.judges.sent
        for id, told in self.judges.acknowledged.items():
            sheet = stored[id]
            marks = {aspect: str(mark) for aspect, mark in sheet.marks.items()}
            assert (told["version"], told["marks"]) == (sheet.version, marks)

    def _check_standings(self) -> None:
        with self.scene.database.reading() as session:
            counted = recount(session, self.contest.id)
        live = self.scene.redis(lambda client: read_live(client, self.contest.id))
        assert live is not None
        assert not live.aside
        assert list(differences(counted, live)) == []
        marked = sum(row.total is not None for row in live.rows.values())
        assert marked == len({sheet["entry"] for sheet in self.judges.acknowledged.values()})
