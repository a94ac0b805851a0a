"""What a host does with a board's events: views first, then what follows from them."""

from collections.abc import Sequence

import structlog
from redis.asyncio import Redis

from streams.contributions.stage import Contributions, Tell
from streams.events import Event
from streams.leaderboard.projector import Fetch
from streams.leaderboard.views import TRANSIENT, Bury, Leaderboards
from streams.standings import Standings

_log = structlog.get_logger(__name__)


class Pipeline:
    """Both hosts drive this. One call of `take` per board at a time; any number of boards at once."""

    def __init__(
        self, redis: Redis, fetch: Fetch, bury: Bury, *, tell: Tell | None = None, publish: Tell | None = None
    ) -> None:
        """`tell` takes contributions, `publish` standings; without it there are none."""
        self._boards = Leaderboards(redis, fetch, bury)
        self._followers: list[Contributions | Standings] = []
        if tell is not None:
            self._followers.append(Contributions(redis, fetch, tell))
        if publish is not None:
            self._followers.append(Standings(redis, publish))
        self._bury = bury

    async def take(self, board: str, events: Sequence[Event]) -> None:
        """Everything that the events ask for is done when this returns. Raises only TRANSIENT errors."""
        await self._boards.take(board, events)
        for follower in self._followers:
            for event in events:
                if follower.follows(event.fact):
                    await self._follow(follower, board, event)

    async def retake(self, board: str, events: Sequence[Event]) -> None:
        """As `take`, with nothing believed that is remembered of the board: Redis may have lost it."""
        self._boards.forget(board)
        await self.take(board, events)

    async def _follow(self, follower: Contributions | Standings, board: str, event: Event) -> None:
        try:
            await follower.take(board, [event])
        except TRANSIENT:
            raise
        except Exception as error:
            _log.exception("what follows from an event failed", board=board, event_id=event.envelope.id)
            await self._bury(event, f"{type(error).__name__}: {error}")

    def forget(self) -> None:
        """Read everything from Redis again: it was away, or others may have written."""
        self._boards.forget()
