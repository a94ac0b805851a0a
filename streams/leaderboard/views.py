"""All views of the boards of one process: what both hosts drive."""

from collections.abc import Awaitable, Callable, Sequence, Set
from contextlib import suppress

import msgspec
import structlog
from prometheus_client import Counter, Histogram
from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from schemas.live import VIEWS, View
from streams.events import Event, Unreadable
from streams.leaderboard import scripts
from streams.leaderboard.fold import touched
from streams.leaderboard.projector import Fetch, Overtaken, Projector, Proposal
from streams.leaderboard.rebuild import RebuildOvertaken, rebuild
from streams.leaderboard.step import Step

Bury = Callable[[Event, str], Awaitable[None]]
"""Put an event that cannot be used where people look for it, with the reason."""

TRANSIENT = (RedisError, SQLAlchemyError, OSError, Overtaken)
"""What may be over at the next try: nothing was written, and the same events are given again."""

_folded = Counter("leitai_events_folded_total", "Events folded into boards", ["view"])
_set_aside = Counter("leitai_boards_set_aside_total", "Boards that an event set aside", ["view"])
_seconds = Histogram(
    "leitai_projection_seconds",
    "Seconds from a batch to its write, all views",
    buckets=(0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10),
)
_log = structlog.get_logger(__name__)


class Leaderboards:
    """Both views of every board. One call of `take` per board at a time."""

    def __init__(self, redis: Redis, fetch: Fetch, bury: Bury) -> None:
        self._redis, self._fetch, self._bury = redis, fetch, bury
        self._views = {view: self._projector(view) for view in VIEWS}
        self._commit = redis.register_script(scripts.COMMIT).sha

    async def take(self, board: str, events: Sequence[Event]) -> dict[View, Step]:
        """Bring all views up to `events`. An event that cannot be folded sets the board aside and is buried.

        Raises only what may be over at the next try (TRANSIENT).
        """
        found: dict[View, Step] = {}
        with _seconds.time():
            at_once = await self._take_at_once(board, events)
            for view, projector in self._views.items():
                step = at_once.get(view) or await self._project(projector, board, events)
                if step is not None:
                    found[view] = step
                    _folded.labels(view).inc(len(events))
        return found

    def forget(self, board: str | None = None) -> None:
        """Trust nothing that is remembered of a board (of all): other workers may have written since."""
        for projector in self._views.values():
            projector.forget(board)

    async def _take_at_once(self, board: str, events: Sequence[Event]) -> dict[View, Step]:
        """The steps of those views for which one message to Redis is enough, as it nearly always is."""
        proposed: dict[View, Proposal] = {}
        await self._read_together(board, touched(events))
        for view, projector in self._views.items():
            try:
                proposal = await projector.propose(board, events, proposed.get("jury"))
            except TRANSIENT:
                raise
            except Exception:
                return {}  # told event by event, it shows itself again
            if proposal is not None:
                proposed[view] = proposal
        async with self._redis.pipeline(transaction=False) as pipeline:
            for proposal in proposed.values():
                pipeline.evalsha(self._commit, len(proposal.keys), *proposal.keys, *proposal.words)
            answers = await pipeline.execute(raise_on_error=False)
        return {
            view: await self._views[view].go_on(proposal)
            for (view, proposal), answer in zip(proposed.items(), answers, strict=True)
            if answer == 1
        }

    async def _read_together(self, board: str, entries: Set[str]) -> None:
        """What several views lack, in one message. A view whose answer is none asks again by itself."""
        asked = [each.question(board, entries) for each in self._views.values()]
        questions = [question for question in asked if question is not None]
        if len(questions) < 2:
            return
        async with self._redis.pipeline(transaction=False) as pipeline:
            for question in questions:
                pipeline.evalsha(question.sha, 1, *question.words)
            answers = await pipeline.execute(raise_on_error=False)
        for question, answer in zip(questions, answers, strict=True):
            if isinstance(answer, list):
                with suppress(msgspec.MsgspecError):  # read again by its view, it sets the board aside
                    question.take(answer)

    async def _project(self, projector: Projector, board: str, events: Sequence[Event]) -> Step | None:
        try:
            return await projector.project(board, events)
        except TRANSIENT:
            raise
        except Exception:
            projector.forget(board)
        step = None
        for event in events:
            try:
                step = await projector.project(board, [event]) or step
            except TRANSIENT:
                raise
            except Exception as error:
                await self._set_aside(projector, board, event, error)
                break
        return step

    async def _set_aside(self, projector: Projector, board: str, event: Event, error: Exception) -> None:
        reason = (
            event.fact.error if isinstance(event.fact, Unreadable) else f"{type(error).__name__}: {error}"
        )
        _set_aside.labels(projector.view).inc()
        _log.error(
            "board set aside", board=board, view=projector.view, event_id=event.envelope.id, reason=reason
        )
        await projector.set_aside(board, event, reason)
        if projector.view == "jury":
            await self._bury(event, reason)

    def _projector(self, view: View) -> Projector:
        async def from_log(board: str) -> None:
            with suppress(RebuildOvertaken):  # another worker's board is in force, as good as ours
                await rebuild(self._redis, board, view, self._fetch)

        return Projector(self._redis, view, self._fetch, from_log)
