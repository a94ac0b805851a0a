"""A judge at a tablet, as tests play it."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.conftest import CHROMIUM_FLAGS, chromium_path
from tests.parts.processes import wait_until
from tests.web.platform import Contest
from tests.whole.platforms import Platform

if TYPE_CHECKING:
    import re

    from playwright.sync_api import Browser, Page

SEAM, SIZE = "焊缝外观（平焊、立焊、仰焊）", "焊缝余高"


def open_desk(page: "Page", link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="提交评分表").wait_for()


def shell_is_kept(page: "Page") -> None:
    """Waits until the worker has the page: only then is being offline what it is in a hall."""
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def fill(page: "Page", seam: str, size: str = "18") -> None:
    """Everything that a sheet needs, by keyboard and by touch."""
    page.get_by_role("textbox", name=SEAM).fill(seam)
    page.get_by_role("textbox", name=SIZE).fill(size)
    page.get_by_role("radio", name="整洁有序，全部归位").tap()
    page.get_by_role("radio", name="是", exact=True).tap()


def hand_in(page: "Page") -> None:
    page.get_by_role("button", name="提交评分表").tap()


def shows(page: "Page", text: "str | re.Pattern[str]") -> None:
    page.get_by_text(text).first.wait_for()


def seam_reads(page: "Page", value: str) -> None:
    box = page.get_by_role("textbox", name=SEAM)
    wait_until(lambda: box.input_value() == value, seconds=30, what=f"the seam as {value or 'empty'}")


def seams(contest: Contest) -> list[str]:
    return [sheet["marks"]["practical.seam"] for sheet in contest.sheets()]


def tab_to(page: "Page", name: str) -> None:
    """Press Tab until the focus is on what has this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate(_NAME):
            return
    raise AssertionError(f"Tab does not reach {name}")


_NAME = """() => {
  const on = document.activeElement
  const label = document.getElementById(on.getAttribute('aria-labelledby') ?? '')
  return (label ?? on).innerText || on.getAttribute('aria-label') || ''
}"""


def draw(page: "Page") -> None:
    """A stroke of a finger across the signature's field."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    touch = page.context.new_cdp_session(page)
    for step in range(20):
        kind = "touchMove" if step else "touchStart"
        at = {"x": box["x"] + 60 + 12 * step, "y": box["y"] + 60 + 10 * (step % 5)}
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def killable(
    browser: "Browser", platform: Platform, profile: Path, url: str = "", flags: Sequence[str] = ()
) -> "Page":
    """The first page of a browser with a profile on disk, as a tablet has one."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=chromium_path(),
        args=[*CHROMIUM_FLAGS, *flags],
        viewport={"width": 1280, "height": 800},
        locale="zh-CN",
        base_url=url or platform.url,
        has_touch=True,
    )
    return context.pages[0]


def kill(profile: Path) -> None:
    """End the browser as an empty battery does: nothing of the page runs any more."""
    mine = [
        process
        for process in psutil.process_iter(["cmdline"])
        if f"--user-data-dir={profile}" in (process.info["cmdline"] or [])
    ]
    assert mine
    for process in mine:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    _, alive = psutil.wait_procs(mine, timeout=30)
    assert not alive


def correct(contest: Contest, sheet: dict[str, object], seam: str) -> None:
    """The organiser corrects a sheet while the judge has it open."""
    marks = {**sheet["marks"], "practical.seam": seam}  # type: ignore[dict-item]  # JSON
    with contest.platform.client() as client:
        body = {"id": f"c-{sheet['id']}"[:36], "marks": marks, "base": sheet["version"], "reason": "看错数字"}
        answer = client.post(f"/scoring/sheets/{sheet['id']}/correct", json=body)
    assert answer.status_code in (200, 201), answer.text
