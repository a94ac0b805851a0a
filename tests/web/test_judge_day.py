"""A judge's day in a hall: what goes wrong there, and what the tablet says and does."""

import copy
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from tests.parts.processes import wait_until
from tests.web.conftest import NewTablet
from tests.web.platform import SCHEME, Contest, Platform
from tests.web.tablet import (
    SEAM,
    SIZE,
    fill,
    hand_in,
    open_desk,
    seams,
    shows,
)

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


PAD: dict[str, Any] = {
    "id": "keys",
    "root": {
        "kind": "group",
        "function": "sum",
        "children": [
            {
                "kind": "measurement",
                "id": "height",
                "title": "余高",
                "scale": {"min": "-2", "max": "5", "step": "0.05"},
            },
            {
                "kind": "judgement",
                "id": "conduct",
                "title": "素养",
                "scale": {"min": "60", "max": "100", "step": "5"},
            },
            {
                "kind": "judgement",
                "id": "look",
                "title": "外观",
                "scale": {
                    "levels": [
                        {"mark": str(mark), "text": text}
                        for mark, text in enumerate(("不合格", "合格", "较好", "优秀"))
                    ]
                },
            },
        ],
    },
}
RUNS: dict[str, Any] = {
    "id": "runs",
    "root": {
        "kind": "group",
        "function": "sum",
        "attempts": {"count": 2, "function": "best", "title": "轮"},
        "children": [
            {
                "kind": "measurement",
                "id": "faults",
                "title": "失误数",
                "scale": {"step": "1"},
                "then": [{"op": "deduct_from_full", "full": "50", "each": "5"}],
            }
        ],
    },
}


def is_at(page: "Page", number: str) -> None:
    """Waits until the sheet is that of the entrant with this number."""
    page.locator(".entrant .number", has_text=re.compile(f"^{number}$")).wait_for()


def take_up(page: "Page") -> None:
    """The judge takes the tablet up again: the page asks how things stand at once, not at its next turn."""
    page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def named(contest: Contest, number: int, **more: Any) -> None:
    """The organiser opens the window for one entrant alone."""
    with contest.platform.client() as client:
        rows = client.get(f"/scoring/boards/{contest.board}/progress").json()["items"]
    entry = next(row["entry"] for row in rows if row["number"] == number)
    contest.put("window", {"stage": "", "mode": "one", "entry": entry, **more})


def test_panel_too_far_apart_marks_again_until_it_agrees(platform: Platform, new_tablet: NewTablet) -> None:
    scheme = copy.deepcopy(SCHEME)
    scheme["root"]["children"][1]["children"][0]["panel"] = {"judges": 2, "max_spread": "5"}
    contest = Contest.make(platform, "apart", scheme)
    page, other = new_tablet().new_page(), new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    fill(page, "50")
    hand_in(page)
    contest.wait_for_sheets(1)
    open_desk(other, contest.link("j-2", "孙丽娟"))
    fill(other, "30")
    hand_in(other)
    contest.wait_for_sheets(2)
    take_up(page)
    page.get_by_role("button", name="选手一览").tap()
    page.get_by_role("button", name=re.compile("^1 .*待重评")).tap()
    shows(page, "服务器已收下；裁判之间分差过大，请重评")
    shows(page, "分差过大，请重评")
    page.get_by_role("button", name="重新评分").tap()
    page.get_by_role("textbox", name=SEAM).fill("34")

    hand_in(page)

    wait_until(
        lambda: any(sheet["round"] == 2 for sheet in contest.sheets()), seconds=40, what="a second round"
    )
    assert sorted(seams(contest)) == ["30", "34"]
    page.get_by_role("button", name="上一位").tap()
    shows(page, "服务器已收下")


def test_page_follows_the_turn_and_never_takes_a_begun_sheet_away(
    contest: Contest, new_tablet: NewTablet
) -> None:
    named(contest, 3)
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    is_at(page, "3")
    fill(page, "50")
    hand_in(page)
    shows(page, "服务器已收下")
    is_at(page, "3")
    named(contest, 7)
    is_at(page, "7")
    page.get_by_role("textbox", name=SEAM).fill("41")

    named(contest, 2)
    take_up(page)

    shows(page, re.compile("现在轮到 2 号"))
    is_at(page, "7")
    page.get_by_role("button", name="去评").tap()
    is_at(page, "2")


def test_deadline_goes_by_the_servers_clock_and_shows_its_grace(
    contest: Contest, new_tablet: NewTablet
) -> None:
    over = datetime.now(UTC) - timedelta(minutes=1)
    contest.put("window", {"stage": "", "mode": "all", "deadline": over.isoformat(), "grace": 3600})
    page = new_tablet().new_page()
    page.clock.set_system_time(datetime.now(UTC) + timedelta(minutes=20))

    open_desk(page, contest.link("j-1"))

    shows(page, re.compile("本机时钟相差约 20 分钟"))
    shows(page, re.compile(r"已到截止时间，宽限还剩 5[789]:\d\d"))
    fill(page, "50")
    hand_in(page)
    contest.wait_for_sheets(1)


def test_control_room_hears_how_the_device_is(contest: Contest, new_tablet: NewTablet) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    contest.put("window", {"stage": "", "mode": "closed"})

    fill(page, "50")
    hand_in(page)

    def told() -> dict[str, Any]:
        with contest.platform.client() as client:
            (link,) = client.get("/identity/judge-links", params={"board": contest.board}).json()["items"]
        return dict(link["device_state"] or {})

    wait_until(lambda: told().get("refused") == 1, seconds=60, what="the device told of a refused sheet")
    assert told()["unsent"] == 0
    assert abs(told()["clock_ahead_ms"]) < 60_000


def test_stopwatch_runs_on_through_a_reload_and_gives_its_time_to_a_field(
    contest: Contest, new_tablet: NewTablet
) -> None:
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))
    page.get_by_role("button", name="秒表").tap()
    page.get_by_role("button", name="开始").tap()
    page.reload()
    page.get_by_role("button", name="秒表").tap()
    timer = page.get_by_role("timer")
    wait_until(lambda: timer.inner_text() > "0:01.0", seconds=30, what="the watch runs")
    page.get_by_role("button", name="停", exact=True).tap()
    page.get_by_role("textbox", name=SIZE).focus()

    page.get_by_role("button", name=re.compile("秒填入")).tap()

    taken = page.get_by_role("textbox", name=SIZE).input_value()
    assert timer.inner_text() == f"0:{taken.zfill(4)}"
    page.get_by_role("button", name="归零").tap()
    shows(page, "0:00.0")


def test_keys_lead_nowhere_off_the_scale(platform: Platform, new_tablet: NewTablet) -> None:
    contest = Contest.make(platform, "keys", PAD)
    page = new_tablet().new_page()
    open_desk(page, contest.link("j-1"))

    def press(field: str, *keys: str) -> str:
        page.get_by_role("textbox", name=field).focus()
        for key in keys:
            button = pad.get_by_role("button", name=key, exact=True)
            if button.is_enabled():
                button.tap()
        return page.get_by_role("textbox", name=field).input_value()

    pad = page.get_by_role("region", name="数字键")
    assert press("余高", "6", "1", "加一档") == "1.05"
    assert press("余高", "删去一位", "删去一位", "删去一位", "删去一位") == ""
    assert press("余高", "1", ".", "3", "正负号", "5", "0") == "-1.35"
    assert press("素养", "5", "7", "3", "5", "9") == "75"
    page.get_by_role("radio", name="优秀").focus()
    pad.get_by_role("button", name="2", exact=True).tap()
    page.get_by_role("radio", name="较好", checked=True).wait_for()
    page.get_by_role("radio", name="较好").focus()
    page.keyboard.press("3")
    page.get_by_role("radio", name="优秀", checked=True).wait_for()
    assert not pad.get_by_role("button", name="4", exact=True).is_enabled()


def test_attempts_keep_the_entrant(platform: Platform, new_tablet: NewTablet) -> None:
    contest = Contest.make(platform, "runs", RUNS)
    page = new_tablet().new_page()
    page.goto(contest.link("j-1"))
    page.get_by_role("button", name="下一位").tap()
    page.get_by_role("textbox", name="失误数").fill("3")
    shows(page, "35")
    hand_in(page)
    contest.wait_for_sheets(1)
    page.get_by_role("button", name="上一位").tap()

    page.get_by_role("button", name="第 2 轮").tap()

    box = page.get_by_role("textbox", name="失误数")
    wait_until(lambda: box.input_value() == "", seconds=30, what="an empty second attempt")
    is_at(page, "2")
