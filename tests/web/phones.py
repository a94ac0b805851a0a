"""What is done on a phone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page


def opened(page: "Page", board: str) -> "Page":
    page.goto(f"/live/{board}")
    page.wait_for_selector("[role=listitem] button")
    return page
