"""The live board on a phone: found, followed, explained, moving, honest about its state, light."""

from typing import TYPE_CHECKING

import pytest

from schemas.events import scores
from services.gateway.pages import DIST
from tests.parts.processes import wait_until
from tests.web.axe import violations
from tests.web.conftest import NewPhone
from tests.web.hall import Hall, mark, written
from tests.web.phones import opened

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "live.html").is_file(), reason="pages not built: make web"),
]


def names(page: "Page") -> list[str]:
    return page.locator("[role=list] .name").all_inner_texts()


def test_list_leads_to_a_board(hall: Hall, phone: NewPhone) -> None:
    history = written(hall, 3)
    page = phone()
    page.goto("/live")

    page.locator(f'a[href="/live/{history.board}"]').click()

    page.wait_for_selector("[role=listitem] button")
    assert len(names(page)) == 3


def test_person_is_found_followed_and_remembered(hall: Hall, phone: NewPhone) -> None:
    page = opened(phone(), written(hall).board)

    page.get_by_role("button", name="找到我").click()
    page.get_by_label("姓名、编号或参赛号").fill("买买提")
    page.keyboard.press("Enter")
    page.locator("dialog li button").first.click()
    mine = page.get_by_role("region", name="我的成绩")
    mine.wait_for()
    before = mine.inner_text()
    page.reload()
    mine.wait_for()

    assert "买买提·吐尔逊江" in before
    assert "落后第" in before
    assert mine.inner_text() == before


def test_my_place_follows_the_marks_of_others(hall: Hall, phone: NewPhone) -> None:
    history = written(hall, 3, marked=0)
    for i, value in enumerate(("90", "80", "70")):
        mark(history, i, value)
    hall.write(history)
    page = opened(phone(), history.board)
    page.evaluate(
        "board => localStorage.setItem('leitai.me', JSON.stringify({[board]: 'e2'}))", history.board
    )
    page.reload()
    figures = page.locator(".card .figures")
    figures.get_by_text("10.00").wait_for()

    mark(history, 2, "95", version=2)
    hall.write(history)

    figures.locator("span", has_text="名").first.get_by_text("3", exact=True).wait_for()


def test_row_says_how_it_was_made_and_why_the_one_above_is_above(hall: Hall, phone: NewPhone) -> None:
    page = opened(phone(), written(hall).board)

    page.locator("[role=listitem] button").nth(1).click()
    page.wait_for_selector(".cells")
    said = page.locator("dialog").inner_text()

    assert "为什么排在上一名之后" in said
    assert "高于" in said
    assert "理论考试" in said
    assert "实际操作" in said


def test_rows_slide_to_their_new_places(hall: Hall, phone: NewPhone) -> None:
    history = written(hall, 5, marked=0)
    for i, value in enumerate(("90", "80", "70", "60", "50")):
        mark(history, i, value)
    hall.write(history)
    page = opened(phone(), history.board)
    page.evaluate(
        """() => {
          window.moved = []
          const animate = Element.prototype.animate
          Element.prototype.animate = function (frames, how) {
            window.moved.push(Object.keys(frames[0]).join())
            return animate.call(this, frames, how)
          }
        }"""
    )

    mark(history, 4, "99", version=2)
    hall.write(history)
    page.wait_for_function("() => window.moved.length > 0")

    assert set(page.evaluate("() => window.moved")) == {"transform"}
    wait_until(lambda: names(page)[0] == "欧阳震华", seconds=30, what="the new first row")


def test_nothing_moves_for_readers_who_asked_for_stillness(hall: Hall, phone: NewPhone) -> None:
    history = written(hall, 2)
    page = opened(phone(reduced_motion="reduce"), history.board)
    page.evaluate("() => { window.moved = 0; Element.prototype.animate = () => { window.moved += 1 } }")

    mark(history, 1, "100", version=2)
    mark(history, 0, "1", version=2)
    hall.write(history)

    wait_until(
        lambda: page.locator(".total").first.inner_text() == "100.00", seconds=30, what="the new total"
    )
    assert page.evaluate("() => window.moved") == 0


def test_board_can_be_ranked_by_a_part_and_by_a_unit(hall: Hall, phone: NewPhone) -> None:
    page = opened(phone(), written(hall).board)

    page.get_by_label("按哪一项排名").select_option(label="按理论考试")
    wait_until(lambda: len(names(page)) > 5, seconds=30, what="the board by theory")
    page.get_by_label("按哪一项排名").select_option(label="按总分")
    page.locator("[role=listitem] button").first.click()
    page.get_by_role("button", name="只看这个单位").click()

    page.get_by_role("button", name="只看").wait_for()
    wait_until(lambda: 0 < len(names(page)) <= 12, seconds=30, what="the rows of one unit")


STATES = {
    "已封榜": scores.BoardFrozen,
    "最终成绩": lambda board: scores.ResultsPublished(board=board, places={}, awards={}),
}


@pytest.mark.parametrize("word", STATES)
def test_state_of_the_board_is_said_in_words(hall: Hall, phone: NewPhone, word: str) -> None:
    history = written(hall, 4)
    history.add(STATES[word](board=history.board))  # type: ignore[operator]  # a fact's class or a function
    hall.write(history)

    page = opened(phone(), history.board)

    assert page.locator(".state .badge").inner_text() == word


def test_broken_line_says_since_when_the_board_stands(hall: Hall, phone: NewPhone) -> None:
    page = opened(phone(), written(hall, 4).board)
    live = page.locator(".stale").count()

    page.route("**/feed?*", lambda route: route.abort())
    hall.drop_feeds()
    page.locator(".stale").get_by_text("数据停在").wait_for()
    page.unroute("**/feed?*")

    page.locator(".stale").wait_for(state="detached", timeout=60_000)
    assert live == 0
    assert len(names(page)) == 4


def test_line_that_dies_without_a_word_is_noticed(hall: Hall, phone: NewPhone) -> None:
    page = phone()
    page.clock.install()
    page.add_init_script(
        """const listen = EventSource.prototype.addEventListener
        EventSource.prototype.addEventListener = function (name, ear) {
          listen.call(this, name, (event) => window.deaf || ear(event))
        }"""
    )
    opened(page, written(hall, 4).board)

    page.evaluate("() => { window.deaf = true }")
    page.clock.fast_forward(60_000)

    page.locator(".stale").get_by_text("数据停在").wait_for()


def test_long_board_scrolls_to_its_end(hall: Hall, phone: NewPhone) -> None:
    page = opened(phone(), written(hall, 1200).board)

    page.evaluate("() => scrollTo(0, document.documentElement.scrollHeight)")

    wait_until(
        lambda: any("1200 号" in each for each in page.locator(".who").all_inner_texts()),
        seconds=30,
        what="the end",
    )
    assert page.locator("[role=listitem]").count() < 60
    assert page.locator("[role=listitem]").last.get_attribute("aria-posinset") == "1200"


def test_board_is_a_plain_table_without_javascript(hall: Hall, phone: NewPhone) -> None:
    page = phone(java_script_enabled=False)
    page.goto(f"/live/{written(hall, 4).board}")

    page.wait_for_selector("table")
    assert page.locator("tbody tr").count() == 4
    page.get_by_role("link", name="全部榜单").click()
    page.get_by_role("heading", name="实时榜单").wait_for()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_violation_on_any_view(hall: Hall, phone: NewPhone, scheme: str, language: str) -> None:
    history = written(hall)
    page = phone(color_scheme=scheme, locale=language)
    page.goto("/live")
    page.wait_for_selector("h2")
    found = {"list": violations(page)}
    page.goto(f"/live/{history.board}")
    page.wait_for_selector("[role=listitem] button")
    found["board"] = violations(page)
    page.locator(".tools .button.main").click()
    page.locator("dialog input").fill("张")
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog li")
    found["find"] = violations(page)
    page.locator("dialog li button").first.click()
    page.wait_for_selector(".card")
    found["mine"] = violations(page)
    page.locator("[role=listitem] button").nth(1).click()
    page.wait_for_selector(".cells")
    found["entry"] = violations(page)

    assert found == {view: [] for view in found}


def test_plain_table_has_no_violation(hall: Hall, phone: NewPhone) -> None:
    page = phone()
    page.goto(f"/live/{written(hall, 4).board}?plain")
    page.wait_for_selector("table")

    assert violations(page) == []


def test_nothing_is_asked_of_another_origin(hall: Hall, phone: NewPhone) -> None:
    page = phone()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    opened(page, written(hall, 4).board)

    assert [url for url in asked if not url.startswith((hall.url, "data:"))] == []
