"""The routes of plain pages. `/live?plain` and `/live/<board>?plain` lead here."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from services.kit.language import language_of
from services.leaderboard.domain import LONGEST_SEARCH, Listing, Selection, line_of, search_text
from services.leaderboard.endpoints import Board, Offset
from services.leaderboard.pages.rendering import rendered
from services.leaderboard.problems import BoardNotFound
from services.leaderboard.viewing import Serving

router = APIRouter(prefix="/api/leaderboard", include_in_schema=False)

ROWS, BOARDS = 100, 500
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cache-control": "public, max-age=5",
    "vary": "accept-language",
}


@router.get("/page.html")
async def show_boards(*, request: Request, serving: Serving, offset: Offset = 0) -> HTMLResponse:
    """The public boards."""
    found = await serving.listed(Listing(offset, BOARDS))
    return _page(request, "boards.html", page=found.value, stale_since=found.stale_since, step=BOARDS)


@router.get("/boards/{board}/page.html")
async def show_board(
    *,
    request: Request,
    serving: Serving,
    board: Board,
    offset: Offset = 0,
    q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
) -> HTMLResponse:
    """A hundred rows of a board, or those that a search found."""
    try:
        found = await serving.page(board, "public", Selection(offset, ROWS))
    except BoardNotFound:
        return _page(request, "no_board.html", status=404)
    page = found.value
    rows = page.rows
    if search_text(q):
        rows = (await serving.search(board, "public", q, ROWS)).value.rows
    stale_since = found.stale_since or page.head.stale_since
    values = {"page": page, "head": page.head, "line": line_of(page.head), "rows": rows}
    values |= {"stale_since": stale_since}
    return _page(request, "board.html", **values, q=q.strip(), step=ROWS)


def _page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    return HTMLResponse(rendered(template, language_of(request), **values), status, headers=_HEADERS)
