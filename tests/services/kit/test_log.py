"""The log: gapless under concurrent writers, nothing of a rolled-back transaction, chained."""

import threading
from datetime import UTC, datetime

import pytest

from schemas.envelope import GENESIS, decode, link
from schemas.events.registrations import NumbersDrawn
from schemas.events.scores import BoardFrozen, BoardThawed
from schemas.topics import Topic
from services.kit import log
from services.kit.database import Database
from services.kit.processed import once
from services.kit.session import WriteSession

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def freeze(session: WriteSession, board: str, reason: str = "") -> str:
    return log.append(
        session, BoardFrozen(board=board, reason=reason), board=board, source="scoring", actor="me", time=NOON
    )


def sequences(database: Database, board: str, topic: Topic = Topic.SCORES) -> list[int]:
    with database.reading() as session:
        return [event.sequence for event in log.read_board(session, board, topic)]


def test_sequence_is_gapless_per_board_and_topic(database: Database) -> None:
    with database.transaction() as session:
        freeze(session, "a")
        freeze(session, "b")
        freeze(session, "a")
        drawn = NumbersDrawn(board="a", numbers={"e": 1})
        log.append(session, drawn, board="a", source="registration", actor="me", time=NOON)
    with database.transaction() as session:
        freeze(session, "a")

    assert sequences(database, "a") == [1, 2, 3]
    assert sequences(database, "b") == [1]
    assert sequences(database, "a", Topic.REGISTRATIONS) == [1]


def test_rolled_back_transaction_leaves_no_gap(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        freeze(session, "a")
        log.lock(session, [("a", Topic.SCORES)])
        raise RuntimeError
    with database.transaction() as session:
        freeze(session, "a")

    assert sequences(database, "a") == [1]


def test_concurrent_writers_leave_no_gap_and_no_deadlock(database: Database) -> None:
    def write(first: str, second: str) -> None:
        for _ in range(25):
            with database.transaction() as session:
                freeze(session, first)
                freeze(session, second)

    threads = [threading.Thread(target=write, args=pair) for pair in (("a", "b"), ("b", "a")) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sequences(database, "a") == list(range(1, 151))
    assert sequences(database, "b") == list(range(1, 151))


def test_locked_board_keeps_another_writer_waiting_until_commit(database: Database) -> None:
    order: list[str] = []
    held = threading.Event()

    def second() -> None:
        held.wait(10)
        with database.transaction() as session:
            log.lock(session, [("a", Topic.SCORES)])
            order.append("second")
            freeze(session, "a", "second")

    thread = threading.Thread(target=second)
    thread.start()
    with database.transaction() as session:
        seen = log.lock(session, [("a", Topic.SCORES)])
        held.set()
        freeze(session, "a", "first")
        log.number(session)
        order.append("first")
    thread.join()

    assert seen == {("a", Topic.SCORES): 0}
    assert order == ["first", "second"]
    assert sequences(database, "a") == [1, 2]


def test_turns_of_several_boards_are_taken_in_one_query(database: Database) -> None:
    with database.transaction() as session:
        for board in ("b", "a", "a"):
            freeze(session, board, "before")

    with database.transaction() as session:
        found = log.take_turn(session, {"b", "a", "nobody"})
        freeze(session, "a", "after")

    assert found == {"a": {Topic.SCORES: 2}, "b": {Topic.SCORES: 1}}
    assert sequences(database, "a") == [1, 2, 3]


def test_chain_links_every_event_of_a_board(database: Database) -> None:
    for reason in ("one", "two", "three"):
        with database.transaction() as session:
            freeze(session, "a", reason)

    with database.reading() as session:
        events = log.read_board(session, "a", Topic.SCORES)

    head = GENESIS
    for event in events:
        head = link(head, event.body)
        assert event.chain == head
        assert decode(event.body).sequence == event.sequence


def test_pages_of_the_log_continue_where_the_last_one_ended(database: Database) -> None:
    with database.transaction() as session:
        for _ in range(5):
            freeze(session, "a")

    with database.reading() as session:
        first = log.read_board(session, "a", Topic.SCORES, limit=2)
        rest = log.read_board(session, "a", Topic.SCORES, after=first[-1].sequence)
        tail = log.tail(session, first[-1].offset)

    assert [event.sequence for event in (*first, *rest)] == [1, 2, 3, 4, 5]
    assert tail == rest


def test_latest_fact_is_the_last_of_its_kinds(database: Database) -> None:
    with database.transaction() as session:
        freeze(session, "a", "early")
        freeze(session, "a", "late")
        thawed = BoardThawed(board="a")
        log.append(session, thawed, board="a", source="scoring", actor="me", time=NOON)

    with database.reading() as session:
        assert log.latest(session, "a", BoardFrozen) == BoardFrozen(board="a", reason="late")
        assert log.latest(session, "a", BoardFrozen, BoardThawed) == thawed
        assert log.latest(session, "b", BoardFrozen) is None


def test_listeners_hear_of_commits_with_events_only(database: Database) -> None:
    heard: list[list[int]] = []
    database.on_commit(lambda: heard.append(sequences(database, "a")))

    with database.transaction():
        pass
    with database.transaction() as session:
        freeze(session, "a")

    assert heard == [[1]]


def test_consumer_does_a_thing_once(database: Database) -> None:
    with database.transaction() as session:
        first, again, other = once(session, "c", "e"), once(session, "c", "e"), once(session, "d", "e")
    with database.transaction() as session:
        later = once(session, "c", "e")

    assert (first, again, other, later) == (True, False, True, False)


def test_mark_of_a_consumer_goes_with_its_rolled_back_effect(database: Database) -> None:
    with pytest.raises(RuntimeError), database.transaction() as session:
        once(session, "c", "e")
        raise RuntimeError

    with database.transaction() as session:
        assert once(session, "c", "e")
