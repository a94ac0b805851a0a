"""Screens in Redis: `lt:screens` is code → Screen, `lt:screens:seen` code → Seen."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from rules.text import Text
from services.kit.clock import Clock
from services.kit.problems import Problem
from services.leaderboard.bell import Bell, reaching
from services.leaderboard.screens.resources import Heartbeat, Screen, ScreenLine, ScreenList, Seen, Told

SCREENS, SEEN = "lt:screens", "lt:screens:seen"
MOST_SCREENS = 500
FORGOTTEN_AFTER = timedelta(days=1)


class TooManyScreens(Problem):
    slug = "too-many-screens"
    title = Text(f"大屏最多 {MOST_SCREENS} 块", f"At most {MOST_SCREENS} screens")


class Screens:
    """The screens of all halls. Nobody needs to set one up: an unknown one shows every public board."""

    def __init__(self, redis: Redis, bell: Bell, clock: Clock) -> None:
        self._redis, self.bell, self._clock = redis, bell, clock

    async def find(self, code: str) -> Screen:
        with reaching():
            return _screen(code, await self._hget(SCREENS, code))

    async def told(self, code: str) -> Told:
        """What the screen's feed says first."""
        screen = await self.find(code)
        with reaching():
            seen = await self._hget(SEEN, code)
        return Told(screen=screen, resume=Seen.model_validate_json(seen).slide if seen else 0)

    async def change(self, code: str, change: Callable[[Screen], Screen]) -> Screen:
        """Put `change` of the screen into force and tell the screen."""

        async def step(pipeline: Pipeline) -> Screen:
            body = await cast("Awaitable[bytes | None]", pipeline.hget(SCREENS, code))
            if body is None and await pipeline.hlen(SCREENS) >= MOST_SCREENS:
                raise TooManyScreens(way_out=Text("先删去不用的大屏", "Remove screens that are not used"))
            changed = change(_screen(code, body))
            pipeline.multi()  # type: ignore[no-untyped-call]  # untyped in redis-py
            pipeline.hset(SCREENS, code, changed.model_dump_json())
            return changed

        with reaching():
            changed: Screen = await self._redis.transaction(step, SCREENS, value_from_callable=True)
            await self.bell.ring(bell_of(code))
        return changed

    async def forget(self, code: str) -> None:
        with reaching():
            await self._redis.hdel(SCREENS, code)
            await self._redis.hdel(SEEN, code)
            await self.bell.ring(bell_of(code))

    async def heard(self, code: str, heartbeat: Heartbeat) -> Screen:
        """Remember a heartbeat; the answer is the screen as it should be."""
        seen = Seen(at=self._clock(), **heartbeat.model_dump())
        with reaching():
            count = await self._redis.hlen(SEEN)
            known = await self._redis.hexists(SEEN, code)
            if count < MOST_SCREENS or known:
                await self._redis.hset(SEEN, code, seen.model_dump_json())
            else:
                await self._forget_silent()
        return await self.find(code)

    async def listed(self) -> ScreenList:
        with reaching():
            screens = await cast("Awaitable[dict[bytes, bytes]]", self._redis.hgetall(SCREENS))
            seen = await self._seen()
        recent = {code for code, each in seen.items() if self._is_recent(each)}
        known = {code.decode(): body for code, body in screens.items()}
        return ScreenList(
            screens=tuple(
                ScreenLine(screen=_screen(code, known.get(code)), known=code in known, seen=seen.get(code))
                for code in sorted(known.keys() | recent)
            )
        )

    async def _seen(self) -> dict[str, Seen]:
        found = await cast("Awaitable[dict[bytes, bytes]]", self._redis.hgetall(SEEN))
        return {code.decode(): Seen.model_validate_json(body) for code, body in found.items()}

    async def _forget_silent(self) -> None:
        silent = [code for code, seen in (await self._seen()).items() if not self._is_recent(seen)]
        if silent:
            await self._redis.hdel(SEEN, *silent)

    def _is_recent(self, seen: Seen) -> bool:
        return self._clock() - seen.at < FORGOTTEN_AFTER

    async def _hget(self, key: str, code: str) -> bytes | None:
        return cast("bytes | None", await self._redis.hget(key, code))


def bell_of(code: str) -> str:
    return f"screen {code}"


def _screen(code: str, body: bytes | None) -> Screen:
    return Screen.model_validate_json(body) if body else Screen(code=code)
