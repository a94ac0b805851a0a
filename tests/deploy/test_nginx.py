import http.client
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from services.gateway.pages import SECURITY, Pages
from tests.parts import free_port, nginx
from tests.parts.java import ROOT
from tests.parts.nginx import Nginx

PORTS = {
    "identity": 8101,
    "registration": 8102,
    "scoring": 8103,
    "suggestions": 8104,
    "leaderboard": 8105,
    "awards": 8106,
}


class Echo(BaseHTTPRequestHandler):
    """Answers with its own name and the path; the feed sends one frame and then keeps silent."""

    protocol_version = "HTTP/1.1"
    goodbye = threading.Event()

    def do_GET(self) -> None:
        if self.path.endswith("/feed"):
            return self._feed()
        body = json.dumps({"service": self.server.service, "path": self.path, "padding": "x" * 2000}).encode()  # type: ignore[attr-defined] # set by the fixture
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return None

    def _feed(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(b"data: 1\n\n")
        self.wfile.flush()
        self.goodbye.wait(30)
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test's output is not a log."""


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx before one echo a service, with awards down and a few pages."""
    if reason := nginx.absence():
        pytest.skip(reason)
    addresses = {f"{name}:{port}": f"127.0.0.1:{free_port()}" for name, port in PORTS.items()}
    echoes = [_echo(word) for word in addresses.items() if not word[0].startswith("awards")]
    configuration = ROOT / "deploy" / "nginx" / "nginx.conf"
    folder = tmp_path_factory.mktemp("nginx")
    web = _pages(tmp_path_factory.mktemp("web"))
    with Nginx(folder, configuration=configuration, addresses=addresses, web=web) as part:
        yield part
    Echo.goodbye.set()
    for echo in echoes:
        echo.shutdown()
        echo.server_close()


@pytest.mark.parametrize("service", [name for name in PORTS if name != "awards"])
def test_api_path_reaches_its_service_unchanged(door: Nginx, service: str) -> None:
    _, _, body = _get(door, f"/api/{service}/boards/1?after=%E5%BC%A0")

    answer = json.loads(body)
    assert (answer["service"], answer["path"]) == (service, f"/api/{service}/boards/1?after=%E5%BC%A0")


def test_service_that_is_down_is_a_problem_document_in_both_languages(door: Nginx) -> None:
    status, headers, body = _get(door, "/api/awards/lists")

    assert (status, headers["Content-Type"]) == (503, "application/problem+json")
    assert "服务正在启动" in json.loads(body)["detail"]


def test_unknown_api_is_not_a_page(door: Nginx) -> None:
    assert _get(door, "/api/nothing")[0] == 404


def test_frame_of_the_feed_leaves_when_it_is_written(door: Nginx) -> None:
    link = http.client.HTTPConnection("127.0.0.1", door.port, timeout=5)
    link.request("GET", "/api/leaderboard/feed", headers={"Accept-Encoding": "gzip"})

    answer = link.getresponse()

    assert answer.read(9) == b"data: 1\n\n"
    assert answer.headers["Content-Encoding"] is None
    link.close()


@pytest.mark.parametrize("path", ["/screen/2", "/judge", "/judge/anything", "/live", "/console/boards/7"])
def test_pages_come_with_a_strict_policy(door: Nginx, path: str) -> None:
    status, headers, _ = _get(door, path)

    assert status == 200
    assert headers["Content-Security-Policy"].startswith("default-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-cache"


def test_files_with_hashed_names_are_kept_for_good_and_compressed(door: Nginx) -> None:
    _, headers, _ = _get(door, "/assets/app-4f2a.js")

    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Encoding"] == "gzip"


@pytest.mark.parametrize(
    "path", ["/", "/live", "/live/boards/7", "/assets/app-4f2a.js", "/judge-sw.js", "/judges", "/nothing.js"]
)
def test_embedded_platform_serves_pages_as_nginx_does(door: Nginx, path: str) -> None:
    status, headers, _ = _get(door, path)

    pages = Starlette(routes=[Mount("/", Pages(door.web))])
    embedded = TestClient(pages, follow_redirects=False).get(path, headers={"Accept-Encoding": "gzip"})

    assert embedded.status_code == status
    for name in (*SECURITY, "Cache-Control", "Location") if status < 400 else SECURITY:
        assert embedded.headers.get(name) == headers[name], name


def test_json_is_compressed_and_its_caching_left_to_the_service(door: Nginx) -> None:
    _, headers, _ = _get(door, "/api/leaderboard/boards", raw=True)

    assert (headers["Content-Encoding"], headers["Cache-Control"]) == ("gzip", None)


def test_nginx_does_not_say_which_release_it_is(door: Nginx) -> None:
    assert _get(door, "/live")[1]["Server"] == "nginx"


def _get(door: Nginx, path: str, raw: bool = False) -> tuple[int, http.client.HTTPMessage, str]:
    link = http.client.HTTPConnection("127.0.0.1", door.port, timeout=10)
    wants_gzip = raw or path.endswith(".js")
    link.request("GET", path, headers={"Accept-Encoding": "gzip"} if wants_gzip else {})
    answer = link.getresponse()
    body = answer.read()
    link.close()
    return answer.status, answer.headers, "" if wants_gzip else body.decode()


def _echo(word: tuple[str, str]) -> ThreadingHTTPServer:
    host, _, port = word[1].partition(":")
    server = ThreadingHTTPServer((host, int(port)), Echo)
    server.daemon_threads = True
    server.service = word[0].partition(":")[0]  # type: ignore[attr-defined] # read by Echo
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _pages(web: Path) -> Path:
    for name in ("live.html", "judge.html", "console.html", "judge-sw.js"):
        (web / name).write_text("<!doctype html><title>擂台</title>")
    (web / "assets").mkdir()
    (web / "assets" / "app-4f2a.js").write_text("const words = [];\n" * 200)
    return web
