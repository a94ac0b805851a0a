"""A reveal on a big screen: it fits, and tells nothing early."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from schemas.events import scores
from schemas.objects import Named
from services.gateway.pages import DIST
from tests.web.axe import at_rest
from tests.web.big_screens import new_code, reveal
from tests.web.conftest import NewScreen
from tests.web.hall import SCREEN_SIZES, Hall, mark, name_of, written

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "live.html").is_file(), reason="pages not built: make web"),
]


@pytest.mark.parametrize("size", SCREEN_SIZES)
def test_reveal_fits_the_screen(hall: Hall, new_screen: NewScreen, size: str) -> None:
    code = new_code()
    title = Named(zh="工业机器人系统操作员（智能制造单元集成与运维）", en="Industrial robots")
    history = written(hall, 8, title=title)
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


def test_reveal_tells_neither_page_nor_line_anything_early(hall: Hall, new_screen: NewScreen) -> None:
    code = new_code()
    history = written(hall, 6, marked=0)
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
