"""Judges at their tablets: a load that never gives up a sheet, and knows what was acknowledged."""

import json
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from services.cli.bench.contest import Contest
from tests.parts import wait_until

PATH = "/api/scoring/sheets"
_AGAIN_SECONDS = 0.05
_BETWEEN_SECONDS = 0.01
_HANG_UP_EVERY = 5
_TIMEOUT = httpx.Timeout(20, connect=2)
_AWAY = 503


class Judges:
    """Every judge of a contest sends version after version of each entry's sheet, one at a time.

    What got no answer, or was answered 503, is sent again with the same id. Every fifth sheet is first sent
    by a tablet that hangs up before the answer: it may have been taken, and its acknowledgement is lost.
    """

    def __init__(self, url: str, contest: Contest, tokens: list[str], path: str = PATH) -> None:
        self.url, self.contest, self.path = url, contest, path
        self.acknowledged: dict[str, dict[str, Any]] = {}
        self.sent: set[str] = set()
        self.refused: list[str] = []
        self.told: Counter[str] = Counter()
        self.away = self.unanswered = self.hung_up = 0
        self._tokens = tokens
        self._versions = [1] * len(tokens)
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> Self:
        """Go on marking, from where they stopped."""
        self._stop.clear()
        self._threads = [
            threading.Thread(target=self._mark, args=(judge,), daemon=True)
            for judge in range(len(self._tokens))
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Every judge gets the sheet in hand acknowledged, then stops."""
        self._stop.set()
        for thread in self._threads:
            thread.join(120)
            assert not thread.is_alive(), "a sheet is not acknowledged"
        assert not self.refused, self.refused[:3]

    def until_more(self, count: int, seconds: float = 120) -> None:
        """Wait until so many more sheets are acknowledged."""
        wanted = len(self.acknowledged) + count
        self.until(lambda: len(self.acknowledged) >= wanted, f"{count} more sheets are acknowledged", seconds)

    def until(self, condition: Callable[[], bool], what: str, seconds: float = 120) -> None:
        def met() -> bool:
            assert not self.refused, self.refused[:3]
            return condition()

        wait_until(met, seconds=seconds, what=what, interval=0.005)

    def _mark(self, judge: int) -> None:
        headers = {"Authorization": f"Bearer {self._tokens[judge]}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=_TIMEOUT, trust_env=False) as tablet:
            number = 0
            while not self._stop.is_set():
                for entry in range(self.contest.entries):
                    number += 1
                    self._hand_in(tablet, judge, entry, hang_up=number % _HANG_UP_EVERY == 0)
                    if self._stop.wait(_BETWEEN_SECONDS) and entry < self.contest.entries - 1:
                        return  # the present version is finished at the next start
                self._versions[judge] += 1

    def _hand_in(self, tablet: httpx.Client, judge: int, entry: int, *, hang_up: bool) -> None:
        body = self._sheet(entry, judge)
        if body["id"] in self.acknowledged:
            return
        self.sent.add(body["id"])
        if hang_up:
            self._send_and_hang_up(body, judge)
        while not self._is_taken(tablet, body):
            threading.Event().wait(_AGAIN_SECONDS)

    def _is_taken(self, tablet: httpx.Client, body: dict[str, Any]) -> bool:
        try:
            answer = tablet.post(self.path, json=body)
        except httpx.TransportError:
            self.unanswered += 1
            return False
        if answer.status_code in (200, 201):
            self.acknowledged[body["id"]] = answer.json()
            return True
        if answer.status_code == _AWAY and answer.headers["content-type"] == "application/problem+json":
            self.away += 1
            self.told[answer.json().get("detail", "")] += 1
            return False
        self.refused.append(f"{answer.status_code} {answer.text}")
        self._stop.set()
        return True

    def _send_and_hang_up(self, body: dict[str, Any], judge: int) -> None:
        where = urlsplit(self.url)
        content = json.dumps(body).encode()
        head = (
            f"POST {self.path} HTTP/1.1",
            f"Host: {where.netloc}",
            f"Authorization: Bearer {self._tokens[judge]}",
            "Content-Type: application/json",
            f"Content-Length: {len(content)}",
        )
        with suppress(OSError), socket.create_connection((where.hostname or "", where.port or 80), 2) as link:
            link.sendall("\r\n".join((*head, "", "")).encode() + content)
            self.hung_up += 1

    def _sheet(self, entry: int, judge: int) -> dict[str, Any]:
        sheet = self.contest.sheet(entry, judge, self._versions[judge])
        return {
            "id": sheet.id,
            "board": sheet.board,
            "entry": sheet.entry,
            "base": sheet.base,
            "marks": {aspect: str(mark) for aspect, mark in sheet.marks.items()},
        }
