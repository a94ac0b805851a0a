"""The pages of the embedded platform; tests/deploy compares them with nginx's."""

import gzip
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.gateway.pages import Pages

SCRIPT = "export const words = []\n" * 100


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "live.html").write_text("<!doctype html><title>榜单</title>")
    (dist / "assets" / "app-4f2a.js").write_text(SCRIPT)
    (dist / "assets" / "app-4f2a.js.gz").write_bytes(gzip.compress(SCRIPT.encode()))
    (tmp_path / "secret.key").write_text("secret")
    return dist


@pytest.fixture
def client(folder: Path) -> TestClient:
    return TestClient(Pages(folder), follow_redirects=False)


@pytest.mark.parametrize("path", ["/live", "/live/", "/live/boards/7", "/screen/1"])
def test_address_inside_a_page_answers_with_the_page(client: TestClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
    assert "榜单" in answer.text


def test_compressed_file_is_sent_to_those_who_take_it(client: TestClient) -> None:
    plain = client.get("/assets/app-4f2a.js", headers={"Accept-Encoding": "identity"})
    small = client.get("/assets/app-4f2a.js", headers={"Accept-Encoding": "gzip"})

    assert plain.text == small.text == SCRIPT
    assert "content-encoding" not in plain.headers
    assert (small.headers["content-encoding"], small.headers["vary"]) == ("gzip", "Accept-Encoding")
    assert small.headers["content-type"] == "text/javascript; charset=utf-8"


def test_page_that_is_known_already_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("/live").headers["etag"]

    answer = client.get("/live", headers={"If-None-Match": tag})

    assert (answer.status_code, answer.content) == (304, b"")


@pytest.mark.parametrize(
    "path", ["/../secret.key", "/%2e%2e/secret.key", "/assets/../../secret.key", "/assets", "/a%00b"]
)
def test_nothing_outside_the_folder_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_front_door_leads_to_the_boards(client: TestClient) -> None:
    answer = client.get("/")

    assert (answer.status_code, answer.headers["location"]) == (302, "/live")


def test_pages_that_are_not_built_say_what_to_do(tmp_path: Path) -> None:
    answer = TestClient(Pages(tmp_path / "dist")).get("/judge")

    assert answer.status_code == 503
    assert "make web" in answer.text
