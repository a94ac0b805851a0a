"""The organiser's console in a browser, against the running platform."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.web.axe import violations
from tests.web.conftest import NewDesk
from tests.web.console import (
    NAMES,
    PASSWORD,
    Desk,
    account,
    codes_of_judges,
    draw,
    import_roster,
    make_from_template,
    mark_all,
    publish,
    signed_in,
    type_theory,
)
from tests.web.platform import Contest, Platform

pytestmark = pytest.mark.browser

BOARD_PAGES = (
    *("", "/scheme", "/entries", "/start-list", "/judges", "/record"),
    *("/control", "/results", "/charts", "/reveal"),
)
PAGES = ("/", "/new", "/drives", "/screens", "/units", "/accounts")


def test_contest_from_template_to_award_list(organiser: Desk, platform: Platform, tmp_path: Path) -> None:
    with platform.client() as client:
        unit = client.post(
            "/registration/units", json={"code": "CON-1", "name": "云南省总工会（测试）"}
        ).json()
    desk = organiser
    make_from_template(desk, "2026 年职工技能大赛 · 焊工")
    import_roster(desk, unit["name"])
    draw(desk)
    links = codes_of_judges(desk)
    mark_all(platform, links, desk.board())
    type_theory(desk)

    desk.tab("控制台")
    desk.shows("6 / 6 名已评完")
    desk.press("封榜")
    desk.agree("封榜")
    desk.shows("公开榜单已封存")

    cells = publish(desk, tmp_path)

    assert {"优胜奖", NAMES[0]} <= set(cells)
    assert next(cell for cell in cells if cell in NAMES) == NAMES[0]


def test_hundred_contests_come_by_pages_each_with_its_state(organiser: Desk, platform: Platform) -> None:
    with platform.client() as client:
        unit = client.post("/registration/units", json={"code": "PAGES", "name": "分页总工会"}).json()["id"]
        campaign = client.post(
            "/registration/campaigns",
            json={"code": "PAGES", "title": {"zh": "分页大赛"}, "year": 2026, "unit": unit},
        ).json()["id"]
        for number in range(100):
            body = {"code": f"PAGE-{number}", "kind": "contest", "title": {"zh": f"分页工种 {number}"}}
            client.post(f"/registration/campaigns/{campaign}/boards", json=body).raise_for_status()
    organiser.go("/", "竞赛与评选")

    organiser.page.get_by_role("textbox", name="按名称、工种、单位查找").fill("分页工种")

    names = set[str]()
    for number in ("1", "2"):
        organiser.page.locator(".el-pager").get_by_text(number, exact=True).click()
        expect(organiser.page.locator("tbody tr .state")).to_have_count(50, timeout=30_000)
        names.update(organiser.page.locator("tbody tr td:first-child").all_inner_texts())
    assert names == {f"分页工种 {number}" for number in range(100)}


def test_first_password_must_be_changed(platform: Platform, new_desk: NewDesk) -> None:
    body = {"login": "newcomer", "name": "新来的", "grants": [{"role": "auditor", "unit": "/"}]}
    with platform.client() as client:
        one_time = client.post("/identity/accounts", json=body).json()["one_time_password"]
    page = new_desk().new_page()
    page.goto("/console/new")
    page.locator("[name=account]").fill("newcomer")
    page.locator("[name=password]").fill(one_time)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="设置新密码").wait_for()
    page.goto("/console/")
    page.get_by_role("heading", name="设置新密码").wait_for()

    page.locator("[name=current]").fill(one_time)
    page.locator("[name=next]").fill(PASSWORD)
    page.locator("[name=again]").fill(PASSWORD)
    page.keyboard.press("Enter")

    page.get_by_role("heading", name="竞赛与评选").wait_for()


def test_wrong_password_is_told_with_the_way_out(new_desk: NewDesk) -> None:
    page = new_desk().new_page()
    page.goto("/console")
    page.locator("[name=account]").fill("nobody")
    page.locator("[name=password]").fill("wrong password")
    page.keyboard.press("Enter")

    page.get_by_role("alert").get_by_text("怎么办").wait_for()


def test_auditor_sees_the_control_room_and_no_way_to_change_anything(
    contest: Contest, platform: Platform, new_desk: NewDesk
) -> None:
    desk = signed_in(new_desk(), account(platform, "auditor"))
    desk.go(f"/boards/{contest.board}/control")
    desk.shows("0 / 10 名已评完")

    assert desk.page.get_by_role("link", name="新建竞赛").count() == 0
    for name in ("封榜", "锁定评分", "裁定", "应用"):
        assert desk.page.get_by_role("button", name=name, exact=True).count() == 0


def test_control_room_shows_a_sheet_as_it_comes_in(
    organiser: Desk, contest: Contest, platform: Platform
) -> None:
    organiser.go(f"/boards/{contest.board}/control")
    organiser.shows("0 / 10 名已评完")
    organiser.page.get_by_text("实时", exact=True).wait_for()
    marks = {"practical.seam": "50", "practical.size": "18", "practical.order": "10", "practical.mask": "1"}
    sheet = {
        "id": f"s-{contest.board}",
        "entry": contest.entries[0],
        "judge": f"x-{contest.board}",
        "stage": "practical",
    }
    with platform.client() as client:
        panel = client.get(f"/scoring/boards/{contest.board}/panels").json()["panels"][0]
        sheet["judge"] = panel["judges"][0]["judge"]
        client.post(
            f"/scoring/boards/{contest.board}/sheets/import", json={"sheets": [sheet | {"marks": marks}]}
        )

    organiser.page.get_by_role("button", name=re.compile("已评，打开评分表")).click()

    organiser.shows("第 1 版")
    organiser.shows("焊缝余高")


def test_amendment_shows_the_changes_of_rank_before_it_asks(
    organiser: Desk, contest: Contest, platform: Platform
) -> None:
    with platform.client() as client:
        judge = client.get(f"/scoring/boards/{contest.board}/panels").json()["panels"][0]["judges"][0][
            "judge"
        ]
        marks = {
            "practical.seam": "50",
            "practical.size": "18",
            "practical.order": "10",
            "practical.mask": "1",
        }
        sheet = {
            "id": f"a-{contest.board}",
            "entry": contest.entries[0],
            "judge": judge,
            "stage": "practical",
        }
        client.post(
            f"/scoring/boards/{contest.board}/sheets/import", json={"sheets": [sheet | {"marks": marks}]}
        )
    organiser.go(f"/boards/{contest.board}/scheme")
    organiser.page.get_by_role("treeitem", name=re.compile("^实际操作")).locator(".node").first.click()
    organiser.page.get_by_role("textbox", name="权重", exact=True).fill("0.6")
    organiser.shows("有未保存的修改")
    organiser.press("修订方案")

    organiser.shows("1 名的名次或总分会变")
    organiser.page.get_by_role("dialog").get_by_role("textbox").fill("技术文件更正")
    organiser.page.get_by_role("dialog").get_by_role("button", name="修订方案").click()

    organiser.shows("第 2 版")


def test_sum_check_fails_as_it_is_typed(organiser: Desk, contest: Contest) -> None:
    organiser.go(f"/boards/{contest.board}/scheme")
    organiser.page.get_by_role("treeitem", name=re.compile("^实际操作")).locator(".node").first.click()
    organiser.page.get_by_label("合计校验").fill("77")

    organiser.page.get_by_role("alert").first.wait_for()


def test_worker_hands_in_an_idea_by_phone(platform: Platform, new_desk: NewDesk) -> None:
    with platform.client() as client:
        unit = client.post("/registration/units", json={"code": "DRV-1", "name": "焊接一班"}).json()
        campaign = {"code": "DRV-1", "title": {"zh": "金点子"}, "year": 2026, "unit": unit["id"]}
        campaign = client.post("/registration/campaigns", json=campaign).json()
        body = {"code": "DRV-1", "kind": "drive", "title": {"zh": "我为企业献一计"}, "entry_kind": "proposal"}
        client.post(f"/registration/campaigns/{campaign['id']}/boards", json=body)
    desk = signed_in(new_desk(390, 844), account(platform, "contestant", unit["path"]))
    desk.go("/drives", "建议与隐患")
    desk.press("提建议、报隐患")
    desk.page.locator("[name=idea-title]").fill("焊渣回收小车")
    desk.page.locator("[name=idea-present]").fill("焊渣散落，清扫费时")
    desk.page.locator("[name=idea-measure]").fill("加装回收槽")
    desk.page.locator("[name=idea-effect]").fill("每班少清扫半小时")
    assert violations(desk.page) == []
    desk.press("提交")

    desk.page.get_by_role("button", name="焊渣回收小车").wait_for()
    assert violations(desk.page) == []
    assert desk.page.get_by_role("link", name="账号", exact=True).count() == 0


def test_idea_is_screened_and_declined_with_a_reason(organiser: Desk, platform: Platform) -> None:
    with platform.client() as client:
        unit = client.post("/registration/units", json={"code": "DRV-2", "name": "电解二班"}).json()
        campaign = {"code": "DRV-2", "title": {"zh": "金点子"}, "year": 2026, "unit": unit["id"]}
        campaign = client.post("/registration/campaigns", json=campaign).json()
        body = {"code": "DRV-2", "kind": "drive", "title": {"zh": "献一计"}, "entry_kind": "proposal"}
        board = client.post(f"/registration/campaigns/{campaign['id']}/boards", json=body).json()["id"]
    organiser.go(f"/boards/{board}/proposals")
    organiser.press("提建议、报隐患")
    for name, text in (("title", "出铜口声光提醒"), ("authors", "胡晓燕"), ("present", "易误操作")):
        organiser.page.locator(f"[name=idea-{name}]").fill(text)
    for name, text in (("measure", "加装提醒"), ("effect", "少误操作")):
        organiser.page.locator(f"[name=idea-{name}]").fill(text)
    organiser.choose("单位", re.compile("电解二班"))
    organiser.press("提交")
    organiser.press("出铜口声光提醒")
    organiser.press("通过初审")
    organiser.agree("通过初审")
    organiser.press("不采纳")
    organiser.agree("不采纳", "已有同类装置")

    organiser.shows("已有同类装置")
    organiser.page.get_by_text("未采纳").first.wait_for()


def test_last_contest_is_copied_with_scheme_and_judges(organiser: Desk, contest: Contest) -> None:
    organiser.go("/new", "或照上一次的办")
    organiser.choose("或照上一次的办", re.compile("焊工（实际操作）决赛"))
    organiser.press("照此新建")
    organiser.page.locator("[name=title]").fill("2027 年焊工决赛")
    organiser.press("下一步")
    assert organiser.page.get_by_label("第 1 名裁判姓名").input_value() != ""
    organiser.press("下一步")
    organiser.press("建好竞赛")
    organiser.page.get_by_role("heading", name="办赛进度").wait_for()

    organiser.shows("第 1 版")
    assert organiser.board() != contest.board
    organiser.tab("评分方案")
    organiser.page.get_by_role("treeitem", name=re.compile("^实际操作")).wait_for()


@pytest.mark.parametrize(("language", "theme"), [("zh-CN", "light"), ("en", "dark")])
def test_every_page_is_accessible_and_speaks_one_language(
    contest: Contest, platform: Platform, new_desk: NewDesk, language: str, theme: str
) -> None:
    desk = signed_in(new_desk(1280, 800, language, theme), account(platform, "administrator"))
    for path in (*PAGES, *(f"/boards/{contest.board}{page}" for page in BOARD_PAGES)):
        desk.go(path)
        text = desk.page.locator("body").inner_text()

        assert violations(desk.page) == [], path
        assert re.findall(r"\b(?:console|shared)\.[a-z]\w*\.\w+", text) == [], path
        assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
