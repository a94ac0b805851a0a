"""`make screens`: pictures of every page in its sizes and themes, from the demo year, into docs/screens."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from playwright.sync_api import sync_playwright

from tests.conftest import CHROMIUM_FLAGS, chromium_path
from tests.web.console import account, signed_in
from tests.web.platform import Contest, Platform

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

FOLDER = Path(__file__).parents[2] / "docs" / "screens"
SIZES = {
    "tablet": (1280, 800),
    "tablet-portrait": (800, 1280),
    "phone": (390, 844),
    "desktop": (1440, 900),
    "1080p": (1920, 1080),
    "4K": (3840, 2160),
    "screen-portrait": (1080, 1920),
}
Theme = Literal["light", "dark"]
THEMES: tuple[Theme, ...] = ("light", "dark")
SCREEN_SIZES = ("1080p", "4K", "screen-portrait")
PACE = 500

OFFICE = {
    "contests": "/",
    "new": "/new",
    "drives": "/drives",
    "screens": "/screens",
    "units": "/units",
    "accounts": "/accounts",
}
CONTEST = {
    "overview": "",
    "scheme": "/scheme",
    "entries": "/entries",
    "start-list": "/start-list",
    "judges": "/judges",
    "record": "/record",
    "control": "/control",
    "results": "/results",
    "charts": "/charts",
    "reveal": "/reveal",
}
OTHERS = {
    "proposals": ("ideas", "/proposals"),
    "indicators": ("league", "/indicators"),
    "trend": ("league", "/charts"),
    "contributions": ("pioneer", "/contributions"),
    "honours": ("electrician", "/results"),
    "distribution": ("electrician", "/charts"),
}


class Studio:
    """A browser before the platform, and where the pictures go."""

    def __init__(self, browser: "Browser", platform: Platform, boards: dict[str, str]) -> None:
        self._browser, self.platform, self.boards = browser, platform, boards

    @contextmanager
    def context(self, size: str, theme: Theme, locale: str = "zh-CN") -> "Iterator[BrowserContext]":
        width, height = SIZES[size]
        made = self._browser.new_context(
            viewport={"width": width, "height": height},
            base_url=self.platform.url,
            color_scheme=theme,
            locale=locale,
            timezone_id="Asia/Shanghai",
            has_touch=size in ("tablet", "tablet-portrait", "phone"),
            reduced_motion="reduce",
        )
        yield made
        made.close()

    def order(self, path: str, body: Any, method: str = "POST") -> Any:
        """An administrator's request, which must succeed."""
        with self.platform.client() as client:
            answer = client.request(method, path, json=body)
        assert answer.status_code < 300, f"{path}: {answer.text}"
        return answer.json() if answer.content else None


def main() -> None:
    """Make every picture anew."""
    if (chromium := chromium_path()) is None:
        sys.exit("no Chromium on the PATH (Debian: apt-get install chromium)")
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder, Platform(Path(folder)) as platform:
        boards = demo_year(platform)
        boards["contest"] = half_marked(platform)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
            studio = Studio(browser, platform, boards)
            for pictures in (live, tablets, console, worker, screens):
                pictures(studio)
            browser.close()
    sys.stdout.write(f"{len(list(FOLDER.iterdir()))} pictures in docs/{FOLDER.name}\n")


def demo_year(platform: Platform) -> dict[str, str]:
    """Played to its end; its boards' ids by their code."""
    played = platform.leitai("demo", "--play", "--pace", str(PACE), "--url", platform.url)
    assert played.returncode == 0, played.stderr
    with platform.client() as client:
        found = client.get("/registration/boards").json()["items"]
    return {board["code"]: board["id"] for board in found}


def half_marked(platform: Platform) -> str:
    """A contest in the middle of its marking."""
    contest = Contest.make(platform, "welders")
    exchange = {"token": contest.link("j-2", "孙丽娟").split("#", 1)[1], "device": "tablet-of-seat-b"}
    with platform.client() as client:
        token = client.post("/identity/judge-links/exchange", json=exchange).json()["token"]
        for number, entry in enumerate(contest.entries[:6]):
            marks = {"seam": f"{52 - 3 * number}.5", "size": f"{18 - number}"}
            marks |= {"order": "10", "mask": "1", "late": "0"}
            sheet = {
                "id": f"screens-{number}",
                "board": contest.board,
                "entry": entry,
                "stage": "practical",
                "marks": {f"practical.{aspect}": mark for aspect, mark in marks.items()},
            }
            answer = client.post("/scoring/sheets", json=sheet, headers={"Authorization": f"Bearer {token}"})
            assert answer.status_code == 201, answer.text
    return contest.board


def picture(page: "Page", *name: str, whole: bool = False) -> None:
    """Once the page has fetched what it shows and its letters are there."""
    page.evaluate("() => document.fonts.ready.then(() => undefined)")
    page.wait_for_function("() => document.getAnimations().every((each) => each.playState !== 'running')")
    page.screenshot(path=FOLDER / f"{'-'.join(name)}.png", full_page=whole)


def live(studio: Studio) -> None:
    """A reader's phone and desktop."""
    board = studio.boards["electrician"]
    for size, theme in product(("phone", "desktop"), THEMES):
        with studio.context(size, theme) as context:
            page = context.new_page()
            page.goto("/live")
            page.get_by_role("link").first.wait_for()
            picture(page, "live", "boards", size, theme)
            page.goto(f"/live/{board}")
            page.locator(".row").first.wait_for()
            picture(page, "live", "board", size, theme)
            page.locator(".row").nth(1).click()
            page.get_by_role("dialog").wait_for()
            page.wait_for_load_state("networkidle")
            picture(page, "live", "entry", size, theme)


def tablets(studio: Studio) -> None:
    """A judge's tablet, which has one theme: the sheet, the grid of entrants, what else there is."""
    contest = Contest(studio.platform, studio.boards["contest"], [])
    for size in ("tablet", "tablet-portrait"):
        with studio.context(size, "light") as context:
            page = context.new_page()
            page.goto(contest.link("j-1"))
            page.locator(".hand-in").wait_for()
            page.locator(".number input").first.fill("55.5")
            page.get_by_role("radio").nth(2).tap()
            picture(page, "judge", "sheet", size)
            for button, name in (("选手一览", "entrants"), ("更多", "more")):
                page.get_by_role("button", name=button, exact=True).tap()
                page.get_by_role("dialog").wait_for()
                picture(page, "judge", name, size)
                page.locator("dialog .head button").tap()


def console(studio: Studio) -> None:
    """Every page of the organiser's console."""
    login = account(studio.platform, "administrator")
    pages = OFFICE | {name: f"/boards/{studio.boards['contest']}{path}" for name, path in CONTEST.items()}
    pages |= {name: f"/boards/{studio.boards[code]}{path}" for name, (code, path) in OTHERS.items()}
    for theme in THEMES:
        with studio.context("desktop", theme) as context:
            desk = signed_in(context, login)
            for name, path in pages.items():
                desk.go(path)
                picture(desk.page, "console", name, "desktop", theme, whole=True)


def worker(studio: Studio) -> None:
    """A worker hands in an idea by phone."""
    login = account(studio.platform, "contestant")
    pages = {"drives": "/drives", "proposals": f"/boards/{studio.boards['ideas']}/proposals"}
    for theme in THEMES:
        with studio.context("phone", theme) as context:
            desk = signed_in(context, login)
            for name, path in pages.items():
                desk.go(path)
                picture(desk.page, "worker", name, "phone", theme)


def screens(studio: Studio) -> None:
    """Big screens in every layout, and a reveal."""
    studio.order(f"/scoring/boards/{studio.boards['contest']}/freeze", {"reason": "揭榜"})
    for number, (size, theme) in enumerate(product(SCREEN_SIZES, THEMES)):
        with studio.context(size, theme) as context:
            screen(studio, context.new_page(), f"HALL{number}", size, theme)


def screen(studio: Studio, page: "Page", code: str, size: str, theme: Theme) -> None:
    def shown(name: str, until: str) -> None:
        page.locator(until).first.wait_for()
        picture(page, "screen", name, size, theme)

    setting: dict[str, Any] = {
        "title": "决赛现场",
        "boards": [studio.boards["electrician"], studio.boards["welding"]],
    }
    setting |= {"seconds": 600, "theme": theme}
    path = f"/leaderboard/screens/{code}"
    for layout in ("one", "two", "progress"):
        studio.order(path, setting | {"layout": layout}, "PUT")
        page.goto(f"/screen?code={code}")
        shown(layout, "li.row .name")
    studio.order(path, {"order": "safe"})
    shown("safe", ".safe")
    frozen = studio.boards["contest"]
    reveal = f"/leaderboard/boards/{frozen}/reveal"
    steps = studio.order(reveal, {})["steps"]
    studio.order(path, {"order": "reveal", "reveal": frozen})
    shown("curtain", ".curtain")
    studio.order(f"{reveal}/moves", {"seen": 0, "to": len(steps)})
    shown("winner", ".winner")
    studio.order(reveal, None, "DELETE")


if __name__ == "__main__":
    main()
