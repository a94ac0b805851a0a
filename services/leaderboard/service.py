"""What the endpoints ask: each answer from what is kept, or built by one read of Redis."""

from schemas.live import EVERY_BOARD, BoardHead, View
from schemas.live_state import BoardState, EntryState
from services.kit.natural import natural
from services.leaderboard import explaining
from services.leaderboard.domain import Listing, Selection, search_text
from services.leaderboard.hub import Hub
from services.leaderboard.kept import Answer, Kept
from services.leaderboard.problems import EntryNotFound
from services.leaderboard.repository import Boards
from services.leaderboard.resources import Above, BoardLine, BoardList, Explanation


class Leaderboard:
    """The read side of live boards."""

    def __init__(self, boards: Boards, kept: Kept, hub: Hub) -> None:
        self.boards, self.kept, self.hub = boards, kept, hub

    async def listed(self, which: Listing) -> Answer:
        """Part of the lines of all boards, and never older than these are."""
        lines = await self.kept.get(EVERY_BOARD, "public", "lines", self._lines)

        async def build() -> BoardList:
            found = [line for line in lines.value if which.has(line.board)]
            boards = tuple(found[which.offset : which.offset + which.limit])
            return BoardList(total=len(found), offset=which.offset, limit=which.limit, boards=boards)

        listed = await self.kept.get(EVERY_BOARD, "public", which, build, newer_than=lines.begun)
        if lines.stale_since is not None and not listed.stale:
            return listed.since(lines.stale_since)
        return listed

    async def _lines(self) -> list[BoardLine]:
        lines = await self.boards.lines()
        return sorted(lines, key=lambda line: (line.board.campaign, natural(line.board.code), line.board.id))

    async def head(self, board: str, view: View) -> BoardHead:
        answer = await self.page(board, view, Selection(limit=0))
        head: BoardHead = answer.value.head
        return head

    async def page(self, board: str, view: View, which: Selection) -> Answer:
        return await self.hub.page(board, view, which)

    async def entry(self, board: str, view: View, entry: str, around: int) -> Answer:
        return await self.kept.get(
            board, view, ("entry", entry, around), lambda: self.boards.entry(board, view, entry, around)
        )

    async def search(self, board: str, view: View, q: str, limit: int) -> Answer:
        text = search_text(q)
        return await self.kept.get(
            board, view, ("search", text, limit), lambda: self.boards.search(board, view, text, limit)
        )

    async def explanation(
        self, board: str, view: View, entry: str, path: str | None, attempt: int | None
    ) -> Answer:
        async def build() -> Explanation:
            state, states = await self._states(board, view, entry)
            if entry not in states or not states[entry].known:
                raise EntryNotFound(entry=entry)
            return explaining.explain(view, state, entry, states, path=path, attempt=attempt)

        return await self.kept.get(board, view, ("explanation", entry, path, attempt), build)

    async def above(self, board: str, view: View, entry: str) -> Answer:
        async def build() -> Above:
            near = await self.boards.entry(board, view, entry, 1)
            if near.index == 0:
                return Above(board=board, view=view, cursor=near.cursor, row=near.row)
            above = near.around[0]
            state, states = await self._states(board, view, entry, above.entry)
            said = explaining.why(state, near.row, above, states)
            return Above(board=board, view=view, cursor=near.cursor, row=near.row, above=above, why=said)

        return await self.kept.get(board, view, ("above", entry), build)

    async def _states(
        self, board: str, view: View, *entries: str
    ) -> tuple[BoardState, dict[str, EntryState]]:
        """The states of these entries, and of all others where the rules look at the whole field."""
        state, states = await self.boards.states(board, view, entries)
        if explaining.rules_of(state).field_wide:
            state, states = await self.boards.states(board, view, None)
        return state, states
