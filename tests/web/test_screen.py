"""Big screens: read from afar, ordered about, back after a power cut."""

import re
import time
from typing import TYPE_CHECKING

import pytest

from schemas.events import registrations, scores
from services.gateway.pages import DIST
from tests.parts.processes import wait_until
from tests.streams.boards import board
from tests.web.axe import violations
from tests.web.big_screens import names, new_code, reveal, set_up
from tests.web.conftest import NewScreen
from tests.web.hall import SCREEN_SIZES, Hall, mark, name_of, written

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "live.html").is_file(), reason="pages not built: make web"),
]

LEAST_NAME = 0.04
"""Height of a name's letters, as a share of the screen's shorter side, that is read from 20 m in a hall."""

LONGEST_WAIT = 8_000
"""Milliseconds between two looks for a board that is wished for, at most, however busy the machine."""


@pytest.mark.parametrize("size", SCREEN_SIZES)
def test_names_are_large_and_nothing_is_cut(hall: Hall, new_screen: NewScreen, size: str) -> None:
    code = new_code()
    set_up(hall, code, written(hall, 25).board)
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
    assert letters >= LEAST_NAME * min(SCREEN_SIZES[size])
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
    code, history = new_code(), written(hall, 3, public=False)
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
