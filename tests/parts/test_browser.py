from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.mark.browser
def test_page_renders_and_speaks_chinese(page: "Page") -> None:
    page.set_content("<h1>擂台</h1>")

    assert page.inner_text("h1") == "擂台"
    assert page.evaluate("navigator.language") == "zh-CN"


@pytest.mark.browser
def test_screenshot_is_a_png(page: "Page") -> None:
    page.set_content("<h1>擂台</h1>")

    assert page.screenshot().startswith(b"\x89PNG")
