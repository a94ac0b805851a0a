"""axe-core in a page: no violation, in any state."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

AXE = Path(__file__).parents[2] / "services" / "web" / "node_modules" / "axe-core" / "axe.min.js"


def at_rest(page: "Page") -> None:
    """Wait until nothing on it moves."""
    page.wait_for_function("() => document.getAnimations().every((each) => each.playState !== 'running')")


def violations(page: "Page") -> list[str]:
    """Each violation with the elements that have it."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())  # evaluate is not bound by the page's policy, a script tag would be
    at_rest(page)  # a drawer that still slides in is half transparent, and so is the contrast of its text
    found = page.evaluate("async () => (await axe.run()).violations")
    return [
        f"{each['id']}: {each['help']}\n" + "\n".join(f"  {node['html']}" for node in each["nodes"])
        for each in found
    ]
