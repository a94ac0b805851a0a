"""A contest as its public sees it: the real leaderboard and the built pages in one server."""

import asyncio
import itertools
import random
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from msgspec.structs import replace
from starlette.types import ASGIApp, Receive, Scope, Send

from schemas.events import scores
from schemas.objects import Named, SchemeVersion, Sheet, UnitRef
from services.gateway.app import Gateway
from services.gateway.pages import Pages
from services.kit.access import Grant, Role
from services.kit.runtime import Runtime
from services.leaderboard import app as leaderboard
from tests.services.leaderboard.arena import Server, Writer, serving
from tests.streams.boards import History, scheme, sheet

ORGANISER = Grant(Role.ORGANISER, unit="/p/")
TITLE = Named(zh="焊工（实际操作）决赛", en="Welding, final")
CAMPAIGN = Named(
    zh="2026 年“建功新时代”全国引领性劳动和技能竞赛暨广东省职工职业技能大赛",
    en="Guangdong Skills Contest 2026",
)
NAMES = (
    *(
        "张建国",
        "李素芬",
        "买买提·吐尔逊江",
        "王秀英",
        "欧阳震华",
        "阿卜杜热合曼·阿卜杜外力",
        "赵铁柱",
        "陈小红",
    ),
    *("刘洋", "周美丽", "努尔比耶·阿布都热依木", "孙丽娟", "扎西顿珠", "何卫东", "诸葛明轩", "马春花"),
)
UNITS = (
    UnitRef(id="u1", name="广州港集团有限公司南沙集装箱码头分公司维修保障中心", path="/p/u1/"),
    UnitRef(id="u2", name="中建三局第一建设工程有限责任公司", path="/p/u2/"),
    UnitRef(id="u3", name="深圳地铁", path="/p/u3/"),
    UnitRef(id="u4", name="新疆维吾尔自治区克孜勒苏柯尔克孜自治州公路管理局", path="/p/u4/"),
)


SCREEN_SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160), "portrait": (1080, 1920)}
_boards = itertools.count(1)


class Door:
    """Stands before the server and can throw out whoever watches a feed, as a proxy that restarts does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._feeds: set[asyncio.Task[object]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._loop, task = asyncio.get_running_loop(), asyncio.current_task()
        if task is not None and scope["type"] == "http" and scope["path"].endswith("/feed"):
            self._feeds.add(task)
            task.add_done_callback(self._feeds.discard)
        await self._app(scope, receive, send)

    def drop_feeds(self) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: [task.cancel() for task in self._feeds])


class Hall:
    """The server and who writes its boards."""

    def __init__(self, server: Server, writer: Writer, door: Door) -> None:
        self.server, self.url, self._writer = server, server.url, writer
        self.drop_feeds = door.drop_feeds

    def write(self, *histories: History) -> None:
        """Bring boards up to date. In a thread of its own: beside a browser no other event loop runs here."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(self._writer.write, *histories).result()

    def order(self, method: str, path: str, body: Any = None) -> Any:
        """An organiser's request, which must succeed."""
        answer = self.server.client.request(
            method, f"{self.url}/api/leaderboard{path}", json=body, headers=self.server.token(ORGANISER)
        )
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None


@contextmanager
def open_hall(folder: Path, redis_url: str) -> Iterator[Hall]:
    """Run it until the block ends."""
    stack = ExitStack()
    try:
        doors: list[Door] = []

        def make(runtime: Runtime) -> ASGIApp:
            doors.append(Door(_with_pages(runtime)))
            return doors[0]

        server = stack.enter_context(serving(folder, redis_url, make=make))
        yield Hall(server, Writer(redis_url), doors[0])
    finally:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(stack.close).result()


def _with_pages(runtime: Runtime) -> ASGIApp:
    service = leaderboard.create(runtime)
    rest = FastAPI(lifespan=service.router.lifespan_context)
    rest.mount("/", Pages())
    return Gateway({"leaderboard": service}, rest)


def contest(
    board: str = "b1",
    entrants: int = 47,
    *,
    marked: int | None = None,
    title: Named = TITLE,
    trade: str = "焊工",
    public: bool = True,
) -> History:
    """A board with long names, ties, a withdrawn entrant and a guest; the first `marked` have marks."""
    history = History(board)
    history.open(title=title, campaign_title=CAMPAIGN, trade=trade, public=public)
    history.scheme(_scheme(board))
    for i in range(entrants):
        history.enter(entry_id(i), board=board, name=name_of(i), unit=UNITS[i % 4], number=i + 1)
    for i in range(entrants if marked is None else marked):
        mark(history, i, marks_of(i))
    if entrants > 40:
        _drop_out(history, entrants)
    return history


def written(hall: Hall, entrants: int = 47, **options: Any) -> History:
    """A board that no other test has."""
    history = contest(f"board{next(_boards)}", entrants, **options)
    hall.write(history)
    return history


def mark(history: History, i: int, value: str, version: int = 1) -> None:
    """Give entrant `i` a mark in both parts."""
    sheet = scores.SheetSubmitted(sheet=_sheet(history.board, i, value, version))
    history.add(sheet)


def entry_id(i: int) -> str:
    return f"e{i + 1}"


def name_of(i: int) -> str:
    """No two alike."""
    again, which = divmod(i, len(NAMES))
    return NAMES[which] + ("" if not again else f"（{again + 1}组）")


def marks_of(i: int) -> str:
    """Every fifth ties with the one before."""
    return f"{random.Random(i - (i % 5 == 4)).randint(5500, 9900) / 100:.2f}"


def _drop_out(history: History, entrants: int) -> None:
    last = entrants - 1
    change: dict[str, Any] = {
        "board": history.board,
        "name": name_of(last),
        "unit": UNITS[3],
        "number": last + 1,
    }
    history.enter(entry_id(last), **change, status="withdrawn", reason="赛前体检未通过")
    change = {"board": history.board, "name": name_of(last - 1), "unit": UNITS[2], "number": last}
    history.enter(entry_id(last - 1), **change, unranked=True)


def _scheme(board: str) -> SchemeVersion:
    version = scheme(weight="1")
    titles = {"theory": {"zh": "理论考试", "en": "Theory"}, "skill": {"zh": "实际操作", "en": "Practical"}}
    for child in version.data["root"]["children"]:
        child["title"] = titles[child["id"]]
        child["weight"] = "0.3" if child["id"] == "theory" else "0.7"
    return replace(version, board=board)


def _sheet(board: str, i: int, value: str, version: int) -> Sheet:
    made = sheet(entry_id(i), "ja", version, theory=value, skill=value)
    return replace(made, id=f"{board}-{made.id}", board=board)
