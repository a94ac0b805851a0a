"""The stage that tells contributions: which campaigns feed on which boards, and who the earners are.

`lt:feeds` maps a campaign board to the names of its sources; `lt:feeds:<name>` maps campaign board → Board.
Both are made again by telling the boards' facts again, and by a rebuild.
"""

from collections.abc import Awaitable, Callable, Sequence

import msgspec
from redis.asyncio import Redis

from schemas.envelope import canonical
from schemas.live import BOARDS as BOARDS_HASH
from schemas.live import BoardKeys, BoardSummary
from schemas.live_state import BoardState, EntryState
from schemas.objects import Board, UnitRef
from schemas.registry import Fact
from schemas.topics import Topic
from streams.contributions import derive
from streams.contributions.derive import Earner, Results
from streams.events import Event
from streams.leaderboard.fold import BOARDS, ENTRIES, PROPOSALS
from streams.leaderboard.projector import Fetch

Tell = Callable[[Event], Awaitable[None]]
"""Hand a `ContributionEarned` on; it returns once the contribution cannot be lost any more."""

FEEDS = "lt:feeds"
_PER_READ = 1000
_board = msgspec.json.Decoder(Board)
_summary = msgspec.json.Decoder(BoardSummary)
_names = msgspec.json.Decoder(list[str])
_entry = msgspec.json.Decoder(EntryState)
_state = msgspec.json.Decoder(BoardState)


class Contributions:
    """Give it a board's events after its jury view has folded them."""

    def __init__(self, redis: Redis, fetch: Fetch, tell: Tell) -> None:
        self._redis, self._fetch, self._tell = redis, fetch, tell

    @staticmethod
    def follows(fact: Fact) -> bool:
        """Whether the fact may earn something, or is about who takes what is earned."""
        return isinstance(fact, BOARDS) or derive.is_cause(fact)

    async def take(self, board: str, events: Sequence[Event]) -> None:
        """Tell what the events earn. A repeat tells the same again; receivers go by id and `telling`."""
        for event in events:
            if isinstance(event.fact, BOARDS):
                await index_feeds(self._redis, event.fact.board)
                await self._earned_before(event.fact.board)
            elif derive.is_cause(event.fact):
                await self._derive(board, event)

    async def _earned_before(self, campaign: Board) -> None:
        """A campaign that opens late, or takes a new feed, gets what its sources have earned already."""
        names = derive.sources_of(campaign)
        for body in await self._redis.hvals(BOARDS_HASH) if names else ():
            summary = _summary.decode(body)
            if names.isdisjoint(derive.names_of(summary.board)):
                continue
            for topic in (Topic.SCORES, Topic.SUGGESTIONS) if summary.published else (Topic.SUGGESTIONS,):
                await self._derive_again(summary.board.id, topic)

    async def _derive_again(self, board: str, topic: Topic) -> None:
        after = 0
        while chunk := await self._fetch(board, topic, after):
            for event in chunk:
                if derive.is_cause(event.fact):
                    await self._derive(board, event)
            after = chunk[-1].sequence

    async def _derive(self, board: str, event: Event) -> None:
        source = await self._source(board)
        campaigns = [] if source is None else await self._campaigns(source)
        if source is None or not campaigns:
            return
        if derive.is_of_results(event.fact):
            before = await self._results_before(board, event)
            ids = derive.results_of(event.fact).earners | before.earners
            earners = await self._earners(board, sorted(ids))
            told = derive.from_results(campaigns, source, event, earners, before)
        else:
            told = derive.from_proposal(campaigns, source, event)
        for contribution in told:
            await self._tell(derive.told(contribution, event.envelope))

    async def _source(self, board: str) -> Board | None:
        body = await self._redis.hget((await self._keys(board)).of("meta"), "state")
        known = _state.decode(body).board if body else None
        if known is not None:
            return known
        for event in await self._fetch(board, Topic.REGISTRATIONS, 0):
            if isinstance(event.fact, BOARDS):
                known = event.fact.board
        return known

    async def _campaigns(self, source: Board) -> list[Board]:
        found: dict[str, Board] = {}
        for name in derive.names_of(source):
            for body in await self._redis.hvals(f"{FEEDS}:{name}"):
                campaign = _board.decode(body)
                found[campaign.id] = campaign
        return [found[id] for id in sorted(found)]

    async def _results_before(self, board: str, event: Event) -> Results:
        """The results that the fact replaces, from the log: what they earned may have to be taken back."""
        found, after = derive.NO_RESULTS, 0
        while chunk := [
            each for each in await self._fetch(board, Topic.SCORES, after) if each.sequence < event.sequence
        ]:
            for each in chunk:
                # A withdrawal took its points back by itself: nothing is in force behind it.
                found = derive.results_of(each.fact) if derive.is_of_results(each.fact) else found
            after = chunk[-1].sequence
        return found

    async def _earners(self, board: str, ids: Sequence[str]) -> dict[str, Earner]:
        keys = await self._keys(board)
        found: dict[str, Earner] = {}
        for i in range(0, len(ids), _PER_READ):
            some = list(ids[i : i + _PER_READ])
            for id, body in zip(some, await self._redis.hmget(keys.of("entries"), some), strict=True):
                earner = _earner(_entry.decode(body)) if body else None
                if earner is not None:
                    found[id] = earner
        if len(found) < len(ids):
            found |= await self._earners_in_log(board, set(ids) - found.keys())
        return found

    async def _earners_in_log(self, board: str, missing: set[str]) -> dict[str, Earner]:
        """Registrations may come later than scores here; the log has them."""
        found: dict[str, Earner] = {}
        for topic in (Topic.REGISTRATIONS, Topic.SUGGESTIONS):
            after = 0
            while chunk := await self._fetch(board, topic, after):
                found |= {
                    each.fact.subject: earner
                    for each in chunk
                    if isinstance(each.fact, (*ENTRIES, *PROPOSALS))
                    and each.fact.subject in missing
                    and (earner := _earner(_state_of(each)))
                }
                after = chunk[-1].sequence
        nobody = UnitRef(id="", name="")
        return {id: found.get(id) or Earner(id, id, nobody) for id in missing}

    async def _keys(self, board: str) -> BoardKeys:
        generation = await self._redis.hget(BoardKeys.live(board), "jury")
        return BoardKeys(board, "jury", int(generation or 0))


async def index_feeds(redis: Redis, campaign: Board) -> None:
    """Note on which boards a campaign board feeds, in place of what was noted before."""
    stored = await redis.hget(FEEDS, campaign.id)
    before = set(_names.decode(stored)) if stored else set()
    now = derive.sources_of(campaign)
    if not now and not before:
        return
    async with redis.pipeline(transaction=True) as pipe:
        for name in before - now:
            pipe.hdel(f"{FEEDS}:{name}", campaign.id)
        for name in now:
            pipe.hset(f"{FEEDS}:{name}", campaign.id, canonical(campaign))
        pipe.hset(FEEDS, campaign.id, canonical(sorted(now)))
        await pipe.execute()


def _state_of(event: Event) -> EntryState:
    fact = event.fact
    if isinstance(fact, ENTRIES):
        return EntryState(fact.subject, entry=fact.entry)
    assert isinstance(fact, PROPOSALS)
    return EntryState(fact.subject, proposal=fact.proposal)


def _earner(state: EntryState) -> Earner | None:
    if state.entry is not None:
        return Earner(state.id, state.entry.name, state.entry.unit)
    if state.proposal is not None:
        return Earner(state.id, state.proposal.title, state.proposal.unit)
    return None
