"""Redis goes away and comes back: the last boards are served, said to be stale, and feeds catch up."""

import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.parts import Valkey
from tests.services.leaderboard.arena import Server, Writer, serving
from tests.services.leaderboard.reader import Reader
from tests.streams.boards import History, small


@pytest.fixture
def own_valkey(tmp_path: Path) -> Iterator[Valkey]:
    with Valkey(tmp_path / "valkey", durable=True, options=("--appendfsync", "always")) as running:
        yield running


@pytest.fixture
def writer(own_valkey: Valkey) -> Writer:
    return Writer(own_valkey.url)


@pytest.fixture
def server(own_valkey: Valkey, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, own_valkey.url) as running:
        yield running


def marked() -> History:
    history = small(3)
    history.mark("e1", theory=80, skill=80)
    history.mark("e2", theory=90, skill=90)
    return history


PATHS = ["/boards", "/boards/b1", "/boards/b1/entries/e1", "/boards/b1/entries/e1/explanation",
         "/boards/b1/entries/e1/above"]  # fmt: skip


def test_everything_that_was_asked_before_is_answered_as_stale_and_live_again_afterwards(
    server: Server, writer: Writer, own_valkey: Valkey
) -> None:
    writer.write(marked())
    before = {path: server.get(path).json() for path in PATHS}
    own_valkey.kill()

    stale = {path: server.get(path) for path in PATHS}

    for path, answer in stale.items():
        assert answer.status_code == 200
        assert answer.json()["stale_since"] is not None
        assert answer.json() | {"stale_since": None} == before[path]

    own_valkey.start()

    for path in PATHS:
        server.until(partial(server.get, path), lambda answer: answer.json()["stale_since"] is None)
    assert {path: server.get(path).json() for path in PATHS} == before


def test_stale_answers_come_at_once(server: Server, writer: Writer, own_valkey: Valkey) -> None:
    writer.write(marked())
    server.get("/boards/b1")
    own_valkey.kill()
    server.get("/boards/b1")

    begun = time.monotonic()
    for _ in range(20):
        assert server.get("/boards/b1").json()["stale_since"]

    assert time.monotonic() - begun < 2


def test_what_was_never_asked_is_refused_with_the_way_out(
    server: Server, writer: Writer, own_valkey: Valkey
) -> None:
    writer.write(marked())
    own_valkey.kill()

    answer = server.get("/boards/b1", offset=1)

    assert (answer.status_code, answer.json()["type"]) == (503, "urn:leitai:problem:nothing-kept")
    own_valkey.start()


def test_part_of_the_list_and_plain_pages_say_since_when_they_are_old(
    server: Server, writer: Writer, own_valkey: Valkey
) -> None:
    writer.write(marked())
    server.get("/boards")
    server.get("/boards/b1/page.html")
    own_valkey.kill()

    part = server.until(
        lambda: server.get("/boards", board="b1"), lambda answer: answer.json().get("stale_since")
    )
    pages = [server.get(path).text for path in ("/page.html", "/boards/b1/page.html")]

    assert [line["board"]["id"] for line in part.json()["boards"]] == ["b1"]
    assert ["数据停在" in page for page in pages] == [True, True]


def test_watcher_is_told_and_gets_what_happened_meanwhile(
    server: Server, writer: Writer, own_valkey: Valkey
) -> None:
    history = marked()
    writer.write(history)
    with Reader(server.url, "/boards/b1/feed") as reader:
        (first,) = reader.events(1)
        own_valkey.kill()
        (gone,) = reader.events(1)
        with Reader(server.url, "/boards/b1/feed") as late:
            told, page = late.events(2)
        own_valkey.start()
        history.mark("e3", theory=99, skill=99)
        writer.write(history)
        after = reader.until(writer.cursor("b1"))

    assert (gone.name, gone.data["stale_since"] is not None) == ("status", True)
    assert (told.name, page.name, page.data["rows"]) == ("status", "snapshot", first.data["rows"])
    diffs = [event for event in after if event.name == "diff"]
    assert [event.data["since"] for event in diffs] == [first.id, *(event.id for event in diffs[:-1])]
    assert [change["entry"] for event in diffs for change in event.data["changes"]] == ["e3"]
    assert [event.data["stale_since"] for event in after if event.name == "status"] in ([None], [])


def test_emptied_redis_is_not_an_empty_board(server: Server, writer: Writer, own_valkey: Valkey) -> None:
    history = marked()
    writer.write(history)
    server.get("/boards/b1")
    with Reader(server.url, "/boards/b1/feed") as reader:
        (first,) = reader.events(1)
        writer.empty()
        stale = server.until(lambda: server.get("/boards/b1"), lambda page: page.json()["stale_since"])
        writer.write(history)
        (again,) = reader.events(1)
    live = server.until(lambda: server.get("/boards/b1"), lambda page: not page.json()["stale_since"])

    assert stale.json()["rows"] == first.data["rows"]
    assert (again.name, again.data["rows"]) == ("reset", first.data["rows"])
    assert live.json()["rows"] == first.data["rows"]


def test_service_is_ready_only_while_redis_answers(
    server: Server, writer: Writer, own_valkey: Valkey
) -> None:
    ready = server.ready()
    server.break_database()
    without_database = server.ready()
    own_valkey.kill()

    assert (ready, without_database, server.ready()) == (200, 200, 503)
