"""People of the organiser's console, and what they do there in a browser."""

import io
import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import xlsxwriter

from tests.web.platform import Platform

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
    with platform.client() as client:
        answer = client.post("/identity/accounts", json=body)
    assert answer.status_code == 201, answer.text
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


def mark_all(platform: Platform, links: list[str], board: str) -> None:
    """Every judge exchanges the link on their sheet and marks every entry, better ones higher."""
    with platform.client() as client:
        for seat, link in enumerate(links):
            token = link.split("#", 1)[1]
            device = f"device-{seat}-{board}"[:40]
            opened = client.post("/identity/judge-links/exchange", json={"token": token, "device": device})
            assert opened.status_code == 201, opened.text
            bearer = {"Authorization": f"Bearer {opened.json()['token']}"}
            desk = client.get(f"/scoring/boards/{board}/desk", headers=bearer).json()
            for entry in desk["entries"]:
                rank = NAMES.index(entry["name"])
                marks = {
                    "practical.process": str(24 - rank),
                    "practical.quality": str(58 - 2 * rank),
                    "practical.safety": "14",
                }
                sheet = {
                    "id": f"{entry['id']}-{seat}",
                    "board": board,
                    "entry": entry["id"],
                    "stage": "practical",
                    "marks": marks,
                }
                answer = client.post("/scoring/sheets", json=sheet, headers=bearer)
                assert answer.status_code == 201, answer.text
