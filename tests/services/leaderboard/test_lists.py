"""The list of boards: what opened is in it at once, whatever is kept; parts of it."""

import pytest

from schemas.events import scores
from services.leaderboard import kept
from tests.services.leaderboard.arena import Server, Writer
from tests.streams.boards import History, small


@pytest.fixture
def kept_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read again because of its age."""
    monkeypatch.setattr(kept, "LONGEST", 1e9)


def opened(*ids: str) -> list[History]:
    histories = [History(id) for id in ids]
    for history in histories:
        history.open(code=history.board)
    return histories


def ids(server: Server, **query: object) -> list[str]:
    return [line["board"]["id"] for line in server.get("/boards", **query).json()["boards"]]


@pytest.mark.usefixtures("kept_for_ever")
def test_board_is_listed_as_soon_as_it_is_opened(server: Server, writer: Writer) -> None:
    writer.write(*opened("b1"))
    server.until(lambda: server.get("/boards"), lambda answer: answer.json()["total"] == 1)

    writer.write(*opened("b2"))

    server.until(lambda: server.get("/boards"), lambda answer: answer.json()["total"] == 2)


@pytest.mark.usefixtures("kept_for_ever")
def test_list_says_at_once_that_a_board_is_frozen(server: Server, writer: Writer) -> None:
    history = small(2)
    writer.write(history)
    server.until(lambda: server.get("/boards"), lambda answer: answer.json()["total"] == 1)

    history.add(scores.BoardFrozen(board="b1"))
    writer.write(history)

    server.until(lambda: server.get("/boards"), lambda answer: answer.json()["boards"][0]["frozen"])


@pytest.mark.usefixtures("kept_for_ever")
def test_part_of_the_list_is_never_older_than_the_whole(server: Server, writer: Writer) -> None:
    writer.write(*opened("b1"))
    assert ids(server, campaign="c1", limit=50) == ["b1"]

    writer.write(*opened("b2"))
    server.until(lambda: server.get("/boards"), lambda answer: answer.json()["total"] == 2)

    assert ids(server, campaign="c1", limit=50) == ["b1", "b2"]


def test_named_boards_are_found_wherever_they_stand(server: Server, writer: Writer) -> None:
    writer.write(*opened("b1", "b2", "b3"))

    found = server.get("/boards", board=["b3", "nowhere", "b1"], limit=2).json()

    assert [line["board"]["id"] for line in found["boards"]] == ["b1", "b3"]
    assert found["total"] == 2


def test_list_has_pages(server: Server, writer: Writer) -> None:
    writer.write(*opened("b1", "b2", "b3"))

    assert ids(server, offset=2, limit=2) == ["b3"]


def test_boards_of_a_campaign_are_in_the_order_in_which_people_count(server: Server, writer: Writer) -> None:
    codes = {"b1": "trade-10", "b2": "Trade-9", "b3": "trade-2", "b4": "trade"}
    histories = [History(board) for board in codes]
    for history in histories:
        history.open(code=codes[history.board])
    writer.write(*histories)

    assert ids(server) == ["b4", "b3", "b2", "b1"]
