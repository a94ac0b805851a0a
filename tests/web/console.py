"""People of the organiser's console, and what they do there in a browser."""

import io
import itertools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import xlsxwriter
from playwright.sync_api import expect
from python_calamine import load_workbook

from tests.whole.platforms import Platform

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, FilePayload, Page

PASSWORD = "ribbon-anvil-lantern-82"
JUDGES = ("何卫东", "孙丽娟", "吕桂芳", "郑旭东", "傅秀英")
NAMES = ("张建国", "李素芬", "买买提·吐尔逊江", "王秀英", "欧阳震华", "阿卜杜热合曼·阿卜杜外力")
_counter = itertools.count(1)


@dataclass
class Desk:
    """A page of the console and what one does on it."""

    page: "Page"

    def go(self, path: str, heading: str = "") -> None:
        self.page.goto(f"/console{path}")
        self.page.wait_for_load_state("networkidle")
        if heading:
            self.page.get_by_role("heading", name=heading).first.wait_for()

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).first.click()

    def tab(self, name: str) -> None:
        self.page.get_by_role("link", name=name, exact=True).first.click()
        self.page.wait_for_load_state("networkidle")

    def agree(self, name: str, reason: str = "") -> None:
        """Answer the question that a dangerous act asks."""
        box = self.page.locator(".danger-box")
        box.wait_for()
        if reason:
            box.get_by_role("textbox").fill(reason)
        box.get_by_role("button", name=name, exact=True).click()
        box.wait_for(state="hidden")

    def choose(self, name: str | re.Pattern[str], option: str | re.Pattern[str]) -> None:
        """Take an option of a list."""
        box = self.page.get_by_role("combobox", name=name).first
        self.page.locator(".el-select").filter(has=box).first.click()
        self.page.get_by_role("option", name=option).first.click()

    def has_value(self, label: str, value: str) -> None:
        """Wait until the first field of this label has this value."""
        expect(self.page.get_by_label(label).first).to_have_value(value, timeout=30_000)

    def shows(self, text: str) -> None:
        self.page.get_by_text(text).first.wait_for()

    def board(self) -> str:
        """The id of the board whose pages are open."""
        return self.page.url.split("/boards/")[1].split("/")[0]


def account(platform: Platform, role: str, unit: str = "/", board: str = "") -> str:
    """A new account's login; its password is PASSWORD."""
    login = f"{role}-{next(_counter)}"
    grants = [{"role": role, "unit": "" if board else unit, "board": board}]
    body = {"login": login, "name": f"{role} 王", "unit": unit, "grants": grants, "password": PASSWORD}
    platform.administrator.post("/api/identity/accounts", body)
    return login


def signed_in(context: "BrowserContext", login: str) -> Desk:
    page = context.new_page()
    page.goto("/console")
    page.locator("[name=account]").fill(login)
    page.locator("[name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)
    page.wait_for_load_state("networkidle")
    return Desk(page)


def roster(rows: list[tuple[str, str]]) -> "FilePayload":
    """A roster as an organiser's Excel saves it, for a file chooser."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet("名册")
        for column, title in enumerate(("姓名", "单位")):
            sheet.write_string(0, column, title)
        for at, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "名册.xlsx", "mimeType": media_type, "buffer": stream.getvalue()}


def make_from_template(desk: Desk, title: str) -> None:
    desk.go("/new", "从模板开始")
    desk.page.get_by_role("button", name=re.compile("^技能大比武")).click()
    desk.page.locator("[name=title]").fill(title)
    desk.press("下一步")
    for number, name in enumerate(JUDGES, 1):
        desk.page.get_by_label(f"第 {number} 名裁判姓名").fill(name)
    desk.press("下一步")
    desk.press("建好竞赛")
    desk.page.get_by_role("heading", name="办赛进度").wait_for()


def import_roster(desk: Desk, unit: str) -> None:
    desk.tab("名册与抽签")
    desk.press("从 Excel 导入")
    chooser = desk.page.locator("[name=table]")
    chooser.set_input_files(roster([(NAMES[0], unit), (NAMES[1], "没有这个单位")]))
    desk.shows("有 1 处要改")
    desk.shows("第 3 行")
    chooser.set_input_files(roster([(name, unit) for name in NAMES]))
    desk.shows("检查通过，共 6 行")
    desk.page.get_by_text("资格已审核过").click()
    desk.press("导入 6 行")
    desk.shows("已导入 6 名")
    desk.press("关闭")


def draw(desk: Desk) -> None:
    desk.press("抽签")
    desk.agree("抽签")
    desk.shows("最近一次：6 名")


def codes_of_judges(desk: Desk) -> list[str]:
    desk.tab("裁判")
    desk.press("生成 5 个二维码")
    for judge in JUDGES:
        desk.page.get_by_role("img", name=f"{judge} 的二维码").wait_for()
    links = desk.page.get_by_role("link", name="在本机打开").all()
    return [link.get_attribute("href") or "" for link in links]


def type_theory(desk: Desk) -> None:
    desk.tab("外部成绩")
    for name in NAMES:
        desk.page.get_by_label(f"{name} 的成绩").fill("80.5")
    desk.press("保存 6 个改动")
    desk.shows("已保存 6 个成绩")


def mark_all(platform: Platform, links: list[str], board: str) -> None:
    """Every judge exchanges the link on their sheet and marks every entry, better ones higher."""
    for seat, link in enumerate(links):
        exchange = {"token": link.split("#", 1)[1], "device": f"device-{seat}-{board}"[:40]}
        opened = platform.anonymous.post("/api/identity/judge-links/exchange", exchange)
        judge = platform.anonymous.signed_in_as(opened["token"])
        for entry in judge.get(f"/api/scoring/boards/{board}/desk")["entries"]:
            marks = {f"practical.{aspect}": mark for aspect, mark in marks_of(entry["name"]).items()}
            sheet = {"id": f"{entry['id']}-{seat}", "board": board, "entry": entry["id"]}
            judge.post("/api/scoring/sheets", sheet | {"stage": "practical", "marks": marks})


def marks_of(name: str) -> dict[str, str]:
    """What every judge gives, by aspect in the order of the template: the earlier in NAMES, the more."""
    rank = NAMES.index(name)
    return {"process": str(24 - rank), "quality": str(58 - 2 * rank), "safety": "14"}


def publish(desk: Desk, folder: Path) -> list[str]:
    """Publish, propose the honour list and download it; every cell of the workbook."""
    desk.tab("成绩与奖励")
    desk.press("公布成绩")
    desk.agree("公布成绩")
    desk.shows("成绩已于")
    desk.press("拟定名单")
    desk.agree("拟定名单")
    desk.shows("第 1 版")
    with desk.page.expect_download() as downloading:
        desk.page.get_by_role("link", name="XLSX").first.click()
    file = folder / "名单.xlsx"
    downloading.value.save_as(file)
    book = load_workbook(file)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    return [str(cell) for sheet in sheets for row in sheet for cell in row]
