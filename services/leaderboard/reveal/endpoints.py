"""The routes of a reveal: the presenter's, who is an organiser of the board, and everybody's."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from services.kit.access import Role
from services.kit.depends import SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.leaderboard.bell import RedisAway, streamed
from services.leaderboard.endpoints import Board
from services.leaderboard.problems import BoardNotFound
from services.leaderboard.reveal.problems import NobodyPlaced, NoReveal, NoSuchStep, NotFrozen, RevealMoved
from services.leaderboard.reveal.resources import Move, Plan, Reveal, ScriptAt
from services.leaderboard.reveal.service import Reveals, bell_of
from services.leaderboard.viewing import Serving

router = APIRouter(prefix="/api/leaderboard/boards/{board}/reveal", tags=["reveal"])


async def _presenting(serving: Serving, principal: SignedIn, board: Board) -> None:
    head = await serving.head(board, "jury")
    principal.require(Role.ORGANISER, unit=head.board.unit.path, board=board)


def _reveals(request: Request) -> Reveals:
    found: Reveals = request.app.state.reveals
    return found


Revealing = Annotated[Reveals, Depends(_reveals)]
_PRESENTERS = [Depends(_presenting)]
_REFUSED = responses(NotSignedIn, Forbidden, BoardNotFound, RedisAway)


@router.post(
    "", status_code=201, dependencies=_PRESENTERS, responses=_REFUSED | responses(NotFrozen, NobodyPlaced)
)
async def start_reveal(*, reveals: Revealing, board: Board, body: Plan) -> ScriptAt:
    """Take the jury's rows as they are now and stand before the first step."""
    return await reveals.start(board, body)


@router.get("/script", dependencies=_PRESENTERS, responses=_REFUSED | responses(NoReveal))
async def read_script(*, reveals: Revealing, board: Board) -> ScriptAt:
    """Every step and note, for the presenter's own device."""
    return await reveals.script(board)


@router.post(
    "/moves",
    dependencies=_PRESENTERS,
    responses=_REFUSED | responses(NoReveal, RevealMoved, NoSuchStep),
)
async def move_reveal(*, reveals: Revealing, board: Board, body: Move) -> ScriptAt:
    """Forward or back to a step; refused where another device moved it meanwhile."""
    return await reveals.move(board, body)


@router.delete("", status_code=204, dependencies=_PRESENTERS, responses=_REFUSED)
async def end_reveal(*, reveals: Revealing, board: Board) -> None:
    """Put the reveal away. The board itself stays frozen until it is thawed."""
    await reveals.end(board)


@router.get("", responses=responses(NoReveal, RedisAway))
async def read_reveal(*, reveals: Revealing, board: Board) -> Reveal:
    """What has been revealed so far."""
    return await reveals.seen(board)


@router.get("/feed", responses=responses(RedisAway), response_class=Response)
async def watch_reveal(*, reveals: Revealing, board: Board) -> Response:
    """The same as Server-Sent Events named `reveal`, each a whole `Reveal`; `null` where none goes on."""

    async def read() -> bytes:
        try:
            return (await reveals.seen(board)).model_dump_json().encode()
        except NoReveal:
            return b"null"

    return streamed(reveals.bell, bell_of(board), "reveal", read)
