"""What judges and the world do to a tablet."""

import re
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from tests.conftest import CHROMIUM_FLAGS, chromium_path
from tests.whole.platforms import Platform

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


def hand_in(page: "Page") -> None:
    page.get_by_role("button", name="提交评分表").tap()


def shows(page: "Page", text: str | re.Pattern[str]) -> None:
    page.get_by_text(text).first.wait_for()


def killable(browser: "Browser", platform: Platform, profile: Path) -> "Page":
    """The first page of a browser with a profile on disk, as a tablet has one."""
    context = browser.browser_type.launch_persistent_context(
        profile,
        executable_path=chromium_path(),
        args=CHROMIUM_FLAGS,
        viewport={"width": 1280, "height": 800},
        locale="zh-CN",
        base_url=platform.url,
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
