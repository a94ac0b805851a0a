"""A reader of the feed over a plain socket, so that it can also choose not to read."""

import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from types import TracebackType
from typing import Any, NamedTuple, Self
from urllib.parse import urlencode, urlsplit


class FeedEvent(NamedTuple):
    name: str
    id: str
    data: Any


class Reader:
    """One connection to a feed. `receive_buffer` makes the connection fill up soon."""

    def __init__(
        self,
        server: str,
        path: str,
        *,
        headers: dict[str, str] | None = None,
        receive_buffer: int = 0,
        **parameters: Any,
    ) -> None:
        where = urlsplit(server)
        self._link = socket.socket()
        if receive_buffer:
            self._link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self._link.settimeout(10)
        self._file = self._link.makefile("rb")
        try:
            self._link.connect((where.hostname, where.port))
            lines = [f"GET /api/leaderboard{path}?{urlencode(parameters)} HTTP/1.1", f"Host: {where.netloc}"]
            lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
            self._link.sendall("\r\n".join([*lines, "", ""]).encode())
            self.status = int(self._file.readline().split()[1])
            self.headers = dict(self._header_lines())
        except BaseException:
            self.close()
            raise
        self._text = self._lines()

    def events(self, count: int) -> list[FeedEvent]:
        """The next events; signs of life and `retry` are passed over."""
        found = []
        for event in self:
            found.append(event)
            if len(found) == count:
                break
        return found

    def until(self, cursor: str) -> list[FeedEvent]:
        """The next events to the one that brings the reader to `cursor`."""
        found = []
        for event in self:
            found.append(event)
            if event.id == cursor:
                break
        return found

    def __iter__(self) -> Iterator[FeedEvent]:
        """Every event to the end of the answer."""
        if self.headers["content-type"].startswith("application/x-ndjson"):
            for line in self._text:
                if line:
                    value = json.loads(line)
                    yield FeedEvent(value["event"], value.get("id", ""), value["data"])
            return
        fields: dict[str, str] = {}
        for line in self._text:
            name, _, value = line.partition(": ")
            if line:
                fields[name] = value
            elif fields.get("event") == "alive":
                fields = {}
            elif "event" in fields:
                yield FeedEvent(fields["event"], fields.get("id", ""), json.loads(fields["data"]))
                fields = {}

    def hang_up(self) -> None:
        """From another thread: the answer ends at once for whoever reads it."""
        with suppress(OSError):
            self._link.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._file.close()
        self._link.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _header_lines(self) -> Iterator[tuple[str, str]]:
        while line := self._file.readline().strip():
            name, _, value = line.decode().partition(": ")
            yield name.lower(), value

    def _lines(self) -> Iterator[str]:
        rest = b""
        for chunk in self._chunks():
            *lines, rest = (rest + chunk).split(b"\n")
            for line in lines:
                yield line.decode()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._file.readline() or b"0", 16):
            yield self._file.read(size)
            self._file.readline()
