"""Reveals in Redis: `lt:{board}:reveal` has the `script`, which never changes, and `at`."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, cast

from redis.asyncio import Redis

from rules.text import Text
from services.kit.clock import Clock
from services.leaderboard.bell import Bell, reaching
from services.leaderboard.domain import Selection
from services.leaderboard.repository import Boards
from services.leaderboard.reveal import domain
from services.leaderboard.reveal.problems import NobodyPlaced, NoReveal, NoSuchStep, NotFrozen, RevealMoved
from services.leaderboard.reveal.resources import Move, Plan, Reveal, Script, ScriptAt

KEPT_FOR = timedelta(days=2)

_MOVE = """
local at = redis.call('HGET', KEYS[1], 'at')
if at ~= ARGV[1] then return at or false end
redis.call('HSET', KEYS[1], 'at', ARGV[2])
return 'moved'
"""


class Reveals:
    """The reveals that go on. The jury's rows are read once, at the start; later marks change nothing."""

    def __init__(self, redis: Redis, boards: Boards, bell: Bell, clock: Clock) -> None:
        self._redis, self._boards, self.bell, self._clock = redis, boards, bell, clock
        self._move = redis.register_script(_MOVE)

    async def start(self, board: str, plan: Plan) -> ScriptAt:
        """Begin at the first step, or begin again."""
        with reaching():
            page = await self._boards.page(board, "jury", Selection(limit=plan.top))
        head = page.head
        if head.frozen_at is None or head.thawed_at is not None:
            raise NotFrozen(way_out=Text("先封榜，再开始揭榜", "Freeze the board first"))
        steps = domain.steps_of(page.rows, plan)
        if not steps:
            raise NobodyPlaced(way_out=Text("等到有成绩时再开始", "Wait until there are marks"))
        script = Script(
            board=board,
            title_zh=head.board.title.zh,
            title_en=head.board.title.en,
            digits=head.digits,
            started_at=self._clock(),
            incomplete=sum(not row.complete for row in page.rows if row.place is not None),
            steps=steps,
        )
        with reaching():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(_key(board), mapping={"script": script.model_dump_json(), "at": "0"})
                pipeline.expire(_key(board), KEPT_FOR)
                await pipeline.execute()
            await self.bell.ring(bell_of(board))
        return ScriptAt(**script.model_dump(), at=0)

    async def script(self, board: str) -> ScriptAt:
        with reaching():
            found = await cast("Awaitable[list[Any]]", self._redis.hmget(_key(board), ["script", "at"]))
        body, at = found
        if body is None:
            raise NoReveal(board=board)
        return ScriptAt(**Script.model_validate_json(body).model_dump(), at=int(at))

    async def seen(self, board: str) -> Reveal:
        return domain.seen_of(await self.script(board))

    async def move(self, board: str, move: Move) -> ScriptAt:
        script = await self.script(board)
        if move.to > len(script.steps):
            raise NoSuchStep(last=len(script.steps))
        with reaching():
            done = await self._move(keys=[_key(board)], args=[move.seen, move.to])
            if done is None:
                raise NoReveal(board=board)
            if done != b"moved":
                raise RevealMoved(
                    way_out=Text("看清当前进度再继续", "Look where it stands, then go on"), at=int(done)
                )
            await self.bell.ring(bell_of(board))
        return script.model_copy(update={"at": move.to})

    async def end(self, board: str) -> None:
        with reaching():
            await self._redis.delete(_key(board))
            await self.bell.ring(bell_of(board))


def bell_of(board: str) -> str:
    return f"reveal {board}"


def _key(board: str) -> str:
    return f"lt:{{{board}}}:reveal"
