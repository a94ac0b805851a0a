"""The control room: who is late, what waits, and what it asks for while marks come in."""

import re

import pytest
from playwright.sync_api import Response, expect

from tests.web.axe import violations
from tests.web.conftest import NewDesk
from tests.web.console import Desk, account, signed_in
from tests.web.platform import NAMES, Contest, Platform

pytestmark = pytest.mark.browser


def open_room(desk: Desk, contest: Contest) -> list[Response]:
    """The control room, up to date; what it is answered from now on."""
    desk.go(f"/boards/{contest.board}/control")
    desk.shows("0 / 10 名已评完")
    expect(desk.page.get_by_role("status").filter(has_text="实时")).to_be_visible(timeout=30_000)
    desk.page.wait_for_load_state("networkidle")
    answers: list[Response] = []
    desk.page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 (it marks its handlers)
    return answers


def mark_whole(contest: Contest, *entries: str) -> None:
    for judge in ("j-1", "j-2"):
        contest.mark(judge, entries)


def test_control_room_tells_who_is_late_and_what_waits_for_a_second_person(
    organiser: Desk, contest: Contest, platform: Platform, new_desk: NewDesk
) -> None:
    judges = [
        {"judge": f"j-{number}", "name": name}
        for number, name in enumerate(("何卫东", "孙丽娟", "吕桂芳"), 1)
    ]
    contest.put("panels", {"stage": "practical", "judges": judges})
    contest.mark("j-1", contest.entries[:2])
    contest.mark("j-2", contest.entries[:2])
    organiser.go(f"/boards/{contest.board}/control")
    organiser.shows("落后 2 名")

    chief = signed_in(new_desk(), account(platform, "chief_judge", board=contest.board))
    chief.go(f"/boards/{contest.board}/control")
    chief.page.get_by_role("button", name=re.compile(f"^{NAMES[0]}.*已评，打开评分表")).first.click()
    chief.press("更正")
    chief.page.get_by_label("焊缝余高").fill("19")
    chief.press("提交更正")
    chief.agree("提交更正", "抄写有误")
    chief.shows("这一版是您提交的，须由另一人复核")
    chief.page.keyboard.press("Escape")
    chief.shows("更正待第二人复核（1）")
    assert violations(chief.page) == []

    organiser.page.reload()
    organiser.press("去复核")
    organiser.press("复核无误")

    organiser.page.get_by_role("heading", name=re.compile("更正待第二人复核")).wait_for(state="hidden")
    assert organiser.page.get_by_role("button", name="更正", exact=True).count() == 0


def test_closing_a_window_asks_first_and_can_be_called_off(organiser: Desk, contest: Contest) -> None:
    organiser.go(f"/boards/{contest.board}/control")
    organiser.choose(re.compile("的评分开关$"), "不收评分")
    organiser.press("应用")
    organiser.shows("裁判立即不能提交")
    organiser.page.locator(".danger-box").get_by_role("button", name="取消").click()

    organiser.page.get_by_role("button", name="应用").wait_for(state="hidden")
    with contest.platform.client() as client:
        windows = client.get(f"/scoring/boards/{contest.board}/window").json()["windows"]
    assert [window["mode"] for window in windows] == ["all"]


def test_mark_brings_its_own_entry_and_no_other(organiser: Desk, contest: Contest) -> None:
    answers = open_room(organiser, contest)

    mark_whole(contest, contest.entries[3])

    organiser.shows("1 / 10 名已评完")
    organiser.page.wait_for_load_state("networkidle")
    rows = [row for each in answers if "/progress" in each.url for row in each.json()["items"]]
    assert {row["entry"] for row in rows} == {contest.entries[3]}
    assert [each.url for each in answers if re.search("/(panels|window|scheme)$", each.url)] == []


def test_judge_who_joins_the_panel_elsewhere_has_a_column(organiser: Desk, contest: Contest) -> None:
    open_room(organiser, contest)

    judges = [{"judge": f"j-{number}", "name": name} for number, name in enumerate(("何卫东", "吕桂芳"), 1)]
    contest.put("panels", {"stage": "practical", "judges": judges})

    organiser.page.get_by_role("columnheader", name=re.compile("吕桂芳")).wait_for()


def test_choice_for_a_window_outlasts_marks(organiser: Desk, contest: Contest) -> None:
    open_room(organiser, contest)
    organiser.choose(re.compile("的评分开关$"), "只收一名选手")

    mark_whole(contest, contest.entries[0])

    organiser.shows("1 / 10 名已评完")
    organiser.page.get_by_role("combobox", name="当前选手").fill(NAMES[2])
    organiser.page.get_by_role("option", name=re.compile(NAMES[2])).click()
    organiser.press("应用")
    organiser.shows("已完成")
    with contest.platform.client() as client:
        windows = client.get(f"/scoring/boards/{contest.board}/window").json()["windows"]
    assert [window["entry"] for window in windows if window["mode"] == "one"] == [contest.entries[2]]


def test_what_came_while_nobody_looked_is_there_when_somebody_does(
    organiser: Desk, contest: Contest, platform: Platform, new_desk: NewDesk
) -> None:
    open_room(organiser, contest)
    other = signed_in(new_desk(), account(platform, "organiser"))
    open_room(other, contest)
    other.page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    mark_whole(contest, contest.entries[0])
    organiser.shows("1 / 10 名已评完")

    other.page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")

    other.shows("1 / 10 名已评完")
