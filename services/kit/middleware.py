"""The edge of a service: request id, body limit, same origin, log of failures and metrics, in one pass.

Plain ASGI: the hot path cannot afford a task per request.
"""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import structlog
from prometheus_client import Counter, Histogram
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from rules.text import Text
from services.kit.ids import new_id
from services.kit.language import language_of
from services.kit.problems import BodyTooLarge, ForeignOrigin, Problem, respond
from services.kit.runtime import Runtime

_NOBODY_THERE = 499
"""In logs and metrics only: the client hung up before its request was read, as nginx names it."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_requests = Counter("leitai_requests_total", "Requests answered", ("service", "method", "status"))
_seconds = Histogram(
    "leitai_request_seconds", "Time to answer", ("service",), buckets=(0.005, 0.02, 0.1, 0.5, 2, 10)
)


class Edge:
    """Wraps a service's app. `service` names it in logs and metrics."""

    def __init__(self, app: ASGIApp, service: str, runtime: Runtime) -> None:
        self._app, self._service, self._limit = app, service, runtime.settings.body_limit
        self._log = structlog.get_logger("leitai.access").bind(service=service)
        self._took = _seconds.labels(service)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = new_id()
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-request-id", request_id.encode())]
            await send(message)

        headers = dict(scope["headers"])
        refused = self._refusal(scope["method"], headers)
        try:
            if refused:
                await respond(refused, language_of(Request(scope)))(scope, receive, answer)
            elif scope["method"] in _SAFE or b"content-length" in headers:
                await self._app(scope, receive, answer)
            else:
                await self._app(scope, await self._limited(receive), answer)
        except BodyTooLarge as problem:
            await respond(problem, language_of(Request(scope)))(scope, receive, answer)
        except ClientDisconnect:
            status = _NOBODY_THERE
        finally:
            took = time.perf_counter() - started
            _requests.labels(self._service, scope["method"], status).inc()
            self._took.observe(took)
            if status >= 500:
                self._note(scope, request_id, status, took)

    def _refusal(self, method: str, headers: Mapping[bytes, bytes]) -> Problem | None:
        length = headers.get(b"content-length", b"0")
        if length.isdigit() and int(length) > self._limit:
            return _too_large(self._limit)
        origin = headers.get(b"origin")
        if origin and method not in _SAFE and b"authorization" not in headers:
            host = headers.get(b"x-forwarded-host", headers.get(b"host", b""))
            if urlsplit(origin.decode("latin-1")).netloc != host.decode("latin-1"):
                return ForeignOrigin(way_out=Text("请从本平台的页面操作", "Use the platform's own pages"))
        return None

    async def _limited(self, receive: Receive) -> Receive:
        """The body of unannounced length, read before it is used. Raises BodyTooLarge."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._limit:
                raise _too_large(self._limit)
        first = iter([dict[str, Any]({"type": "http.request", "body": body, "more_body": False})])

        async def replay() -> Message:
            return next(first, None) or await receive()

        return replay

    def _note(self, scope: Scope, request_id: str, status: int, took: float) -> None:
        about = {"id": request_id, "ms": round(took * 1000, 2), "status": status}
        self._log.error("request", method=scope["method"], path=scope["path"], **about)


def _too_large(limit: int) -> BodyTooLarge:
    return BodyTooLarge(
        Text(f"最多 {limit} 字节", f"At most {limit} bytes"),
        way_out=Text("分成几次提交", "Send it in several parts"),
        limit=limit,
    )
