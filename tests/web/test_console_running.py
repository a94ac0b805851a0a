"""A contest under way, as the organiser's console shows and moves it: tables, lists, roles."""

import io
import re
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from playwright.sync_api import expect
from python_calamine import load_workbook

from tests.web.axe import violations
from tests.web.conftest import NewDesk
from tests.web.console import Desk, account, signed_in
from tests.web.platform import NAMES, SCHEME, Contest, Platform

pytestmark = pytest.mark.browser
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(*rows: tuple[Any, ...]) -> Any:
    """A spreadsheet for a file chooser."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return {"name": "成绩.xlsx", "mimeType": XLSX, "buffer": stream.getvalue()}


def league(platform: Platform, code: str) -> tuple[str, str]:
    """A board of a labour competition with one team; the board and the team's unit."""
    with platform.client() as client:
        unit = client.post("/registration/units", json={"code": code, "name": f"{code} 引水隧洞联队"}).json()
        campaign = {"code": code, "title": {"zh": "劳动竞赛"}, "year": 2026, "unit": unit["id"]}
        campaign = client.post("/registration/campaigns", json=campaign).json()
        body = {"code": code, "kind": "league", "entry_kind": "team", "title": {"zh": "“六比一创”劳动竞赛"}}
        board = client.post(f"/registration/campaigns/{campaign['id']}/boards", json=body).json()["id"]
        found = client.get("/scoring/templates").json()["items"]
        scheme = next(each["scheme"] for each in found if each["kind"] == "league")
        client.put(f"/scoring/boards/{board}/scheme", json={"data": scheme}).raise_for_status()
        client.put(f"/scoring/boards/{board}/window", json={"mode": "all"}).raise_for_status()
        entry = {"name": "隧洞一队", "unit": unit["id"], "verified": True}
        client.post(f"/registration/boards/{board}/entries", json=entry).raise_for_status()
    return board, unit["path"]


def test_theory_results_by_excel_name_the_wrong_cell_then_are_taken(
    organiser: Desk, contest: Contest
) -> None:
    organiser.go(f"/boards/{contest.board}/record")
    organiser.press("从 Excel 导入")
    chooser = organiser.page.locator("[name=table]")
    chooser.set_input_files(table(("姓名", "理论"), (NAMES[0], 88), (NAMES[1], "缺考")))
    organiser.shows("第 3 行 理论")
    organiser.shows("这里应填数")
    chooser.set_input_files(table(("姓名", "理论"), (NAMES[0], 88), (NAMES[1], 79.5)))
    organiser.shows("检查通过，共 2 行")
    assert violations(organiser.page) == []

    organiser.press("导入 2 行")

    organiser.shows("已写入 2 行")
    organiser.press("关闭")
    organiser.has_value(f"{NAMES[1]} 的成绩", "79.5")


def test_league_is_reported_by_phone_and_checked_by_excel(
    organiser: Desk, platform: Platform, new_desk: NewDesk, tmp_path: Path
) -> None:
    board, path = league(platform, "LG-1")
    reporter = signed_in(new_desk(390, 844), account(platform, "contestant", path))
    reporter.go(f"/boards/{board}/indicators")
    reporter.page.get_by_label("自报").first.fill("2")
    reporter.press("提交自报")
    reporter.shows("已完成")
    assert reporter.page.get_by_label(re.compile("，核查$")).count() == 0
    assert violations(reporter.page) == []

    organiser.go(f"/boards/{board}/indicators")
    organiser.has_value("比安全（违章次数），自报", "2")
    organiser.press("导入核查")
    with organiser.page.expect_download() as downloading:
        organiser.page.get_by_role("link", name="下载表格模板").click()
    file = tmp_path / "核查.xlsx"
    downloading.value.save_as(file)
    head, row, *_ = load_workbook(str(file)).get_sheet_by_index(0).to_python()
    filled = tuple("1" if at == 3 else cell for at, cell in enumerate(row))
    organiser.page.locator("[name=table]").set_input_files(table(tuple(head), filled))
    organiser.press("导入 1 行")
    organiser.shows("已写入 1 行")

    organiser.go(f"/boards/{board}/control")
    organiser.shows("1 / 1 名已评完")


def test_recused_judge_owes_nothing(organiser: Desk, contest: Contest) -> None:
    organiser.go(f"/boards/{contest.board}/judges")
    organiser.page.get_by_text("回避（0 名裁判）").click()
    organiser.choose("孙丽娟 回避谁", re.compile(NAMES[2]))
    organiser.page.keyboard.press("Escape")
    assert violations(organiser.page) == []
    organiser.press("保存裁判组")
    organiser.shows("回避（1 名裁判）")

    organiser.tab("控制台")
    organiser.shows("回避或退赛")
    row = organiser.page.get_by_role("row", name=re.compile(NAMES[2]))
    row.get_by_text("回避或退赛").wait_for()


def test_board_is_renamed_and_hidden_after_a_question(organiser: Desk, contest: Contest) -> None:
    organiser.go(f"/boards/{contest.board}", "办赛进度")
    organiser.page.locator("[name=board-title]").fill("焊工决赛（二组）")
    organiser.page.get_by_text("榜单对公众开放").click()
    organiser.press("保存")
    organiser.agree("保存")

    organiser.page.get_by_role("heading", name="焊工决赛（二组）").wait_for()
    organiser.shows("这个榜不对公众开放")


def test_boards_of_a_contest_are_listed_in_the_order_in_which_people_count(
    organiser: Desk, platform: Platform
) -> None:
    with platform.client() as client:
        unit = client.post("/registration/units", json={"code": "ORD-1", "name": "检修公司"}).json()["id"]
        campaign = {"code": "ORD-1", "title": {"zh": "岗位练兵"}, "year": 2026, "unit": unit}
        campaign = client.post("/registration/campaigns", json=campaign).json()["id"]
        for number in (10, 9, 2):
            body = {"code": f"trade-{number}", "kind": "contest", "title": {"zh": f"第 {number} 工种"}}
            client.post(f"/registration/campaigns/{campaign}/boards", json=body).raise_for_status()

    organiser.go("/", "竞赛与评选")
    organiser.page.get_by_label(re.compile("查找")).first.fill("工种")

    rows = organiser.page.get_by_role("link", name=re.compile("^第 .* 工种$"))
    expect(rows).to_have_text(["第 2 工种", "第 9 工种", "第 10 工种"])


def test_pioneer_template_brings_where_points_come_from(organiser: Desk) -> None:
    organiser.go("/new", "从模板开始")
    organiser.page.get_by_role("button", name=re.compile("^工人先锋号评选")).click()
    organiser.page.locator("[name=title]").fill("2026 年工人先锋号")
    organiser.press("下一步")
    organiser.press("下一步")
    organiser.press("建好竞赛")
    organiser.page.get_by_role("heading", name="办赛进度").wait_for()

    organiser.tab("贡献来源")
    organiser.page.get_by_role("heading", name="计分来源").wait_for()
    points = organiser.page.get_by_label("每次得分")
    assert points.first.input_value() == "8，7，6，5，4，3，2，1"
    assert violations(organiser.page) == []
    points.first.fill("10，6，3")
    organiser.press("保存来源")
    organiser.agree("保存来源")
    organiser.page.reload()

    organiser.has_value("每次得分", "10，6，3")


def test_half_described_contest_is_there_when_one_comes_back(organiser: Desk) -> None:
    organiser.go("/new", "从模板开始")
    organiser.page.get_by_role("button", name=re.compile("^世赛模式")).click()
    organiser.page.locator("[name=title]").fill("数控铣选拔赛")
    organiser.tab("单位")
    organiser.page.get_by_role("heading", name="单位").wait_for()
    organiser.tab("新建竞赛")

    expect(organiser.page.locator("[name=title]")).to_have_value("数控铣选拔赛", timeout=30_000)


def test_chief_judge_gives_codes_to_judges_and_sees_no_draft_of_awards(
    contest: Contest, platform: Platform, new_desk: NewDesk
) -> None:
    desk = signed_in(new_desk(), account(platform, "chief_judge", board=contest.board))
    desk.go(f"/boards/{contest.board}/judges")
    desk.press("生成 1 个二维码")
    desk.page.get_by_role("img", name="孙丽娟 的二维码").wait_for()

    desk.go(f"/boards/{contest.board}/results")
    desk.shows("公布前只有承办方能看到获奖草稿")
    assert desk.page.get_by_role("alert").count() == 0


def test_codes_are_printed_on_one_sheet_for_each_judge(organiser: Desk, contest: Contest) -> None:
    organiser.go(f"/boards/{contest.board}/judges")
    organiser.press("生成 2 个二维码")
    organiser.page.get_by_role("img", name="孙丽娟 的二维码").wait_for()

    paper = organiser.page.pdf(format="A4")

    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 2


def test_pages_of_others_lead_back(contest: Contest, platform: Platform, new_desk: NewDesk) -> None:
    desk = signed_in(new_desk(), account(platform, "auditor"))
    for path in ("/new", "/units", "/accounts", "/screens"):
        desk.go(path, "竞赛与评选")
    worker = signed_in(new_desk(390, 844), account(platform, "contestant"))
    worker.go(f"/boards/{contest.board}/control")

    worker.page.wait_for_url(re.compile(f"/boards/{contest.board}/?$"))
    assert worker.page.get_by_role("alert").count() == 0


def test_tie_is_decided_by_the_chief_judge_before_results_are_published(
    contest: Contest, platform: Platform, new_desk: NewDesk
) -> None:
    contest.put("scheme", {"data": SCHEME | {"ranking": {"last_resort": "committee"}}})
    contest.mark("j-1", contest.entries[:2])
    contest.mark("j-2", contest.entries[:2])
    theory = table(("姓名", "理论"), (NAMES[0], 80), (NAMES[1], 80))
    with platform.client() as client:
        client.post(
            f"/scoring/boards/{contest.board}/figures/exam?dry_run=false",
            files={"file": (theory["name"], theory["buffer"])},
        ).raise_for_status()
    desk = signed_in(new_desk(), account(platform, "chief_judge", board=contest.board))
    desk.go(f"/boards/{contest.board}/results")
    desk.press("公布成绩")
    desk.agree("公布成绩")
    second = desk.page.get_by_role("button", name=re.compile(" 上移$"))
    winner = (second.get_attribute("aria-label") or "").removesuffix(" 上移")
    second.click()
    desk.page.get_by_label("理由，记入账本").fill("加赛结果")
    assert violations(desk.page) == []
    desk.press("记录裁定")
    desk.shows("裁定已记录，可以公布")
    desk.press("公布成绩")
    desk.agree("公布成绩")
    desk.shows("成绩已于")

    desk.page.get_by_role("tab", name="全部名次").click()
    desk.page.get_by_role("row", name=re.compile(f"^1 {winner}")).wait_for()


def test_tablet_that_needs_looking_after_is_named(organiser: Desk, contest: Contest) -> None:
    token = contest.link("j-2", "孙丽娟").split("#", 1)[1]
    state = {"unsent": 3, "refused": 1, "battery": 12, "charging": False, "works_offline": True}
    with contest.platform.client() as client:
        opened = client.post(
            "/identity/judge-links/exchange", json={"token": token, "device": "tablet-of-the-hall"}
        )
        bearer = {"Authorization": f"Bearer {opened.json()['token']}"}
        client.post("/identity/sessions/current/use", json=state, headers=bearer).raise_for_status()
    organiser.go(f"/boards/{contest.board}/control")

    row = organiser.page.get_by_role("row", name=re.compile("^孙丽娟 1 号平板"))
    row.get_by_text("电量低").wait_for()
    row.get_by_text("1 张被退回").wait_for()
    assert row.get_by_role("cell", name="12 %").count() == 1
    assert row.get_by_role("cell", name="3", exact=True).count() == 1
    assert violations(organiser.page) == []
