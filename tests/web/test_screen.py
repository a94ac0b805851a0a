"""Big screens: read from afar, ordered about, back after a power cut; a reveal that tells nothing early."""

import itertools
import json
import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from schemas.events import registrations, scores
from schemas.objects import Named
from services.gateway.pages import DIST
from tests.parts.processes import wait_until
from tests.streams.boards import History, board
from tests.web.axe import at_rest, violations
from tests.web.hall import Hall, contest, mark, name_of, open_hall

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Route

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "live.html").is_file(), reason="pages not built: make web"),
]

SIZES = {"1080p": (1920, 1080), "4K": (3840, 2160), "portrait": (1080, 1920)}
LEAST_NAME = 0.04
"""Height of a name's letters, as a share of the screen's shorter side, that is read from 20 m in a hall."""

LONGEST_WAIT = 8_000
"""Milliseconds between two looks for a board that is wished for, at most, however busy the machine."""

_boards = itertools.count(1)
_codes = itertools.count(1)
NewScreen = Callable[..., "Page"]


@pytest.fixture(scope="module")
def hall(module_valkey_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    with open_hall(tmp_path_factory.mktemp("hall"), module_valkey_url) as opened:
        yield opened


@pytest.fixture
def new_screen(browser: "Browser", hall: Hall) -> Iterator[NewScreen]:
    """Puts up screens; the page's own errors fail the test."""
    made = []
    errors: list[str] = []

    def make(code: str, size: str = "1080p", before: Callable[["Page"], None] | None = None) -> "Page":
        width, height = SIZES[size]
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


def new_code() -> str:
    return f"HALL{next(_codes)}"


def written(hall: Hall, entrants: int = 25) -> History:
    """A board that no other test has."""
    history = contest(f"screen{next(_boards)}", entrants)
    hall.write(history)
    return history


def set_up(hall: Hall, code: str, *boards: str, **setting: Any) -> None:
    hall.order("PUT", f"/screens/{code}", {"boards": boards, "seconds": 600, **setting})


def names(page: "Page") -> list[str]:
    page.wait_for_selector("li.row .name")
    return page.locator("li.row .name").all_inner_texts()


@pytest.mark.parametrize("size", SIZES)
def test_names_are_large_and_nothing_is_cut(hall: Hall, new_screen: NewScreen, size: str) -> None:
    code = new_code()
    set_up(hall, code, written(hall).board)
    page = new_screen(code, size)
    names(page)

    letters = page.evaluate("() => parseFloat(getComputedStyle(document.querySelector('.name')).fontSize)")
    bottom = page.evaluate(
        """() => {
          const rows = [...document.querySelectorAll('li.row')]
          return Math.max(...rows.map((row) => row.getBoundingClientRect().bottom))
        }"""
    )
    wide = page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert letters >= LEAST_NAME * min(SIZES[size])
    assert bottom <= page.evaluate("() => document.querySelector('footer').getBoundingClientRect().top")
    assert wide <= 0


def test_next_hold_and_safe_come_from_the_organiser(hall: Hall, new_screen: NewScreen) -> None:
    code = new_code()
    set_up(hall, code, written(hall, 12).board)
    page = new_screen(code)
    first = names(page)

    hall.order("POST", f"/screens/{code}", {"order": "next"})
    wait_until(lambda: names(page) != first, seconds=30, what="the next rows")
    hall.order("POST", f"/screens/{code}", {"order": "hold"})
    page.get_by_text("已停住").wait_for()
    hall.order("POST", f"/screens/{code}", {"order": "safe"})
    page.locator(".safe").wait_for()

    assert page.locator("li.row").count() == 0


def test_board_comes_as_soon_as_it_is_public(hall: Hall, new_screen: NewScreen) -> None:
    code, history = new_code(), contest(f"screen{next(_boards)}", 3, public=False)
    hall.write(history)
    set_up(hall, code, history.board)
    page = new_screen(code)
    page.get_by_text("还没有公开的榜单").wait_for()

    history.add(registrations.BoardChanged(board=board(history.board)))
    hall.write(history)

    wait_until(lambda: len(names(page)) == 3, seconds=30, what="the board")
    asked = page.evaluate(
        """() => performance.getEntriesByType('resource')
          .filter((each) => each.name.includes('/boards?')).map((each) => each.startTime)"""
    )
    assert asked[-1] - asked[-2] < LONGEST_WAIT


def test_boards_take_turns_by_themselves(hall: Hall, new_screen: NewScreen) -> None:
    code = new_code()
    set_up(hall, code, written(hall, 3).board, written(hall, 4).board, seconds=3)
    page = new_screen(code)

    wait_until(lambda: len(names(page)) == 3, seconds=30, what="the first board")
    wait_until(lambda: len(names(page)) == 4, seconds=30, what="the second board")
    wait_until(lambda: len(names(page)) == 3, seconds=30, what="the first board again")


@pytest.mark.parametrize(("layout", "articles", "asides"), [("one", 1, 0), ("two", 2, 0), ("progress", 1, 1)])
def test_layouts(hall: Hall, new_screen: NewScreen, layout: str, articles: int, asides: int) -> None:
    code = new_code()
    set_up(hall, code, written(hall, 3).board, written(hall, 4).board, layout=layout)
    page = new_screen(code)

    def parts() -> tuple[int, int]:
        """In one look: a screen may be drawn anew between two."""
        found = page.evaluate(
            """() => ['article li.row:first-child', 'aside']
              .map((each) => document.querySelectorAll(each).length)"""
        )
        return found[0], found[1]

    wait_until(lambda: parts() == (articles, asides), seconds=30, what="the layout")


def test_screen_comes_back_where_it_was_after_a_power_cut(hall: Hall, new_screen: NewScreen) -> None:
    code = new_code()
    set_up(hall, code, written(hall, 25).board)
    page = new_screen(code)
    first = names(page)
    hall.order("POST", f"/screens/{code}", {"order": "next"})
    wait_until(lambda: names(page) != first, seconds=30, what="the next rows")
    shown = names(page)

    def last_slide() -> object:
        lines = hall.order("GET", "/screens")["screens"]
        return next(
            line["seen"]["slide"] for line in lines if line["screen"]["code"] == code and line["seen"]
        )

    wait_until(lambda: last_slide() == 1, seconds=30, what="a heartbeat that tells the slide")
    page.context.close()
    page = new_screen(code, before=slow_to_learn)

    assert names(page) == shown
    assert page.evaluate("() => window.first") == shown


def slow_to_learn(page: "Page") -> None:
    """What the screen showed last comes after everything else; and the first rows it draws are kept."""

    def later(route: "Route") -> None:
        time.sleep(1)
        route.continue_()

    page.route(re.compile("/screens/[A-Z0-9]+$"), later)
    page.add_init_script(
        """new MutationObserver(() => {
          const rows = [...document.querySelectorAll('li.row .name')]
          if (rows.length) window.first ??= rows.map((row) => row.innerText)
        }).observe(document, { childList: true, subtree: true })"""
    )


def test_marks_arrive_while_the_screen_is_up(hall: Hall, new_screen: NewScreen) -> None:
    code = new_code()
    history = written(hall, 3)
    set_up(hall, code, history.board)
    page = new_screen(code)
    names(page)

    mark(history, 2, "99.99", version=2)
    hall.write(history)

    wait_until(lambda: names(page)[0] == name_of(2), seconds=30, what="the new first row")


def test_screen_without_a_code_shows_one(hall: Hall, new_screen: NewScreen) -> None:
    written(hall, 3)
    page = new_screen("")

    code = page.get_by_text("大屏编号")
    before = code.inner_text()
    page.reload()

    assert code.inner_text() == before


@pytest.mark.parametrize("size", SIZES)
def test_reveal_fits_the_screen(hall: Hall, new_screen: NewScreen, size: str) -> None:
    code = new_code()
    title = Named(zh="工业机器人系统操作员（智能制造单元集成与运维）", en="Industrial robots")
    history = contest(f"screen{next(_boards)}", 8, title=title)
    history.add(scores.BoardFrozen(board=history.board))
    hall.write(history)
    steps = reveal(hall, code, history.board)
    hall.order("POST", f"/boards/{history.board}/reveal/moves", {"seen": 0, "to": len(steps)})
    page = new_screen(code, size)
    page.locator(".winner").wait_for()
    at_rest(page)

    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.reveal > *, .winner > *, .reveal li > *')].map((each) => {
          const { left, right, top, bottom } = each.getBoundingClientRect()
          return left >= 0 && right <= innerWidth && top >= 0 && bottom <= innerHeight
        })"""
    )
    assert len(boxes) > 10
    assert all(boxes)


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_no_violation_on_any_view(hall: Hall, new_screen: NewScreen, theme: str) -> None:
    code = new_code()
    history = written(hall, 5)
    history.add(scores.BoardFrozen(board=history.board))
    hall.write(history)
    set_up(hall, code, history.board, layout="progress", theme=theme)
    page = new_screen(code)
    names(page)
    found = {"board": violations(page)}
    hall.order("POST", f"/screens/{code}", {"order": "safe"})
    page.locator(".safe").wait_for()
    found["safe"] = violations(page)
    steps = reveal(hall, code, history.board)
    for at in range(1, len(steps) + 1):
        hall.order("POST", f"/boards/{history.board}/reveal/moves", {"seen": at - 1, "to": at})
    page.get_by_text("揭榜完毕").wait_for()
    found["reveal"] = violations(page)

    assert found == {view: [] for view in found}


def reveal(hall: Hall, code: str, board: str) -> list[dict[str, Any]]:
    """Begin a reveal on a screen; its steps."""
    script = hall.order("POST", f"/boards/{board}/reveal", {})
    hall.order("POST", f"/screens/{code}", {"order": "reveal", "reveal": board})
    steps: list[dict[str, Any]] = script["steps"]
    return steps


def test_reveal_tells_neither_page_nor_line_anything_early(hall: Hall, new_screen: NewScreen) -> None:
    code = new_code()
    history = contest(f"screen{next(_boards)}", 6, marked=0)
    history.add(scores.BoardFrozen(board=history.board))
    for i in range(6):
        mark(history, i, f"{61 + 5 * i}.3{i}")
    hall.write(history)
    heard: list[str] = []

    def listen(page: "Page") -> None:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.eventSourceMessageReceived", lambda event: heard.append(event["data"]))
        page.on("response", lambda answer: heard.append(answer.url))
        page.on("requestfinished", lambda request: heard.append(_body(request)))

    steps = reveal(hall, code, history.board)
    page = new_screen(code, before=listen)
    page.locator(".curtain").wait_for()
    sealed = [step["row"]["total"] for step in steps if step["row"]]
    for at, step in enumerate(steps):
        shown = {each["row"]["total"] for each in steps[:at] if each["row"]}
        said = page.content() + json.dumps(heard)
        assert [total for total in sealed if total not in shown and total in said] == []
        hall.order("POST", f"/boards/{history.board}/reveal/moves", {"seen": at, "to": at + 1})
        if step["row"]:
            page.locator(".winner .total").get_by_text(step["row"]["total"]).wait_for()
        else:
            page.locator(".curtain strong").wait_for()

    assert page.locator(".winner .name").inner_text() == name_of(5)
    hall.order("POST", f"/boards/{history.board}/reveal/moves", {"seen": len(steps), "to": len(steps) - 1})
    page.locator(".curtain strong").wait_for()
    assert name_of(5) not in page.locator("main").inner_text()


def _body(request: Any) -> str:
    """The text of an answer that has an end."""
    answer = request.response()
    if answer is None or answer.headers.get("content-type", "").startswith(("image/", "font/")):
        return ""
    try:
        return str(answer.text())
    except Exception:  # a stream has none
        return ""
