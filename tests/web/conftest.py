"""One platform for the tests of its pages, each with a contest of its own; a hall for the public's pages."""

import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from services.gateway.pages import DIST
from tests.web.console import Desk, account, signed_in
from tests.web.hall import SCREEN_SIZES, Hall, open_hall
from tests.web.platform import Contest, Platform

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

_counter = itertools.count(1)


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    if not (DIST / "judge.html").is_file():
        pytest.skip("the pages are not built: make web")
    with Platform(tmp_path_factory.mktemp("platform")) as running:
        yield running


@pytest.fixture
def contest(platform: Platform) -> Contest:
    return Contest.make(platform, f"weld{next(_counter)}")


NewTablet = Callable[..., "BrowserContext"]


@pytest.fixture
def new_tablet(browser: "Browser", platform: Platform) -> Iterator[NewTablet]:
    """Makes browser profiles with a tablet's screen; closed at the end."""
    made: list[BrowserContext] = []

    def make(width: int = 1280, height: int = 800, locale: str = "zh-CN") -> "BrowserContext":
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            timezone_id="Asia/Shanghai",
            base_url=platform.url,
            has_touch=True,
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


NewDesk = Callable[..., "BrowserContext"]


@pytest.fixture
def new_desk(browser: "Browser", platform: Platform) -> Iterator[NewDesk]:
    """Makes browser profiles with an office's screen; closed at the end."""
    made: list[BrowserContext] = []

    def make(
        width: int = 1440, height: int = 900, locale: str = "zh-CN", theme: str = "light"
    ) -> "BrowserContext":
        context = browser.new_context(
            viewport={"width": width, "height": height},
            locale=locale,
            color_scheme="dark" if theme == "dark" else "light",
            timezone_id="Asia/Shanghai",
            base_url=platform.url,
        )
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def organiser(platform: Platform, new_desk: NewDesk) -> Desk:
    """An organiser of everything, signed in."""
    return signed_in(new_desk(), account(platform, "organiser"))


@pytest.fixture(scope="module")
def hall(module_valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(tmp_path_factory.mktemp("hall"), module_valkey_url) as opened:
        yield opened


NewPhone = Callable[..., "Page"]


@pytest.fixture
def phone(browser: "Browser", hall: Hall) -> Iterator[NewPhone]:
    """Makes phones; the page's own errors fail the test."""
    made = []
    errors: list[str] = []

    def make(width: int = 390, height: int = 844, **options: object) -> "Page":
        context = browser.new_context(
            viewport={"width": width, "height": height},
            base_url=hall.url,
            timezone_id="Asia/Shanghai",
            **{"locale": "zh-CN", "has_touch": True, **options},  # type: ignore[arg-type]  # playwright's keywords
        )
        made.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in made:
        context.close()
    assert errors == []


NewScreen = Callable[..., "Page"]


@pytest.fixture
def new_screen(browser: "Browser", hall: Hall) -> Iterator[NewScreen]:
    """Puts up screens; the page's own errors fail the test."""
    made = []
    errors: list[str] = []

    def make(code: str, size: str = "1080p", before: Callable[["Page"], None] | None = None) -> "Page":
        width, height = SCREEN_SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, base_url=hall.url, locale="zh-CN"
        )
        made.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if before is not None:
            before(page)
        page.goto(f"/screen?code={code}")
        return page

    yield make
    for context in made:
        context.close()
    assert errors == []
