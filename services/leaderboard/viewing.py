"""Who may look at which view. The public's view needs no session and no database."""

from typing import Annotated

from fastapi import Depends, Query, Request
from sqlalchemy.exc import SQLAlchemyError

from rules.text import Text
from schemas.live import View
from services.kit.access import Principal, Role
from services.kit.depends import principal_of
from services.kit.problems import NotSignedIn, Unavailable
from services.leaderboard.service import Leaderboard

JURY_ROLES = (Role.CHIEF_JUDGE, Role.ORGANISER, Role.AUDITOR)


class SessionsAway(Unavailable):
    slug = "sessions-away"
    title = Text(
        "暂时无法核对登录，公开榜单不受影响", "Sessions cannot be checked now; the public view still works"
    )


def leaderboard_of(request: Request) -> Leaderboard:
    found: Leaderboard = request.app.state.leaderboard
    return found


Serving = Annotated[Leaderboard, Depends(leaderboard_of)]


async def _viewed(
    request: Request,
    board: str,
    serving: Serving,
    view: Annotated[View, Query(description="jury needs a role on the board")] = "public",
) -> View:
    if view == "jury":
        try:
            principal = await principal_of(request)
        except SQLAlchemyError as away:
            raise SessionsAway from away
        await _require(principal, serving, board)
    return view


async def _require(principal: Principal, serving: Leaderboard, board: str) -> None:
    if not principal.session:
        raise NotSignedIn(way_out=Text("请先登录", "Sign in first"))
    head = await serving.head(board, "jury")
    principal.require(*JURY_ROLES, unit=head.board.unit.path, board=board)


Viewed = Annotated[View, Depends(_viewed)]
"""The view that the request asks for, if it may have it."""
