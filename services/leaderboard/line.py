"""How ready bytes reach a watcher's connection, now or not at all.

Thousands of watchers get the same bytes. ASGI asks for a message, a coroutine and a copy of the body for each
of them; a connection of our server is its transport, which takes bytes that were made once. Where thousands
are written to in turn, each object touched comes from memory and not from a cache, so only the transport is.
Elsewhere a coroutine is driven by hand.
"""

from asyncio import WriteTransport
from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_OWN_SEND = "leitai.send"
_FULL = 65_536
"""Bytes that a connection may have waiting: what asyncio takes for too many."""


class Chunk(NamedTuple):
    """A part of an answer: what ASGI is given, and its bytes on the wire."""

    message: Message
    wire: bytes

    @classmethod
    def of(cls, body: bytes) -> "Chunk":
        message = {"type": "http.response.body", "body": body, "more_body": True}
        return cls(message, b"%x\r\n%b\r\n" % (len(body), body))


class ByHand:
    """A connection of another server, or one whose answer is not in chunks."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def push(self, chunk: Chunk) -> bool:
        sending = self._send(chunk.message)
        try:
            sending.send(None)  # type: ignore[attr-defined]  # every ASGI send is a coroutine
        except StopIteration:
            return True
        except Exception:  # the connection is gone; its own task notices
            return True
        sending.close()  # type: ignore[attr-defined]
        return False


Line = WriteTransport | ByHand
"""One connection whose answer has begun."""


def keeping_send(app: ASGIApp) -> ASGIApp:
    """Outside of all middleware: what wraps `send` would cost a delivery to each of thousands of watchers."""

    async def outermost(scope: Scope, receive: Receive, send: Send) -> None:
        scope[_OWN_SEND] = send
        await app(scope, receive, send)

    return outermost


def line_of(scope: Scope, send: Send) -> Line:
    """The shortest way to the connection of a request whose answer has begun."""
    send = scope.get(_OWN_SEND, send)
    cycle = getattr(send, "__self__", None)
    if isinstance(cycle, RequestResponseCycle) and cycle.chunked_encoding:
        transport: WriteTransport = cycle.transport
        return transport
    return ByHand(send)


def push(lines: Iterable[Line], chunk: Chunk) -> list[Line]:
    """Write now to each of them. Returns those whose buffer is full: to them nothing was written.

    One whose connection is closing takes everything: its own task notices.
    """
    full: list[Line] = []
    wire = chunk.wire
    for line in lines:
        if isinstance(line, ByHand):
            if not line.push(chunk):
                full.append(line)
        elif not line.is_closing():
            if line.get_write_buffer_size() > _FULL:
                full.append(line)
            else:
                line.write(wire)
    return full
