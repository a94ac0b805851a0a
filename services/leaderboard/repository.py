"""Reads boards from Redis. A page, an entry, a search is a fixed number of round trips, whatever its size."""

from collections.abc import Awaitable, Iterable, Iterator, Sequence
from typing import Any, cast

import msgspec
from redis.asyncio import BlockingConnectionPool, Redis

from rules.keys import encode_decimal
from schemas.live import BOARDS, BoardHead, BoardKeys, BoardSummary, Frame, LiveRow, View
from schemas.live_state import BoardState, EntryState
from services.leaderboard import scripts
from services.leaderboard.domain import START, FeedFrame, Selection, line_of
from services.leaderboard.problems import BoardNotFound, BoardUnknown, EntryNotFound
from services.leaderboard.resources import (
    BoardLine,
    BoardPage,
    EntryPage,
    Found,
    PlacedRow,
    StagePlace,
)

CONNECTIONS = 16
SECONDS = 2.0
_SEARCHED_MEMBERS = 400
_NEVER_TRIMMED = 256
"""A feed of at most so many frames still begins with its first one."""

_head = msgspec.json.Decoder(BoardHead)
_row = msgspec.json.Decoder(PlacedRow)
_summary = msgspec.json.Decoder(BoardSummary)
_state = msgspec.json.Decoder(BoardState)
_entry = msgspec.json.Decoder(EntryState)
_frame = msgspec.json.Decoder(Frame)


def connect(url: str) -> Redis:
    """A client that waits at most `SECONDS` for an answer or a free connection."""
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=CONNECTIONS,
        timeout=SECONDS,
        socket_timeout=SECONDS,
        socket_connect_timeout=SECONDS,
        health_check_interval=0,
    )
    return Redis.from_pool(pool)


class Boards:
    """The boards as the projector left them."""

    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self._page = redis.register_script(scripts.PAGE)
        self._entry = redis.register_script(scripts.ENTRY)
        self._stages = redis.register_script(scripts.STAGES)
        self._search = redis.register_script(scripts.SEARCH)
        self._state = redis.register_script(scripts.STATE)

    async def page(self, board: str, view: View, which: Selection) -> BoardPage:
        head, cursor, total, rows, stages = await self._run(
            self._page, board, view, which.part, which.offset, which.limit
        )
        placed = list(_placed(rows))
        if which.stage is not None:
            placed = [
                msgspec.structs.replace(row, stage_place=place, stage_tied=equals > 1)
                for row, (place, equals) in zip(placed, _in_pairs(stages), strict=True)
            ]
        return BoardPage(
            board=board,
            view=view,
            cursor=cursor.decode(),
            head=_head.decode(head),
            total=total,
            rows=tuple(placed),
            **which._asdict(),
        )

    async def entry(self, board: str, view: View, entry: str, around: int) -> EntryPage:
        head, cursor, *found = await self._run(self._entry, board, view, entry, around)
        if not found:
            raise EntryNotFound(entry=entry)
        index, own, ahead, near = found
        (row,) = _placed(own)
        better = next(_placed(ahead), None) if row.placed else None
        return EntryPage(
            board=board,
            view=view,
            cursor=cursor.decode(),
            head=_head.decode(head),
            index=index,
            row=row,
            ahead=better,
            distance=better.total - row.total
            if better and better.total is not None and row.total is not None
            else None,
            around=tuple(_placed(near)),
            stages=await self._stage_places(board, view, row),
        )

    async def _stage_places(self, board: str, view: View, row: LiveRow) -> tuple[StagePlace, ...]:
        values = [(path, value) for path, value in row.values.items() if value is not None and row.placed]
        if not values:
            return ()
        asked = (part for path, value in values for part in (path, f"{encode_decimal(value, True)}\t"))
        found = await self._run(self._stages, board, view, *asked)
        return tuple(
            StagePlace(path=path, value=value, place=place, tied=equals > 1)
            for (path, value), (place, equals) in zip(values, _in_pairs(found), strict=True)
        )

    async def search(self, board: str, view: View, text: str, limit: int) -> Found:
        _, cursor, more, rows = await self._run(self._search, board, view, text, _SEARCHED_MEMBERS, limit)
        return Found(
            board=board, view=view, cursor=cursor.decode(), q=text, more=bool(more), rows=tuple(_placed(rows))
        )

    async def head(self, board: str, view: View) -> BoardHead:
        return (await self.page(board, view, Selection(limit=0))).head

    async def states(
        self, board: str, view: View, entries: Sequence[str] | None
    ) -> tuple[BoardState, dict[str, EntryState]]:
        """The fold's state of the board and of these entries, of all where `entries` is None."""
        whole = "1" if entries is None else "0"
        _, _, state, found = await self._run(self._state, board, view, whole, *(entries or ()))
        known = [_entry.decode(body) for body in found if body is not None]
        return _state.decode(state), {each.id: each for each in known}

    async def lines(self) -> list[BoardLine]:
        """Every board that has a public view, as its public head counts it; three round trips."""
        summaries = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(BOARDS))
        boards = [_summary.decode(body).board for body in summaries.values()]
        public = [board.id for board in boards if board.public]
        async with self.redis.pipeline(transaction=False) as pipeline:
            for board in public:
                pipeline.hget(BoardKeys.live(board), "public")
            generations = await pipeline.execute()
            for board, generation in zip(public, generations, strict=True):
                pipeline.hget(BoardKeys(board, "public", int(generation or 0)).of("meta"), "head")
            heads = await pipeline.execute()
        return [line_of(_head.decode(body)) for body in heads if body and body != b"null"]

    async def frames(self, board: str, view: View, after: str, count: int) -> list[FeedFrame] | None:
        """Frames after a cursor, the oldest `count` of them; None where the feed no longer has the cursor."""
        feed = BoardKeys(board, view, 0).feed
        found = cast(
            "list[tuple[bytes, dict[bytes, bytes]]]",
            await self.redis.xrange(feed, "-" if after == START else after, "+", count + 1),
        )
        if after == START:
            return None if len(found) > _NEVER_TRIMMED else [_fed(item) for item in found]
        if not found or found[0][0].decode() != after:
            return None
        return [_fed(item) for item in found[1:]]

    async def _run(self, script: Any, board: str, view: View, *args: object) -> Any:
        keys = BoardKeys(board, view, 0)
        found = await script(
            keys=[BoardKeys.live(board), keys.feed], args=[view, f"lt:{{{board}}}:{view}:", *args]
        )
        if found == 0:
            raise BoardUnknown(board=board)
        if found is None:
            raise BoardNotFound(board=board)
        return found


def _placed(found: Iterable[Any]) -> Iterator[PlacedRow]:
    values = iter(found)
    for body, place, equals in zip(values, values, values, strict=True):
        row = _row.decode(body)
        if row.placed:
            row = msgspec.structs.replace(row, place=place, tied=equals > 1, equals=equals)
        yield row


def _in_pairs(found: Sequence[int]) -> Iterator[tuple[int, int]]:
    return zip(found[::2], found[1::2], strict=True)


def _fed(item: tuple[bytes, dict[bytes, bytes]]) -> FeedFrame:
    id, fields = item
    return FeedFrame(id.decode(), _frame.decode(fields[b"frame"]))
