"""The routes of boards. Bodies are ready-made bytes, so their schemas come from `openapi`."""

from typing import Annotated

from fastapi import APIRouter, Header, Path, Query, Request
from fastapi.responses import Response
from pydantic import Field

from rules.text import Text
from schemas.live import View
from schemas.objects import BoardKind
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.leaderboard.domain import LONGEST_SEARCH, Listing, Selection, search_text
from services.leaderboard.kept import Answer
from services.leaderboard.problems import BoardNotFound, CellNotFound, EntryNotFound, NothingKept, malformed
from services.leaderboard.viewing import Serving, Viewed
from services.leaderboard.watching import Watching

router = APIRouter(prefix="/api/leaderboard", tags=["leaderboard"])

_AT_MOST = 10_000_000
_BOARD_ID = r"^[^\x00-\x20{}]+$"
Board = Annotated[str, Path(min_length=1, max_length=128, pattern=_BOARD_ID)]
Named = Annotated[
    tuple[Annotated[str, Field(min_length=1, max_length=128, pattern=_BOARD_ID)], ...], Query(max_length=50)
]
Entry = Annotated[str, Path(min_length=1, max_length=128, pattern=r"^[^\x00-\x1f]+$")]
Offset = Annotated[int, Query(ge=0, le=_AT_MOST)]
Limit = Annotated[int, Query(ge=0, le=500)]
Id = Annotated[str | None, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
Cursor = Annotated[str, Query(max_length=64)]
_REFUSED = responses(BoardNotFound, NotSignedIn, Forbidden, NothingKept)
_NO_ENTRY = responses(BoardNotFound, EntryNotFound, NotSignedIn, Forbidden, NothingKept)


@router.get("/boards", responses=responses(NothingKept))
async def list_boards(
    *,
    request: Request,
    serving: Serving,
    campaign: Id = None,
    kind: BoardKind | None = None,
    board: Named = (),
    offset: Offset = 0,
    limit: Limit = 100,
) -> Response:
    """The public boards, by campaign and code; where some are named by `board`, those of them."""
    return _respond(request, await serving.listed(Listing(offset, limit, campaign, kind, board)), "public")


@router.get("/boards/{board}", responses=_REFUSED)
async def read_board(
    *,
    request: Request,
    serving: Serving,
    board: Board,
    view: Viewed,
    offset: Offset = 0,
    limit: Limit = 50,
    unit: Id = None,
    stage: Id = None,
) -> Response:
    """A page of a board: of all, of a unit and below, or by a stage's value."""
    if unit is not None and stage is not None:
        raise malformed(
            "query.stage",
            stage,
            "exclusive",
            Text("unit 与 stage 只能选一个", "unit and stage cannot be combined"),
            Text("去掉其中一个参数", "Leave one of them out"),
        )
    return _respond(request, await serving.page(board, view, Selection(offset, limit, unit, stage)), view)


@router.get("/boards/{board}/search", responses=_REFUSED)
async def search_board(
    *,
    request: Request,
    serving: Serving,
    board: Board,
    view: Viewed,
    q: Annotated[str, Query(min_length=1, max_length=LONGEST_SEARCH)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> Response:
    """Entries whose name, number or external id contains a text."""
    if not search_text(q) or any(char < " " for char in q):
        raise malformed(
            "query.q",
            q,
            "blank",
            Text("没有可查找的文字", "There is nothing to look for"),
            Text("输入姓名、编号或其中一部分", "Type a name, a number or a part of one"),
        )
    return _respond(request, await serving.search(board, view, q, limit), view)


@router.get("/boards/{board}/entries/{entry}", responses=_NO_ENTRY)
async def read_entry(
    *,
    request: Request,
    serving: Serving,
    board: Board,
    entry: Entry,
    view: Viewed,
    around: Annotated[int, Query(ge=0, le=50)] = 3,
) -> Response:
    """One entry: its place, who is around it, the distance to the place above, places by stage."""
    return _respond(request, await serving.entry(board, view, entry, around), view)


@router.get("/boards/{board}/entries/{entry}/explanation", responses=_NO_ENTRY | responses(CellNotFound))
async def explain_entry(
    *,
    request: Request,
    serving: Serving,
    board: Board,
    entry: Entry,
    view: Viewed,
    path: Annotated[str | None, Query(max_length=500)] = None,
    attempt: Annotated[int | None, Query(ge=1, le=1000)] = None,
) -> Response:
    """How the total was made: every cell, or those at one path (and attempt)."""
    return _respond(request, await serving.explanation(board, view, entry, path, attempt), view)


@router.get("/boards/{board}/entries/{entry}/above", responses=_NO_ENTRY)
async def explain_above(
    *, request: Request, serving: Serving, board: Board, entry: Entry, view: Viewed
) -> Response:
    """Why the row above this one is above."""
    return _respond(request, await serving.above(board, view, entry), view)


@router.get("/boards/{board}/feed", responses=_REFUSED, response_class=Response)
async def watch_board(
    *,
    serving: Serving,
    board: Board,
    view: Viewed,
    limit: Limit = 50,
    cursor: Cursor = "",
    last_event_id: Annotated[str, Header(max_length=64)] = "",
) -> Response:
    """The live feed as Server-Sent Events; docs/feed.md is its contract."""
    channel = await serving.hub.channel(board, view)
    return Watching(serving.hub, channel, "sse", cursor=last_event_id or cursor, limit=limit)


@router.get("/boards/{board}/feed.ndjson", responses=_REFUSED, response_class=Response)
async def follow_board(
    *,
    serving: Serving,
    board: Board,
    view: Viewed,
    limit: Limit = 50,
    since: Cursor = "",
    follow: bool = True,
) -> Response:
    """The same feed, one JSON object a line. `follow=false` ends when it is up to date."""
    channel = await serving.hub.channel(board, view)
    return Watching(serving.hub, channel, "ndjson", cursor=since, limit=limit, follow=follow)


def _respond(request: Request, answer: Answer, view: View) -> Response:
    headers = {
        "etag": answer.tag,
        "cache-control": "public, max-age=1" if view == "public" else "private, no-cache",
        "vary": "accept-encoding",
    }
    if answer.tag in request.headers.get("if-none-match", ""):
        return Response(None, 304, headers)
    body = answer.body
    if "gzip" in request.headers.get("accept-encoding", "") and answer.compressed is not None:
        body = answer.compressed
        headers["content-encoding"] = "gzip"
    return Response(body, 200, headers, "application/json")
