"""The built pages: hashed files for ever, the pages themselves fresh, nothing from another origin.

deploy/nginx/nginx.conf says the same for the cluster; tests/deploy compares the two.
"""

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import parse_qs, quote

from starlette.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import Receive, Scope, Send

DIST = Path(__file__).parent.parent / "web" / "dist"
SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PAGES = {"judge": "judge.html", "live": "live.html", "screen": "live.html", "console": "console.html"}
"""The first part of an address and its page; the page's own router reads the rest."""

_IMMUTABLE = "public, max-age=31536000, immutable"
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))
_TYPES = {".js": "text/javascript", ".webmanifest": "application/manifest+json"}
_TEXTS = ("text/", "image/svg+xml", "application/json", "application/manifest+json")
_NOT_BUILT = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>擂台 Leitai</title>
<h1>页面尚未构建</h1><p>平台与接口已在运行。在项目目录运行 <code>make web</code>，然后刷新本页。</p>
<h1 lang="en">The pages are not built yet</h1>
<p lang="en">The platform and its API are running. 
In the project's folder run <code>make web</code>, then reload.</p>
"""


class Pages:
    """An ASGI app that serves one folder. It looks at the disk for each request: pages may be built later."""

    def __init__(self, folder: Path = DIST) -> None:
        self._folder = folder.resolve()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in scope["headers"]}
        answer = self._answer(scope["method"], scope["path"], headers)
        answer.headers.update(SECURITY)
        await answer(scope, receive, send)

    def _answer(self, method: str, path: str, headers: Mapping[str, str]) -> Response:
        if method not in ("GET", "HEAD"):
            return PlainTextResponse("Method not allowed", 405, {"Allow": "GET, HEAD"})
        if path == "/":
            return RedirectResponse("/live", 302, headers={"Cache-Control": "no-cache"})
        file = self._file(path)
        if file is not None:
            return _send(file, path, headers)
        if not self._folder.is_dir() and path.split("/")[1] in PAGES:
            return HTMLResponse(_NOT_BUILT, 503, {"Cache-Control": "no-store"})
        return PlainTextResponse("没有这个页面 · There is no such page", 404, {"Cache-Control": "no-cache"})

    def _file(self, path: str) -> Path | None:
        page = PAGES.get(path.split("/")[1])
        file = (self._folder / (page or path[1:])).resolve() if "\0" not in path else self._folder
        return file if file.is_file() and file.is_relative_to(self._folder) else None


def plain(scope: Scope) -> Scope:
    """`/live?plain` and `/live/<board>?plain`, where `live.html` sends readers without JavaScript."""
    first, *board = scope["path"].strip("/").split("/")
    if (
        first != "live"
        or len(board) > 1
        or "plain" not in parse_qs(scope["query_string"].decode("latin-1"), True)
    ):
        return scope
    path = f"/api/leaderboard/boards/{board[0]}/page.html" if board else "/api/leaderboard/page.html"
    return {**scope, "path": path, "raw_path": quote(path).encode()}


def _send(file: Path, path: str, headers: Mapping[str, str]) -> Response:
    media_type = _TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    told = {
        "Cache-Control": _IMMUTABLE if path.startswith("/assets/") else "no-cache",
        "Vary": "Accept-Encoding",
    }
    accepted = {each.partition(";")[0].strip() for each in headers.get("accept-encoding", "").split(",")}
    found = file
    for encoding, suffix in _ENCODINGS:
        ready = file.with_name(file.name + suffix)
        if encoding in accepted and ready.is_file():
            found, told["Content-Encoding"] = ready, encoding
            break
    if media_type.startswith(_TEXTS):
        media_type += "; charset=utf-8"
    answer = FileResponse(found, headers=told, media_type=media_type, stat_result=found.stat())
    if headers.get("if-none-match") == answer.headers["etag"]:
        kept = ("etag", "cache-control", "vary")
        return Response(None, 304, {name: answer.headers[name] for name in kept})
    return answer
