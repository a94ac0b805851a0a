"""A whole contest in browsers: set up and imported, judged on two tablets with the network pulled, watched on
a phone and on a big screen, frozen, revealed, and the award list taken home as a workbook.

Every judge gives the same marks (`tests.web.console.marks_of`), so trimming changes nothing; theory is 80.5.

| entrant | process + quality + safety | practical | 0.3 × 80.5 + 0.7 × practical | total | place |
|---|---|---|---|---|---|
| 1st of NAMES | 24 + 58 + 14 | 96 | 24.15 + 67.20 | 91.35 | 1 |
| 2nd | 23 + 56 + 14 | 93 | 24.15 + 65.10 | 89.25 | 2 |
| 3rd | 22 + 54 + 14 | 90 | 24.15 + 63.00 | 87.15 | 3 |
| 4th | 21 + 52 + 14 | 87 | 24.15 + 60.90 | 85.05 | 4 |
| 5th | 20 + 50 + 14 | 84 | 24.15 + 58.80 | 82.95 | 5 |
| 6th | 19 + 48 + 14 | 81 | 24.15 + 56.70 | 80.85 | 6 |

At most a fifth of six get prizes: one, of which 1 : 2 : 3 leaves no first. Merit goes to half of six: 1 to 3.
"""

import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from services.gateway.pages import DIST
from tests.web.console import (
    NAMES,
    Desk,
    account,
    codes_of_judges,
    draw,
    import_roster,
    make_from_template,
    mark_all,
    marks_of,
    publish,
    signed_in,
    type_theory,
)
from tests.web.tablet import hand_in, kill, killable, shows
from tests.whole.platforms import Platform

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not (DIST / "console.html").is_file(), reason="pages not built: make web"),
]

TOTALS = ("91.35", "89.25", "87.15", "85.05", "82.95", "80.85")
SIZES = {"office": (1440, 900), "tablet": (1280, 800), "phone": (390, 844), "hall": (1920, 1080)}

People = Callable[[str], "BrowserContext"]


@pytest.fixture
def people(browser: "Browser", platform: Platform) -> Iterator[People]:
    """Makes browser profiles by where somebody sits; closed at the end."""
    made: list[BrowserContext] = []

    def make(where: str) -> "BrowserContext":
        width, height = SIZES[where]
        made.append(
            browser.new_context(
                viewport={"width": width, "height": height},
                base_url=platform.url,
                locale="zh-CN",
                timezone_id="Asia/Shanghai",
                has_touch=where in ("tablet", "phone"),
            )
        )
        return made[-1]

    yield make
    for context in made:
        context.close()


def test_contest_is_run_in_browsers(
    platform: Platform, people: People, browser: "Browser", tmp_path: Path
) -> None:
    code = uuid.uuid4().hex[:8]
    unit = {"code": f"U-{code}", "name": f"云南省机械冶金工会（{code}）"}
    home = platform.administrator.post("/api/registration/units", unit)
    desk = signed_in(people("office"), account(platform, "organiser", home["path"]))
    links = set_up(desk, code, unit["name"])
    board = desk.board()
    mark_all(platform, links[2:], board)
    phone = people("phone").new_page()
    phone.goto(f"/live/{board}")
    phone.locator("[role=list] .name").first.wait_for()

    mark_by_hand(people("tablet").new_page(), links[1])
    mark_through_an_outage(browser, platform, tmp_path / "tablet", links[0])
    desk.tab("控制台")
    desk.shows("6 / 6 名已评完")
    desk.press("封榜")
    desk.agree("封榜")
    shows(phone, "已封榜")
    type_theory(desk)
    hall = people("hall").new_page()
    reveal(desk, hall, f"J{board[-5:]}".upper())
    shown_early = phone.locator("main").inner_text()
    cells = publish(desk, tmp_path)

    shows(phone, "最终成绩")
    shows(phone, TOTALS[0])
    assert [total for total in TOTALS if total in shown_early] == []
    assert phone.locator("[role=list] .name").all_inner_texts() == list(NAMES)
    assert {"优胜奖", *NAMES[:3], *TOTALS[:3]} <= set(cells)


def set_up(desk: Desk, code: str, unit: str) -> list[str]:
    """From a template to the judges' links, the organiser's way."""
    make_from_template(desk, f"2026 年职工技能大赛 · 焊工 {code}")
    import_roster(desk, unit)
    draw(desk)
    return [link[link.index("/judge") :] for link in codes_of_judges(desk)]


def mark_by_hand(page: "Page", link: str) -> None:
    """All entrants in the order of their draw."""
    open_desk(page, link)
    for position in range(1, 7):
        hand_in_sheet(page, position)
    shows(page, "服务器已收下")


def mark_through_an_outage(browser: "Browser", platform: Platform, profile: Path, link: str) -> None:
    """One sheet goes up, two wait without a network while the browser is killed, three follow."""
    page = killable(browser, platform, profile)
    open_desk(page, link)
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    hand_in_sheet(page, 1)
    shows(page, "第 2 位")
    shows(page, "全部已上传")
    page.context.set_offline(True)
    for waiting in (1, 2):
        hand_in_sheet(page, 1 + waiting)
        shows(page, f"未上传 {waiting}")
    kill(profile)
    page = killable(browser, platform, profile)
    page.context.set_offline(True)
    page.goto("/judge")
    shows(page, "未上传 2")
    page.context.set_offline(False)
    shows(page, "全部已上传")
    for position in (4, 5, 6):
        hand_in_sheet(page, position)
    shows(page, "服务器已收下")
    page.context.close()


def open_desk(page: "Page", link: str) -> None:
    page.goto(link)
    page.locator(".entrant h2").wait_for()
    assert "#" not in page.url


def hand_in_sheet(page: "Page", position: int) -> None:
    """The marks of the entrant at this position of the draw."""
    shows(page, f"第 {position} 位，共 {len(NAMES)} 位")
    marks = marks_of(page.locator(".entrant h2").inner_text())
    for aspect, mark in zip(("准备与工艺", "作品质量", "安全文明"), marks.values(), strict=True):
        page.get_by_role("textbox", name=aspect).fill(mark)
    hand_in(page)


def reveal(desk: Desk, hall: "Page", code: str) -> None:
    """From the curtain to the winner, on the screen in the hall, led from the organiser's desk."""
    hall.goto(f"/screen?code={code}")
    desk.tab("揭榜")
    desk.press("准备揭榜")
    desk.shows("现场所见")
    board, title = desk.page.url, desk.page.locator("h1").inner_text()
    order_reveal(desk, code, title)
    desk.page.goto(board)
    hall.locator(".curtain").wait_for()
    shown = desk.page.get_by_text("现场所见")
    steps = int(re.findall(r"\d+", shown.inner_text())[1])
    for step in range(1, steps + 1):
        desk.press("揭晓下一步")
        desk.shows(f"{step} / {steps}")
    hall.locator(".winner .name", has_text=NAMES[0]).wait_for()
    shows(hall, TOTALS[0])


def order_reveal(desk: Desk, code: str, title: str) -> None:
    desk.go("/screens", "大屏")
    card = desk.page.locator("article", has_text=code)
    choice = desk.page.get_by_role("combobox", name="选择要揭的榜")
    card.locator(".el-select", has=choice).click()
    desk.page.get_by_role("option", name=title).click()
    card.get_by_role("button", name="揭榜", exact=True).click()
    card.get_by_text("揭榜", exact=True).first.wait_for()
