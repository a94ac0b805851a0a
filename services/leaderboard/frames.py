"""The bytes of a feed: an event in the shape of Server-Sent Events or of one JSON line."""

from datetime import datetime
from typing import Any, Literal

import msgspec

from services.leaderboard.resources import FeedEvent, FeedStatus

Style = Literal["sse", "ndjson"]
MEDIA_TYPES: dict[Style, str] = {
    "sse": "text/event-stream; charset=utf-8",
    "ndjson": "application/x-ndjson; charset=utf-8",
}
RETRY_MILLISECONDS = 2000
OPENING: dict[Style, bytes] = {"sse": b"retry: %d\n\n" % RETRY_MILLISECONDS, "ndjson": b""}
KEEP_ALIVE: dict[Style, bytes] = {"sse": b"event: alive\ndata: {}\n\n", "ndjson": b"\n"}
"""An event, for a browser tells its page nothing of comments: who hears none knows that the line is dead."""

_encoder = msgspec.json.Encoder(decimal_format="string")


def framed(style: Style, event: FeedEvent, data: bytes, id: str = "") -> bytes:
    """One event; `data` is JSON on one line. An event with an id moves the reader's cursor to it."""
    name = event.encode()
    if style == "sse":
        return b"".join(
            (b"event: ", name, b"\nid: " + id.encode() if id else b"", b"\ndata: ", data, b"\n\n")
        )
    place = b',"id":"%b"' % id.encode() if id else b""
    return b'{"event":"%b"%b,"data":%b}\n' % (name, place, data)


def encoded(value: Any) -> bytes:
    return _encoder.encode(value)


def status(style: Style, stale_since: datetime | None) -> bytes:
    return framed(style, "status", encoded(FeedStatus(stale_since=stale_since)))


def ending(style: Style) -> bytes:
    return framed(style, "end", b"{}")
