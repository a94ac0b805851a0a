"""What the tablet keeps, for whom, and what it says where it cannot keep anything."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.parts.processes import wait_until
from tests.web.conftest import NewTablet
from tests.web.platform import Contest, Platform
from tests.web.tablet import (
    SEAM,
    SIZE,
    fill,
    hand_in,
    killable,
    open_desk,
    seam_reads,
    seams,
    shell_is_kept,
    shows,
)

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

NO_STORAGE = "indexedDB.open = () => { throw new DOMException('no', 'SecurityError') }"
FULL = """() => {
  const put = IDBObjectStore.prototype.put
  window.makeRoom = () => { IDBObjectStore.prototype.put = put }
  window.refusals = 0
  IDBObjectStore.prototype.put = () => {
    window.refusals += 1
    throw new DOMException('full', 'QuotaExceededError')
  }
}"""


def test_browser_that_keeps_nothing_takes_no_mark_and_spends_no_link(
    contest: Contest, new_tablet: NewTablet
) -> None:
    link = contest.link("j-1")
    private = new_tablet()
    private.add_init_script(NO_STORAGE)
    page = private.new_page()

    page.goto(link)

    shows(page, "此浏览器不能用来评分")
    open_desk(new_tablet().new_page(), link)


def test_full_tablet_says_that_marks_are_not_saved_and_saves_them_once_there_is_room(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    page.evaluate(FULL)
    fill(page, "50.5")
    shows(page, "没有存住！")
    shows(page, re.compile("平板存储空间已满"))
    before = page.evaluate("refusals")
    hand_in(page)
    page.wait_for_function("before => refusals > before", arg=before)
    shows(page, "第 1 位，共 10 位")

    page.evaluate("makeRoom()")
    page.get_by_role("textbox", name=SIZE).fill("18.5")

    shows(page, re.compile("^已保存$"))
    page.reload()
    page.get_by_role("button", name="提交评分表").wait_for()
    seam_reads(page, "50.5")
    hand_in(page)
    contest.wait_for_sheets(1)
    assert seams(contest) == ["50.5"]


def test_sheets_of_a_judge_who_stepped_away_go_up_while_a_colleague_marks(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    colleague = contest.link("j-2", "孙丽娟")
    page.context.route("**/api/scoring/sheets", lambda route: route.abort())
    fill(page, "50")
    hand_in(page)
    shows(page, "未上传 1")
    page.goto(colleague)
    shows(page, "孙丽娟")
    assert contest.sheets() == []

    page.context.unroute("**/api/scoring/sheets")

    (sheet,) = contest.wait_for_sheets(1)
    assert (sheet["judge"], sheet["marks"]["practical.seam"]) == ("j-1", "50")


def test_own_code_opens_the_tablet_again_without_network_and_nobody_elses_does(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    mine, other = contest.link("j-1"), contest.link("j-2", "孙丽娟")
    open_desk(page, mine)
    shell_is_kept(page)
    page.get_by_role("textbox", name=SEAM).fill("47")
    shows(page, re.compile("^已保存$"))
    page.context.set_offline(True)
    page.goto(other)
    shows(page, "连不上服务器")
    assert page.get_by_role("textbox", name=SEAM).count() == 0

    page.goto(mine)

    shows(page, "已保存在本机，尚未提交")
    seam_reads(page, "47")


def test_link_revoked_while_out_of_reach_keeps_the_marks_for_the_next_link(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    with page.expect_response(re.compile("/judge-links/exchange$")) as opened:
        open_desk(page, contest.link("j-1"))
    session = {"Authorization": f"Bearer {opened.value.json()['token']}"}

    def at_desk() -> int:
        """What the server, out of the page's reach, answers to the tablet's session."""
        with contest.platform.client() as client:
            return client.get(f"/scoring/boards/{contest.board}/desk", headers=session).status_code

    page.context.route("**/api/scoring/**", lambda route: route.abort())
    fill(page, "50")
    hand_in(page)
    shows(page, "未上传 1")
    assert at_desk() == 200
    with contest.platform.client() as client:
        (link,) = client.get("/identity/judge-links", params={"board": contest.board}).json()["items"]
        assert client.delete(f"/identity/judge-links/{link['id']}").status_code == 204
    wait_until(lambda: at_desk() == 401, seconds=30, what="the server refuses the session")
    page.context.unroute("**/api/scoring/**")
    shows(page, re.compile("您的链接已失效"))
    shows(page, "未上传 1")
    assert contest.sheets() == []

    page.goto(contest.link("j-1"))

    contest.wait_for_sheets(1)
    shows(page, "全部已上传")
    assert seams(contest) == ["50"]


def test_plain_http_marks_all_the_same_and_says_what_it_cannot(
    contest: Contest, browser: "Browser", platform: Platform, tmp_path: Path
) -> None:
    url = f"http://hall.test:{platform.port}"
    page = killable(browser, platform, tmp_path, url, ["--host-resolver-rules=MAP hall.test 127.0.0.1"])
    open_desk(page, contest.link("j-1"))
    assert page.evaluate("isSecureContext") is False
    shows(page, re.compile("本页还不能断网打开"))
    page.context.set_offline(True)
    fill(page, "50")
    hand_in(page)
    shows(page, "未上传 1")

    page.context.set_offline(False)

    contest.wait_for_sheets(1)
    page.context.close()
