"""The judge's tablet in a browser, against the running platform."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.web.axe import violations
from tests.web.conftest import NewTablet
from tests.web.platform import Contest, Platform
from tests.web.tablet import (
    SEAM,
    correct,
    draw,
    fill,
    hand_in,
    kill,
    killable,
    open_desk,
    seam_reads,
    seams,
    shows,
    tab_to,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


def test_link_leaves_no_secret_in_the_address_and_the_sheet_goes_up(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    assert page.url.endswith("/judge")
    fill(page, "55.5")
    shows(page, "93.5")

    hand_in(page)

    (sheet,) = contest.wait_for_sheets(1)
    assert sheet["marks"] == {
        "practical.seam": "55.5",
        "practical.size": "18",
        "practical.order": "10",
        "practical.mask": "1",
        "practical.late": "0",
    }
    shows(page, "第 2 位，共 10 位")


def test_marks_made_without_network_survive_a_killed_browser_and_go_up_once(
    contest: Contest, browser: "Browser", platform: Platform, tmp_path: Path
) -> None:
    page = killable(browser, platform, tmp_path)
    open_desk(page, contest.link("j-1"))
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    page.context.set_offline(True)
    for count, seam in enumerate(("50", "51.5", "52"), 1):
        fill(page, seam)
        hand_in(page)
        shows(page, f"未上传 {count}")
    page.get_by_role("textbox", name=SEAM).fill("47")
    shows(page, "已保存在本机，尚未提交")
    shows(page, re.compile("^已保存$"))
    kill(tmp_path)
    page = killable(browser, platform, tmp_path)
    page.context.set_offline(True)
    page.goto("/judge")
    shows(page, "未上传 3")
    seam_reads(page, "47")

    page.context.set_offline(False)

    contest.wait_for_sheets(3)
    shows(page, "全部已上传")
    assert sorted(seams(contest)) == ["50", "51.5", "52"]
    assert [sheet["version"] for sheet in contest.sheets()] == [1, 1, 1]
    page.context.close()


def test_killed_server_loses_nothing(contest: Contest, new_tablet: NewTablet, platform: Platform) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    platform.kill()
    fill(page, "44")
    hand_in(page)
    shows(page, "未上传 1")
    shows(page, "离线")

    platform.start()

    contest.wait_for_sheets(1)
    shows(page, "全部已上传")
    assert seams(contest) == ["44"]


def test_refusal_stays_until_the_judge_acts(contest: Contest, new_tablet: NewTablet) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    contest.put("window", {"stage": "", "mode": "closed"})
    fill(page, "40")
    hand_in(page)
    shows(page, "被退回 1")
    page.get_by_role("button", name="上一位").tap()
    shows(page, "此阶段未开放评分")
    page.reload()
    shows(page, "被退回 1")
    contest.put("window", {"stage": "", "mode": "all"})
    page.get_by_role("button", name="选手一览").tap()
    page.get_by_role("button", name=re.compile("被退回")).tap()

    page.get_by_role("button", name="原样再交一次").tap()

    contest.wait_for_sheets(1)
    assert seams(contest) == ["40"]


def test_sheet_that_changed_elsewhere_shows_both_and_asks(contest: Contest, new_tablet: NewTablet) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    fill(page, "40")
    hand_in(page)
    (sheet,) = contest.wait_for_sheets(1)
    page.get_by_role("button", name="上一位").tap()
    page.get_by_role("button", name="修改", exact=True).tap()
    correct(contest, sheet, "33")
    page.get_by_role("textbox", name=SEAM).fill("41")
    hand_in(page)
    page.get_by_role("button", name="上一位").tap()
    cells = page.get_by_role("row", name=SEAM).get_by_role("cell")
    cells.first.wait_for()
    assert cells.all_inner_texts() == ["41", "33"]

    page.get_by_role("button", name="用我的", exact=True).tap()

    shows(page, "服务器已收下")
    assert seams(contest) == ["41"]
    assert contest.sheets()[0]["version"] == 3


def test_two_judges_on_one_tablet_are_kept_apart(contest: Contest, new_tablet: NewTablet) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    page.get_by_role("textbox", name=SEAM).fill("50")
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("button", name="设置本机口令").tap()
    page.keyboard.type("2580")
    shows(page, "更改本机口令")

    page.goto(contest.link("j-2", "孙丽娟"))

    shows(page, "孙丽娟")
    shows(page, "还没有评分")
    seam_reads(page, "")
    fill(page, "20")
    hand_in(page)
    contest.wait_for_sheets(1)
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("button", name="换 何卫东 评分").tap()
    page.get_by_role("dialog", name="何卫东 的口令").wait_for()
    page.keyboard.type("2580")
    shows(page, "已保存在本机，尚未提交")
    seam_reads(page, "50")


def test_signed_sheets_show_what_was_signed_and_its_fingerprint(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    fill(page, "55.5")
    hand_in(page)
    shows(page, "全部已上传")
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("button", name="签字").tap()
    draw(page)

    page.get_by_role("button", name="签字确认").tap()

    shows(page, re.compile("已签 1 张"))
    page.reload()
    page.get_by_role("button", name="更多").tap()
    page.get_by_role("button", name="签字").tap()
    shows(page, re.compile(r"^[0-9a-f]{64}$"))
    page.get_by_role("img", name="签名").wait_for()


def test_marking_needs_no_pointer(contest: Contest, new_tablet: NewTablet) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    tab_to(page, SEAM)
    page.keyboard.type("61")  # the 1 would leave the scale, and is not taken
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.type("18.25")  # nor the 5, which is finer than the step
    page.keyboard.press("Enter")
    tab_to(page, "整洁有序")
    page.keyboard.press("Space")
    tab_to(page, "是")
    page.keyboard.press("Space")
    tab_to(page, "提交评分表")

    page.keyboard.press("Enter")

    (sheet,) = contest.wait_for_sheets(1)
    assert (sheet["marks"]["practical.seam"], sheet["marks"]["practical.size"]) == ("5.5", "18.2")


def test_spent_link_says_why_and_what_to_do(contest: Contest, new_tablet: NewTablet) -> None:
    link = contest.link("j-1")
    open_desk(new_tablet().new_page(), link)

    page = new_tablet().new_page()
    page.goto(link)

    shows(page, "链接已在另一台设备上使用")
    shows(page, re.compile("请向裁判长要新的二维码"))


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (800, 1280), (390, 844)])
@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_every_state_is_accessible(
    contest: Contest, new_tablet: NewTablet, width: int, height: int, locale: str
) -> None:
    page = new_tablet(width, height, locale).new_page()
    page.goto("/judge")
    page.get_by_role("heading").first.wait_for()
    assert violations(page) == []
    page.goto(contest.link("j-1"))
    page.locator(".hand-in").wait_for()
    assert violations(page) == []
    page.locator(".number input").first.fill("55.5")
    page.get_by_role("radio").first.tap()
    page.locator(".kind + *, .number input").last.fill("2")
    assert violations(page) == []
    page.locator(".bar .timer").tap()
    page.get_by_role("timer").wait_for()
    assert violations(page) == []
    page.locator(".bar .timer + button").tap()
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []
    page.locator("dialog .head button").tap()
    page.locator(".bar button").last.tap()
    page.get_by_role("dialog").wait_for()
    assert violations(page) == []
