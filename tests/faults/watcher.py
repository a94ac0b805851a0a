"""A phone that watches a board through every fault, by the client that docs/feed.md describes."""

import threading
from types import TracebackType
from typing import Any, Self

import httpx
import msgspec

from services.leaderboard.client import OutOfOrder, TopRows
from services.leaderboard.resources import BoardPage, Diff
from tests.parts import wait_until
from tests.services.leaderboard.reader import FeedEvent, Reader

_LIMIT = 500
_AGAIN_SECONDS = 0.05
_BROKEN = (OSError, ValueError, IndexError, KeyError)


class Watcher:
    """Folds the first page and every diff after it; comes back with its cursor whenever it is cut off."""

    def __init__(self, url: str, board: str) -> None:
        self.url, self.board = url, board
        self.gaps: list[str] = []
        self.diffs = self.resets = self.reconnects = 0
        self._top: TopRows | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._reader: Reader | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._reader:
            self._reader.hang_up()
        self._thread.join(30)

    def check(self, seconds: float = 60) -> None:
        """What was folded is what a fresh page shows, and no diff was missed on the way."""
        page = self._page()

        def agrees() -> bool:
            nonlocal page
            page = self._page()
            top = self._top
            return page is not None and top is not None and top.rows() == list(page.rows)

        wait_until(agrees, seconds=seconds, what=f"the watcher of {self.board} shows what a fresh page does")
        assert not self.gaps, self.gaps
        assert self._top is not None
        assert page is not None
        assert self._top.total == page.total

    def _page(self) -> BoardPage | None:
        try:
            answer = httpx.get(
                f"{self.url}/api/leaderboard/boards/{self.board}",
                params={"limit": _LIMIT},
                timeout=20,
                trust_env=False,
            )
        except httpx.TransportError:
            return None
        if answer.status_code != 200:
            return None
        page = msgspec.json.decode(answer.content, type=BoardPage)
        return page if page.stale_since is None else None

    def _watch(self) -> None:
        while not self._stop.is_set():
            headers = {"Last-Event-ID": self._top.cursor} if self._top else {}
            try:
                with Reader(self.url, f"/boards/{self.board}/feed", headers=headers, limit=_LIMIT) as reader:
                    self._reader = reader
                    if reader.status == 200 and not self._stop.is_set():
                        self._follow(reader)
            except _BROKEN:
                self.reconnects += 1
            self._stop.wait(_AGAIN_SECONDS)

    def _follow(self, reader: Reader) -> None:
        for event in reader:
            if self._stop.is_set():
                return
            self._take(event)

    def _take(self, event: FeedEvent) -> None:
        match event.name:
            case "snapshot" | "reset":
                self.resets += 1
                self._top = TopRows(_as(event.data, BoardPage))
            case "diff" if self._top is not None:
                self.diffs += 1
                try:
                    self._top.apply(_as(event.data, Diff))
                except OutOfOrder as gap:
                    self.gaps.append(str(gap))
                    self._top = None


def _as(data: Any, kind: Any) -> Any:
    return msgspec.convert(data, kind, strict=False)
