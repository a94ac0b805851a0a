import time
from itertools import pairwise
from typing import Any

import pytest

from schemas.events import scores
from services.leaderboard import watching
from tests.parts.processes import wait_until
from tests.services.leaderboard.arena import Server, Writer
from tests.services.leaderboard.reader import FeedEvent, Reader
from tests.streams.boards import History, scheme, small

FEEDS = ["/boards/b1/feed", "/boards/b1/feed.ndjson"]


def mark_all(history: History, mark: int, version: int = 1) -> None:
    for number in range(1, 4):
        history.mark(f"e{number}", version=version, theory=mark + number, skill=mark)


def changed(events: list[FeedEvent]) -> list[tuple[str, str]]:
    return [
        (change["entry"], change["row"]["total"])
        for event in events
        if event.name == "diff"
        for change in event.data["changes"]
    ]


def fallen_behind(server: Server) -> float:
    (line,) = [line for line in server.metrics().splitlines() if line.startswith("leitai_feed_behind_total ")]
    return float(line.split()[1])


@pytest.fixture
def history(writer: Writer) -> History:
    history = small(3)
    writer.write(history)
    return history


@pytest.mark.parametrize("feed", FEEDS)
def test_feed_begins_with_a_page_and_goes_on_with_diffs(
    server: Server, writer: Writer, history: History, feed: str
) -> None:
    with Reader(server.url, feed) as reader:
        (first,) = reader.events(1)
        history.mark("e2", theory=80, skill=80)
        writer.write(history)
        (second,) = reader.events(1)

    assert (first.name, first.id, len(first.data["rows"])) == ("snapshot", first.data["cursor"], 3)
    assert (second.name, second.data["since"], second.data["cursor"]) == ("diff", first.id, second.id)
    assert changed([second]) == [("e2", "240.00")]
    assert second.data["head"]["marked"] == 1


def test_page_of_the_feed_is_the_page_of_the_board(server: Server, history: History) -> None:
    with Reader(server.url, FEEDS[0], limit=2) as reader:
        (first,) = reader.events(1)

    assert first.data == server.get("/boards/b1", limit=2).json()


def test_steps_that_come_together_are_sent_as_few_frames_without_a_gap(
    server: Server, writer: Writer, history: History
) -> None:
    with Reader(server.url, FEEDS[0]) as reader:
        (first,) = reader.events(1)
        before = len(history.events)
        for version in range(1, 21):
            mark_all(history, version, version)
        begun = time.monotonic()
        writer.one_by_one(history, before)
        took = time.monotonic() - begun
        frames = reader.until(writer.cursor("b1"))

    assert len(frames) <= took * 20 + 2
    assert [event.data["since"] for event in frames] == [first.id, *(event.id for event in frames[:-1])]
    assert dict(changed(frames)) == {
        row["entry"]: row["total"] for row in server.get("/boards/b1").json()["rows"]
    }


@pytest.mark.parametrize("feed", FEEDS)
def test_reader_resumes_from_its_cursor_without_gap_or_repeat(
    server: Server, writer: Writer, history: History, feed: str
) -> None:
    with Reader(server.url, feed) as reader:
        (first,) = reader.events(1)
    before = len(history.events)
    mark_all(history, 50)
    writer.one_by_one(history, before)

    cursor: dict[str, Any] = {"since": first.id} if feed.endswith("ndjson") else {"cursor": first.id}
    with Reader(server.url, feed, **cursor) as reader:
        missed = reader.until(writer.cursor("b1"))
        history.mark("e1", version=2, theory=99, skill=99)
        writer.write(history)
        (later,) = reader.events(1)

    assert [event.data["since"] for event in missed] == [first.id, *(event.id for event in missed[:-1])]
    assert sorted(changed(missed)) == [("e1", "151.00"), ("e2", "152.00"), ("e3", "153.00")]
    assert (later.data["since"], changed([later])) == (missed[-1].id, [("e1", "297.00")])


def test_browser_resumes_by_last_event_id(server: Server, writer: Writer, history: History) -> None:
    cursor = server.get("/boards/b1").json()["cursor"]
    mark_all(history, 50)
    writer.write(history)

    with Reader(server.url, FEEDS[0], headers={"Last-Event-ID": cursor}) as reader:
        (event,) = reader.events(1)

    assert (event.name, event.data["since"]) == ("diff", cursor)


def test_another_process_resumes_from_the_feed_in_redis(
    server: Server, writer: Writer, history: History
) -> None:
    """This process never saw the frames: nobody watched."""
    cursor = server.get("/boards/b1").json()["cursor"]
    before = len(history.events)
    for version in range(1, 101):
        mark_all(history, 1, version)
    writer.one_by_one(history, before)

    with Reader(server.url, FEEDS[0], cursor=cursor) as reader:
        events = reader.until(writer.cursor("b1"))

    assert {event.name for event in events} == {"diff"}
    assert dict(changed(events)) == {"e1": "4.00", "e2": "5.00", "e3": "6.00"}


@pytest.mark.parametrize("cursor", ["1-1", "99999999999999-0", "nonsense", "0-0-0", "-1", "²-1"])
def test_unknown_cursor_gets_a_fresh_page(server: Server, history: History, cursor: str) -> None:
    with Reader(server.url, FEEDS[0], cursor=cursor) as reader:
        (event,) = reader.events(1)

    assert (event.name, len(event.data["rows"])) == ("reset", 3)


def test_new_scheme_sends_everybody_a_fresh_page_once(
    server: Server, writer: Writer, history: History
) -> None:
    mark_all(history, 50)
    writer.write(history)
    with Reader(server.url, FEEDS[0]) as one, Reader(server.url, FEEDS[1], limit=1) as other:
        one.events(1), other.events(1)
        history.scheme(scheme(2, weight="3"))
        writer.write(history)
        (to_one,), (to_other,) = one.events(1), other.events(1)
        history.mark("e1", version=2, theory=99, skill=99)
        writer.write(history)
        (then,) = one.events(1)

    assert (to_one.name, [row["total"] for row in to_one.data["rows"]]) == (
        "reset",
        ["203.00", "202.00", "201.00"],
    )
    assert (to_other.name, len(to_other.data["rows"])) == ("reset", 1)
    assert (then.name, then.data["since"]) == ("diff", to_one.id)


def test_feed_of_lines_ends_when_it_is_up_to_date_if_asked_to(
    server: Server, writer: Writer, history: History
) -> None:
    cursor = server.get("/boards/b1").json()["cursor"]
    mark_all(history, 50)
    writer.write(history)

    with Reader(server.url, FEEDS[1], since=cursor, follow="false") as reader:
        events = list(reader)

    assert [event.name for event in events] == ["diff", "end"]


def test_readers_who_leave_are_forgotten(server: Server, writer: Writer, history: History) -> None:
    for _ in range(3):
        with Reader(server.url, FEEDS[0]) as reader:
            reader.events(1)

    wait_until(lambda: "leitai_feed_watchers 0.0" in server.metrics(), seconds=30, what="watchers gone")


def test_reader_who_reads_nothing_is_closed_and_holds_nobody_up(
    server: Server, writer: Writer, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "SLOW_SECONDS", 0.5)
    with Reader(server.url, FEEDS[0], receive_buffer=2048) as slow, Reader(server.url, FEEDS[0]) as quick:
        slow.events(1), quick.events(1)
        gaps = []
        version = 0
        while "leitai_feed_watchers 1.0" not in server.metrics():
            version += 1
            assert version < 400, "the slow reader was never closed"
            before = len(history.events)
            history.mark("e1", version=version, theory=version % 100, skill=1)
            history.enter(*(f"x{version}-{i}" for i in range(100)), name="很长的名字" * 400)
            writer.one_by_one(history, before)
            begun = time.monotonic()
            quick.until(writer.cursor("b1"))
            gaps.append(time.monotonic() - begun)

    assert max(gaps) < 2


def test_reader_who_fell_behind_gets_everything_once_when_it_reads_again(
    server: Server, writer: Writer, history: History
) -> None:
    before = fallen_behind(server)
    with Reader(server.url, FEEDS[0], receive_buffer=2048) as slow:
        (first,) = slow.events(1)
        version = 0
        while fallen_behind(server) == before:
            version += 1
            assert version < 400, "the slow reader never fell behind"
            told = len(history.events)
            mark_all(history, version % 80, version)
            history.enter(*(f"x{version}-{i}" for i in range(100)), name="很长的名字" * 400)
            writer.one_by_one(history, told)
        events = slow.until(writer.cursor("b1"))
        history.mark("e1", version=version + 1, theory=99, skill=99)
        writer.write(history)
        (later,) = slow.events(1)

    assert all(after.data["since"] == earlier.id for earlier, after in pairwise([first, *events, later]))
    assert {event.name for event in events} == {"diff"}
    assert len(events) < version * 102
    assert changed([later]) == [("e1", "297.00")]


def test_events_arrive_in_order_for_all_who_join_at_different_times(
    server: Server, writer: Writer, history: History
) -> None:
    readers: list[Reader] = []
    for version in range(1, 11):
        readers.append(Reader(server.url, FEEDS[version % 2]))
        mark_all(history, version, version)
        writer.write(history)
    end = writer.cursor("b1")
    seen = [reader.until(end) for reader in readers]
    for reader in readers:
        reader.close()

    for events in seen:
        assert all(after.data["since"] == before.id for before, after in pairwise(events))


def test_frozen_board_says_so_and_shows_nothing_new(server: Server, writer: Writer, history: History) -> None:
    with Reader(server.url, FEEDS[0]) as reader:
        reader.events(1)
        history.add(scores.BoardFrozen(board="b1"))
        writer.write(history)
        (frozen,) = reader.events(1)
        history.mark("e1", theory=99, skill=99)
        writer.write(history)
        page = server.get("/boards/b1").json()

    assert frozen.data["head"]["frozen_at"] is not None
    assert changed([frozen]) == []
    assert page["head"]["marked"] == 0
