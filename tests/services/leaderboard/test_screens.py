"""Big screens: what they show by themselves, and who may order them about."""

from typing import Any

import httpx
import pytest

from services.kit.access import Grant, Role
from services.leaderboard.screens import service
from tests.services.leaderboard.arena import Server, Writer
from tests.services.leaderboard.reader import Reader
from tests.streams.boards import small

ORGANISER = Grant(Role.ORGANISER, unit="/p/")
ALIVE = {"width": 1920, "height": 1080, "slide": 3, "showing": "焊工"}


def send(server: Server, method: str, path: str, body: Any = None, *grants: Grant) -> httpx.Response:
    headers = server.token(*grants) if grants else {}
    return server.client.request(
        method, f"{server.url}/api/leaderboard/screens{path}", json=body, headers=headers
    )


def test_unknown_screen_shows_every_board(server: Server) -> None:
    screen = send(server, "GET", "/HALL1").json()["screen"]

    assert (screen["mode"], screen["boards"], screen["hold"]) == ("boards", [], False)


def test_screen_is_told_of_an_order_at_once(server: Server, writer: Writer) -> None:
    writer.write(small())
    with Reader(server.url, "/screens/HALL1/feed") as reader:
        (first,) = reader.events(1)
        send(server, "POST", "/HALL1", {"order": "safe"}, ORGANISER)
        (second,) = reader.events(1)

    assert (first.data["mode"], second.data["mode"]) == ("boards", "safe")


@pytest.mark.parametrize(
    ("order", "wanted"),
    [
        ("next", {"turn": 1, "mode": "boards"}),
        ("previous", {"turn": -1, "mode": "boards"}),
        ("hold", {"hold": True, "mode": "boards"}),
        ("go", {"hold": False}),
        ("safe", {"mode": "safe", "turn": 0}),
        ("boards", {"mode": "boards", "turn": 0}),
    ],
)
def test_order_changes_the_screen(server: Server, order: str, wanted: dict[str, Any]) -> None:
    told = send(server, "POST", "/HALL1", {"order": order}, ORGANISER).json()

    assert {name: told[name] for name in wanted} == wanted
    assert send(server, "GET", "/HALL1").json()["screen"] == told


def test_setting_is_kept_through_orders(server: Server, writer: Writer) -> None:
    writer.write(small())
    setting = {"title": "一号厅", "boards": ["b1"], "layout": "progress", "seconds": 8, "theme": "light"}
    send(server, "PUT", "/HALL1", setting, ORGANISER)

    told = send(server, "POST", "/HALL1", {"order": "reveal", "reveal": "b1"}, ORGANISER).json()

    assert setting.items() <= told.items()
    assert (told["mode"], told["reveal"], told["revision"]) == ("reveal", "b1", 2)


@pytest.mark.parametrize(
    ("grants", "status"),
    [
        ((), 401),
        ((Grant(Role.JUDGE, board="b1", judge="ja"),), 403),
        ((Grant(Role.CHIEF_JUDGE, board="b1"),), 403),
        ((Grant(Role.ORGANISER, unit="/other/"),), 403),
    ],
)
def test_order_needs_an_organiser_of_the_boards(
    server: Server, writer: Writer, grants: tuple[Grant, ...], status: int
) -> None:
    writer.write(small())
    send(server, "PUT", "/HALL1", {"boards": ["b1"]}, ORGANISER)

    answers = [
        send(server, "POST", "/HALL1", {"order": "safe"}, *grants),
        send(server, "PUT", "/HALL1", {"boards": []}, *grants),
        send(server, "DELETE", "/HALL1", None, *grants),
    ]

    assert {answer.status_code for answer in answers} == {status}
    assert send(server, "GET", "/HALL1").json()["screen"]["boards"] == ["b1"]


@pytest.mark.parametrize(
    ("grant", "status"),
    [
        (Grant(Role.ADMINISTRATOR), 200),
        (Grant(Role.ORGANISER, unit="/p/"), 200),
        (Grant(Role.ORGANISER, unit="/p/u1/"), 403),
    ],
)
def test_screen_of_every_board_is_ordered_from_the_top(
    server: Server, writer: Writer, grant: Grant, status: int
) -> None:
    writer.write(small())

    answers = [
        send(server, "POST", "/HALL1", {"order": "safe"}, grant),
        send(server, "PUT", "/HALL1", {"title": "一号厅"}, grant),
    ]
    forgotten = send(server, "DELETE", "/HALL1", None, grant)

    assert {answer.status_code for answer in answers} == {status}
    assert forgotten.status_code == (204 if status == 200 else status)
    if status == 403:
        assert "选定您负责的竞赛" in answers[0].json()["way_out"]


def test_organiser_claims_a_screen_of_every_board_for_boards_of_theirs(
    server: Server, writer: Writer
) -> None:
    board = Grant(Role.ORGANISER, board="b1")
    writer.write(small())

    claimed = send(server, "PUT", "/HALL1", {"boards": ["b1"]}, board)
    ordered = send(server, "POST", "/HALL1", {"order": "safe"}, board)
    given_up = send(server, "PUT", "/HALL1", {"boards": []}, board)
    forgotten = send(server, "DELETE", "/HALL1", None, board)

    assert [answer.status_code for answer in (claimed, ordered, given_up, forgotten)] == [200, 200, 403, 204]


@pytest.mark.parametrize("body", [{"order": "reveal"}, {"order": "safe", "reveal": "b1"}, {"order": "dance"}])
def test_meaningless_order_is_refused(server: Server, body: dict[str, str]) -> None:
    assert send(server, "POST", "/HALL1", body, ORGANISER).status_code == 422


def test_unknown_board_cannot_be_shown(server: Server) -> None:
    assert send(server, "PUT", "/HALL1", {"boards": ["nowhere"]}, ORGANISER).status_code == 404


def test_heartbeat_is_listed_and_resumed(server: Server) -> None:
    heard = send(server, "POST", "/HALL1/heartbeat", ALIVE)

    (line,) = send(server, "GET", "", None, ORGANISER).json()["screens"]
    assert heard.status_code == 200
    assert ALIVE.items() <= line["seen"].items()
    assert not line["known"]
    assert send(server, "GET", "/HALL1").json()["resume"] == 3


def test_list_of_screens_needs_an_organiser(server: Server) -> None:
    assert send(server, "GET", "").status_code == 401
    assert send(server, "GET", "", None, Grant(Role.JUDGE, board="b1", judge="ja")).status_code == 403


def test_screens_cannot_fill_the_memory(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MOST_SCREENS", 1)
    for code in ("HALL1", "HALL2"):
        send(server, "POST", f"/{code}/heartbeat", ALIVE)
    orders = [send(server, "POST", f"/{code}", {"order": "safe"}, ORGANISER) for code in ("HALL1", "HALL2")]

    assert len(send(server, "GET", "", None, ORGANISER).json()["screens"]) == 1
    assert [answer.status_code for answer in orders] == [200, 409]


def test_forgotten_screen_shows_every_board_again(server: Server) -> None:
    send(server, "POST", "/HALL1", {"order": "safe"}, ORGANISER)

    send(server, "DELETE", "/HALL1", None, ORGANISER)

    assert send(server, "GET", "/HALL1").json()["screen"]["mode"] == "boards"


@pytest.mark.parametrize("code", ["abc1", "A", "ABCDEFGHI", "AB%20C"])
def test_malformed_code_is_refused(server: Server, code: str) -> None:
    assert send(server, "GET", f"/{code}").status_code == 422
