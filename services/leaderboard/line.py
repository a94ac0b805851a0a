"""How ready bytes reach a watcher's connection, now or not at all.

Thousands of watchers get the same bytes. ASGI asks for a message, a coroutine and a copy of the body for each
of them; to a plain connection of our server they go by its socket. Where thousands are written to in turn,
each object touched comes from memory and not from a cache: so these are the socket and its transport alone.
Elsewhere a coroutine is driven by hand.
"""

import socket
from asyncio import WriteTransport
from collections.abc import Iterable
from typing import NamedTuple

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


class SocketLine(socket.socket):
    """The socket of a transport, used beside it while nothing waits in the transport's own buffer.

    It is empty once a `send` that had nothing to add has returned, since that waits for what was sent before.
    The socket stays the transport's: it is never closed from here, nor written to while the transport closes.
    """

    __slots__ = ("transport",)

    def __init__(self, transport: WriteTransport) -> None:
        super().__init__(fileno=transport.get_extra_info("socket").fileno())
        self.setblocking(False)
        self.transport = transport
        transport.set_write_buffer_limits(0)  # what waits at all makes `send` wait

    def __del__(self) -> None:
        self.detach()


class AsgiLine:
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


Line = SocketLine | AsgiLine
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
        if transport.get_extra_info("sslcontext") is None:
            return SocketLine(transport)
    return AsgiLine(send)


def push(lines: Iterable[Line], chunk: Chunk) -> dict[Line, bool]:
    """Write now to each of them. Returns those that can take no more, and whether they took this.

    One whose connection is closing takes everything: its own task notices.
    """
    full: dict[Line, bool] = {}
    wire = chunk.wire
    size = len(wire)
    for line in lines:
        if isinstance(line, AsgiLine):
            if not line.push(chunk):
                full[line] = False
        elif not line.transport.is_closing():
            try:
                sent = line.send(wire)
            except BlockingIOError:
                full[line] = False
            except OSError:
                line.transport.abort()
            else:
                if sent != size:
                    line.transport.write(wire[sent:])
                    full[line] = True
    return full
