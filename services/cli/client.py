"""Talking to a running platform over its HTTP API, as any other client would."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import click
import httpx

from services.cli.local import data_option

F = TypeVar("F", bound=Callable[..., Any])
URL = "http://127.0.0.1:8080"
TOKEN_FILE = "cli.token"  # noqa: S105 (a file's name)
PAGE = 500
_TIMEOUT = httpx.Timeout(10, read=120, write=120)
_NO_PROXY = {f"all://{host}": None for host in ("127.0.0.1", "localhost", "[::1]")}
"""No proxy that the environment names leads to a platform on this machine."""
_ATTEMPTS = 4
_BACKOFF_SECONDS = 0.4
_PASSING = (502, 503, 504)


class Unreachable(Exception):
    """The platform cannot be reached, or is not ready."""


class Refused(Exception):
    """The platform said no; `body` is its problem (RFC 9457)."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        self.status, self.body = status, body
        super().__init__(str(body.get("detail") or body.get("title") or status))

    @property
    def slug(self) -> str:
        return str(self.body.get("type", "")).rpartition(":")[2]

    def say(self) -> str:
        """What was refused and the way out, with every fault."""
        lines = [f"{self.status} {self}"]
        lines += [f"  {self.body['way_out']}"] if self.body.get("way_out") else []
        lines += [
            f"  {error.get('field', '')} [{error.get('value')}]: {error.get('detail')} {error.get('way_out')}"
            for error in self.body.get("errors", [])
        ]
        return "\n".join(lines)


class Client:
    """The API with a session's token. What got no answer is sent again, under the same idempotency key."""

    def __init__(self, http: httpx.Client, token: str = "") -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._headers["Accept-Language"] = _language()

    @classmethod
    def of(cls, url: str, token: str) -> "Client":
        return cls(httpx.Client(base_url=url, timeout=_TIMEOUT, mounts=_NO_PROXY), token)

    def signed_in_as(self, token: str) -> "Client":
        """The same platform with another session, over the same connections."""
        return Client(self._http, token)

    def get(self, path: str, /, **query: object) -> Any:
        wanted = {name: str(value) for name, value in query.items() if value not in (None, "")}
        return self._json("GET", path, None, wanted)

    def post(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._json("POST", path, body, {})

    def put(self, path: str, body: Mapping[str, Any]) -> Any:
        return self._json("PUT", path, body, {})

    def upload(self, path: str, name: str, content: bytes, **query: str) -> Any:
        """Send one file."""
        return self._answer("POST", path, None, query, {"file": (name, content)}).json()

    def delete(self, path: str) -> None:
        self._answer("DELETE", path, None, {})

    def pages(self, path: str, /, **query: object) -> Iterator[dict[str, Any]]:
        """The items of every page of a list."""
        offset = 0
        while True:
            page = self.get(path, **query, offset=offset, limit=PAGE)
            items = page["items"] if "items" in page else page["proposals"]
            yield from items
            offset += len(items)
            if not items or offset >= page["total"]:
                return

    def download(self, path: str, /, **query: str) -> bytes:
        return self._answer("GET", path, None, query).content

    def lines(self, path: str) -> Iterator[bytes]:
        """The lines of a long text as they come."""
        try:
            with self._http.stream("GET", path, headers=self._headers) as answer:
                if answer.status_code >= 400:
                    answer.read()
                    raise _refusal(answer)
                rest = b""
                for chunk in answer.iter_bytes():
                    *lines, rest = (rest + chunk).split(b"\n")
                    yield from lines
                if rest:
                    yield rest
        except httpx.TransportError as error:
            raise Unreachable(str(error)) from error

    def _json(self, method: str, path: str, body: Mapping[str, Any] | None, query: Mapping[str, str]) -> Any:
        return self._answer(method, path, body, query).json()

    def _answer(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        query: Mapping[str, str],
        files: Mapping[str, tuple[str, bytes]] | None = None,
    ) -> httpx.Response:
        headers, content = dict(self._headers), None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = str(uuid4())
        last = ""
        for attempt in range(_ATTEMPTS):
            time.sleep(_BACKOFF_SECONDS * attempt * attempt)
            try:
                answer = self._http.request(
                    method, path, headers=headers, content=content, files=files, params=dict(query)
                )
            except httpx.TransportError as error:
                last = str(error) or type(error).__name__
                continue
            if answer.status_code < 400:
                return answer
            refused = _refusal(answer)
            if answer.status_code not in _PASSING:
                raise refused
            last = refused.say()
        raise Unreachable(last)


def platform_options(default: str | None = URL) -> Callable[[F], F]:
    """--url, --token and --data. Without a default for --url the command works offline unless it is given."""
    usual = default or "不连接 · offline"
    options = (
        data_option,
        click.option(
            "--token",
            envvar="LEITAI_TOKEN",
            help="会话令牌；默认取自数据目录 · session token [data folder's]",
        ),
        click.option("--url", envvar="LEITAI_URL", default=default, help=f"平台地址 · address  [{usual}]"),
    )

    def add(function: F) -> F:
        for option in options:
            function = option(function)
        return function

    return add


def connect(url: str, token: str | None, data: Path) -> Client:
    """A client with the token given, or the one that `leitai up` wrote for this user. Raises UsageError."""
    file = data / TOKEN_FILE
    try:
        found = token or file.read_text().strip()
    except OSError:
        raise click.UsageError(
            f"没有令牌：给出 --token 或 LEITAI_TOKEN，或在平台的机器上用 --data 指向数据目录（{file}） · "
            f"no token: give --token or LEITAI_TOKEN, or --data on the platform's own machine ({file})"
        ) from None
    return Client.of(url.rstrip("/"), found)


def _refusal(answer: httpx.Response) -> Refused:
    try:
        body = answer.json()
    except ValueError:
        body = {}
    return Refused(answer.status_code, body if isinstance(body, dict) else {})


def _language() -> str:
    locale = os.environ.get("LC_ALL") or os.environ.get("LANG") or "zh"
    return "en" if locale.lower().startswith("en") else "zh-CN"
