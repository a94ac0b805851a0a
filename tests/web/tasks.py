"""How long a page keeps its main thread, in CPU time: what else the machine does meanwhile does not count."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.parts.processes import wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Page

_TRACED = {"includedCategories": ["toplevel"], "excludedCategories": ["*"]}


@contextmanager
def tasks_of(page: "Page") -> Iterator[list[float]]:
    """A list that has, once the block has ended, the milliseconds of each task that ran in it."""
    session = page.context.new_cdp_session(page)
    found: list[float] = []
    events: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda told: ended.extend((told,)))
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": _TRACED})
    yield found
    session.send("Tracing.end")
    wait_until(lambda: _after_a_moment(page, ended), seconds=30, what="the trace")
    session.detach()
    assert not ended[0]["dataLossOccurred"]
    main = {_thread(event) for event in events if event.get("args", {}).get("name") == "CrRendererMain"}
    tasks = [event for event in events if "RunTask" in event["name"] and _thread(event) in main]
    assert tasks
    found += [event["tdur"] / 1000 for event in tasks if "tdur" in event]


def _thread(event: dict[str, Any]) -> tuple[int, int]:
    return event["pid"], event["tid"]


def _after_a_moment(page: "Page", heard: list[dict[str, Any]]) -> bool:
    """What was heard; a page's events come only while the page is waited for."""
    page.wait_for_timeout(20)
    return bool(heard)
