"""How ready bytes reach a watcher's connection, now or not at all.

Thousands of watchers get the same bytes. ASGI asks for a message, a coroutine and a copy of the body for each
of them; a connection of our server takes a chunk that was made once. Elsewhere a coroutine is driven by hand.
"""

from typing import NamedTuple, Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_OWN_SEND = "leitai.send"


class Chunk(NamedTuple):
    """A part of an answer: what ASGI is given, and its bytes on the wire."""

    message: Message
    wire: bytes

    @classmethod
    def of(cls, body: bytes) -> "Chunk":
        message = {"type": "http.response.body", "body": body, "more_body": True}
        return cls(message, b"%x\r\n%b\r\n" % (len(body), body))


class Line(Protocol):
    """One connection whose answer has begun."""

    def push(self, chunk: Chunk) -> bool:
        """Write now. False where the connection's buffer is full: then nothing was written."""


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
        return _Straight(cycle)
    return _ByHand(send)


class _Straight:
    __slots__ = ("_cycle", "_flow", "_write")

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle, self._flow, self._write = cycle, cycle.flow, cycle.transport.write

    def push(self, chunk: Chunk) -> bool:
        if self._flow.write_paused:
            return self._cycle.disconnected
        if not (self._cycle.disconnected or self._cycle.response_complete):
            self._write(chunk.wire)
        return True


class _ByHand:
    __slots__ = ("_send",)

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
