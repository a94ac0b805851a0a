"""What is done with a big screen."""

import itertools
from typing import TYPE_CHECKING, Any

from tests.web.hall import Hall

if TYPE_CHECKING:
    from playwright.sync_api import Page

_codes = itertools.count(1)


def new_code() -> str:
    return f"HALL{next(_codes)}"


def set_up(hall: Hall, code: str, *boards: str, **setting: Any) -> None:
    hall.order("PUT", f"/screens/{code}", {"boards": boards, "seconds": 600, **setting})


def names(page: "Page") -> list[str]:
    page.wait_for_selector("li.row .name")
    return page.locator("li.row .name").all_inner_texts()


def reveal(hall: Hall, code: str, board: str) -> list[dict[str, Any]]:
    """Begin a reveal on a screen; its steps."""
    script = hall.order("POST", f"/boards/{board}/reveal", {})
    hall.order("POST", f"/screens/{code}", {"order": "reveal", "reveal": board})
    steps: list[dict[str, Any]] = script["steps"]
    return steps
