"""A reveal: steps from the bottom on the presenter's word, and nothing anywhere before its step."""

import json
from typing import Any

import httpx
import pytest

from schemas.events import scores
from services.kit.access import Grant, Role
from tests.services.leaderboard.arena import Server, Writer
from tests.services.leaderboard.reader import Reader
from tests.streams.boards import History, small

ORGANISER = Grant(Role.ORGANISER, unit="/p/")
REVEAL = "/boards/b1/reveal"
MARKS = {"e1": "61.07", "e2": "72.08", "e3": "83.09", "e4": "94.11"}
"""Every entry gets the same mark for theory and, counted twice, for skill, after the freeze."""

SEALED = {"e1": "183.21", "e2": "216.24", "e3": "249.27", "e4": "282.33"}
"""What these come to: nobody may know it before its step."""

PUBLIC = [
    "/boards",
    "/boards/b1",
    "/boards/b1/page.html",
    "/page.html",
    "/boards/b1/search?q=e",
    *(f"/boards/b1/entries/e{i}{rest}" for i in range(1, 5) for rest in ("", "/explanation", "/above")),
    "/boards/b1/feed.ndjson?follow=false",
    REVEAL,
    "/screens/HALL1",
]


def frozen() -> History:
    history = small(4)
    for i in range(1, 5):
        history.mark(f"e{i}", theory=50, skill=50)
    history.add(scores.BoardFrozen(board="b1"))
    for entry, mark in MARKS.items():
        history.mark(entry, version=2, theory=mark, skill=mark)
    return history


def send(server: Server, method: str, path: str, body: Any = None, *grants: Grant) -> httpx.Response:
    headers = server.token(*grants) if grants else {}
    return server.client.request(method, f"{server.url}/api/leaderboard{path}", json=body, headers=headers)


def start(server: Server, **plan: Any) -> Any:
    answer = send(server, "POST", REVEAL, plan, ORGANISER)
    assert answer.status_code == 201, answer.text
    return answer.json()


def move(server: Server, seen: int, to: int) -> httpx.Response:
    return send(server, "POST", f"{REVEAL}/moves", {"seen": seen, "to": to}, ORGANISER)


@pytest.fixture
def hall(server: Server, writer: Writer) -> Server:
    writer.write(frozen())
    return server


def summary(script: Any) -> list[str]:
    return [
        step["row"]["entry"] if step["row"] else f"pause {step['place'] or step['award']}"
        for step in script["steps"]
    ]


def test_script_goes_from_the_bottom_and_pauses_at_the_podium(hall: Server) -> None:
    script = start(hall)

    assert summary(script) == ["e1", "pause 3", "e2", "pause 2", "e3", "pause 1", "e4"]
    assert script["at"] == 0


def test_script_pauses_where_another_award_begins(hall: Server) -> None:
    awards = [
        {"entry": "e4", "title": "一等奖"},
        {"entry": "e3", "title": "二等奖"},
        {"entry": "e2", "title": "二等奖"},
    ]

    script = start(hall, awards=awards, notes=[{"entry": "e3", "text": "来自一厂"}])

    assert summary(script) == ["e1", "pause 二等奖", "e2", "e3", "pause 一等奖", "e4"]
    assert [step["note"] for step in script["steps"]] == ["", "", "", "来自一厂", "", ""]


def test_only_the_best_rows_are_revealed(hall: Server) -> None:
    assert summary(start(hall, top=1)) == ["pause 1", "e4"]


def test_nothing_sealed_is_anywhere_before_its_step(hall: Server) -> None:
    script = start(hall, notes=[{"entry": entry, "text": f"note of {entry}"} for entry in SEALED])
    send(hall, "POST", "/screens/HALL1", {"order": "reveal", "reveal": "b1"}, ORGANISER)

    with Reader(hall.url, f"{REVEAL}/feed") as reader, Reader(hall.url, "/boards/b1/feed") as board:
        board.events(1)
        for at in range(len(script["steps"]) + 1):
            if at:
                assert move(hall, at - 1, at).status_code == 200
            frame = json.dumps(reader.events(1)[0].data)
            answers = [frame, *(send(hall, "GET", path).text for path in PUBLIC)]
            shown = {step["row"]["entry"] for step in script["steps"][:at] if step["row"]}
            leaks = [
                (at, entry, text[:80])
                for text in answers
                for entry, total in SEALED.items()
                if (entry not in shown and total in text)
                or MARKS[entry] in text
                or f"note of {entry}" in text
            ]
            assert leaks == []
            assert all(SEALED[entry] in frame for entry in shown)


def test_names_come_with_their_step(hall: Server) -> None:
    script = start(hall)
    move(hall, 0, 1)

    seen = send(hall, "GET", REVEAL).json()

    assert [step["row"]["name"] for step in seen["steps"]] == ["选手e1"]
    assert (seen["to_come"], seen["at"]) == (3, 1)
    assert len(script["steps"]) == 7


def test_step_back_takes_the_row_away_again(hall: Server) -> None:
    start(hall)
    move(hall, 0, 3)

    move(hall, 3, 2)

    assert SEALED["e2"] not in send(hall, "GET", REVEAL).text


def test_two_devices_do_not_step_twice(hall: Server) -> None:
    start(hall)

    answers = [move(hall, 0, 1), move(hall, 0, 1)]

    assert [answer.status_code for answer in answers] == [200, 409]
    assert answers[1].json()["at"] == 1


def test_step_past_the_end_is_refused(hall: Server) -> None:
    script = start(hall)

    assert move(hall, 0, len(script["steps"]) + 1).status_code == 422


def test_board_that_is_not_frozen_is_not_revealed(server: Server, writer: Writer) -> None:
    writer.write(small())

    assert send(server, "POST", REVEAL, {}, ORGANISER).status_code == 409


@pytest.mark.parametrize(
    ("grants", "status"),
    [((), 401), ((Grant(Role.CHIEF_JUDGE, board="b1"),), 403), ((Grant(Role.ORGANISER, unit="/x/"),), 403)],
)
def test_only_the_organiser_presents(hall: Server, grants: tuple[Grant, ...], status: int) -> None:
    start(hall)

    answers = [
        send(hall, "POST", REVEAL, {}, *grants),
        send(hall, "GET", f"{REVEAL}/script", None, *grants),
        send(hall, "POST", f"{REVEAL}/moves", {"seen": 0, "to": 7}, *grants),
        send(hall, "DELETE", REVEAL, None, *grants),
    ]

    assert {answer.status_code for answer in answers} == {status}
    assert send(hall, "GET", REVEAL).json()["at"] == 0


def test_ended_reveal_is_gone_and_its_watchers_know(hall: Server) -> None:
    start(hall)
    with Reader(hall.url, f"{REVEAL}/feed") as reader:
        reader.events(1)
        send(hall, "DELETE", REVEAL, None, ORGANISER)
        (event,) = reader.events(1)

    assert event.data is None
    assert send(hall, "GET", REVEAL).status_code == 404
