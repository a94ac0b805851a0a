"""The routes of big screens. A screen needs no account: it only shows what is public anyway."""

from collections.abc import Iterable, Sequence
from typing import Annotated

from fastapi import APIRouter, Path, Request
from fastapi.responses import Response

from rules.text import Text
from services.kit.access import Principal, Role
from services.kit.depends import SignedIn
from services.kit.problems import Forbidden, NotSignedIn, responses
from services.leaderboard.bell import RedisAway, streamed
from services.leaderboard.problems import BoardNotFound, malformed
from services.leaderboard.screens import domain
from services.leaderboard.screens.resources import (
    Command,
    Heartbeat,
    Screen,
    ScreenList,
    Setting,
    Told,
)
from services.leaderboard.screens.service import Screens, TooManyScreens, bell_of
from services.leaderboard.viewing import Serving

router = APIRouter(prefix="/api/leaderboard/screens", tags=["screens"])

Code = Annotated[str, Path(pattern=r"^[A-Z0-9]{4,8}$", description="as the screen shows it")]
_REFUSED = responses(NotSignedIn, Forbidden, BoardNotFound, TooManyScreens, RedisAway)


@router.get("", responses=responses(NotSignedIn, Forbidden, RedisAway))
async def list_screens(*, request: Request, principal: SignedIn) -> ScreenList:
    """Every screen with its last heartbeat."""
    _require_organiser(principal)
    return await _screens(request).listed()


@router.get("/{code}", responses=responses(RedisAway))
async def read_screen(*, request: Request, code: Code) -> Told:
    """A screen as it should be, and the slide it showed last."""
    return await _screens(request).told(code)


@router.put("/{code}", responses=_REFUSED)
async def set_up_screen(
    *, request: Request, serving: Serving, principal: SignedIn, code: Code, body: Setting
) -> Screen:
    """Which boards the screen shows, how and how long each.

    A screen that names no board is anybody's to claim for boards of theirs.
    """
    screens = _screens(request)
    current = await screens.find(code)
    await _require_boards(serving, principal, current.boards)
    await _require_screen(serving, principal, body.boards)
    return await screens.change(code, lambda screen: domain.set_up(screen, body))


@router.post("/{code}", responses=_REFUSED)
async def command_screen(
    *, request: Request, serving: Serving, principal: SignedIn, code: Code, body: Command
) -> Screen:
    """Next, previous, hold, go on, back to the boards, safe screen, reveal."""
    if (body.order == "reveal") != bool(body.reveal):
        raise malformed(
            "/reveal",
            body.reveal,
            "goes_with_order",
            Text("reveal 与揭榜命令同时给出", "reveal goes with the order of that name"),
            Text("揭榜时写明榜单，其他命令不写", "Name the board for a reveal, leave it out otherwise"),
        )
    screens = _screens(request)
    current = await screens.find(code)
    await _require_screen(serving, principal, current.boards)
    await _require_boards(serving, principal, filter(None, (body.reveal,)))
    return await screens.change(code, lambda screen: domain.commanded(screen, body))


@router.delete("/{code}", status_code=204, responses=_REFUSED)
async def forget_screen(*, request: Request, serving: Serving, principal: SignedIn, code: Code) -> None:
    """Forget the screen's setting; where it still runs it shows every public board."""
    screens = _screens(request)
    current = await screens.find(code)
    await _require_screen(serving, principal, current.boards)
    await screens.forget(code)


@router.post("/{code}/heartbeat", responses=responses(RedisAway))
async def hear_screen(*, request: Request, code: Code, body: Heartbeat) -> Screen:
    """The screen lives."""
    return await _screens(request).heard(code, body)


@router.get("/{code}/feed", responses=responses(RedisAway), response_class=Response)
async def watch_screen(*, request: Request, code: Code) -> Response:
    """The screen's state as Server-Sent Events named `screen`, each the whole `Screen`."""
    screens = _screens(request)

    async def read() -> bytes:
        return (await screens.find(code)).model_dump_json().encode()

    return streamed(screens.bell, bell_of(code), "screen", read)


async def _require_screen(serving: Serving, principal: Principal, boards: Sequence[str]) -> None:
    """Organiser of every one of these boards; where none is named, the screen shows all: from the top."""
    await _require_boards(serving, principal, boards)
    if not boards:
        _require_top(principal)


async def _require_boards(serving: Serving, principal: Principal, boards: Iterable[str]) -> None:
    """Organiser of every one of these boards."""
    _require_organiser(principal)
    for board in sorted(set(boards)):
        head = await serving.head(board, "jury")
        principal.require(Role.ORGANISER, unit=head.board.unit.path, board=board)


def _require_top(principal: Principal) -> None:
    """Administrator, or organiser of a unit that has none above it."""
    if any(unit.strip("/").count("/") == 0 for unit in principal.organised):
        return
    raise Forbidden(
        Text("这块大屏没有指定竞赛，显示全部榜单", "This screen names no contest: it shows every board"),
        way_out=Text(
            "先为它选定您负责的竞赛；全部榜单的大屏由管理员或最上级单位的组织者管理",
            "Name contests of yours for it first; a screen of every board is an administrator's, or an "
            "organiser's of a unit at the top",
        ),
    )


def _require_organiser(principal: Principal) -> None:
    if not any(grant.role is Role.ORGANISER for grant in principal.grants):
        principal.require(Role.ORGANISER)


def _screens(request: Request) -> Screens:
    found: Screens = request.app.state.screens
    return found
