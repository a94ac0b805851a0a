"""What the public may not know is in no answer; who may see the jury's view sees all of it."""

import pytest

from schemas.events import scores
from schemas.objects import Panel, PanelJudge, UnitRef
from services.kit.access import Grant, Role
from tests.services.leaderboard.arena import Server, Writer
from tests.services.leaderboard.reader import Reader
from tests.streams.boards import History, small

ORGANISER = Grant(Role.ORGANISER, unit="/p/")
FEEDS = ["/feed", "/feed.ndjson"]
EVERY = ["", "/search", "/entries/e1", "/entries/e1/explanation", "/entries/e1/above", *FEEDS]


def text_of(server: Server, path: str, view: str, headers: dict[str, str]) -> str:
    """All that an answer says: of a feed its first event."""
    if path in FEEDS:
        with Reader(server.url, f"/boards/b1{path}", headers=headers, view=view) as reader:
            return str(reader.events(1))
    answer = server.get(f"/boards/b1{path}", view=view, headers=headers, q="1")
    assert answer.status_code == 200
    return str(answer.json())


def test_jury_view_is_refused_to_the_anonymous(server: Server, writer: Writer) -> None:
    writer.write(small(2))

    answers = {path: server.get(f"/boards/b1{path}", view="jury", q="1") for path in EVERY}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(EVERY, 401)


@pytest.mark.parametrize(
    "grant",
    [
        Grant(Role.JUDGE, board="b1", judge="ja"),
        Grant(Role.CONTESTANT, board="b1"),
        Grant(Role.CHIEF_JUDGE, board="b2"),
        Grant(Role.ORGANISER, unit="/other/"),
    ],
)
def test_jury_view_is_refused_without_a_role_on_the_board(
    server: Server, writer: Writer, grant: Grant
) -> None:
    writer.write(small(2))

    token = server.token(grant)
    answers = {path: server.get(f"/boards/b1{path}", view="jury", q="1", headers=token) for path in EVERY}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(EVERY, 403)


@pytest.mark.parametrize(
    "grant",
    [
        Grant(Role.CHIEF_JUDGE, board="b1"),
        ORGANISER,
        Grant(Role.AUDITOR, unit="/"),
        Grant(Role.ADMINISTRATOR, unit="/"),
    ],
)
def test_jury_view_is_open_to_those_who_answer_for_the_board(
    server: Server, writer: Writer, grant: Grant
) -> None:
    writer.write(small(2))
    token = server.token(grant)

    for path in EVERY:
        assert "e1" in text_of(server, path, "jury", token)


def test_private_board_is_unknown_to_the_public(server: Server, writer: Writer) -> None:
    history = History()
    history.open(public=False)
    history.enter("e1", "e2")
    writer.write(history)

    answers = {path: server.get(f"/boards/b1{path}", q="1") for path in EVERY}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(EVERY, 404)
    assert "e1" in text_of(server, "", "jury", server.token(ORGANISER))


def test_what_a_freeze_seals_is_in_the_jury_view_only(server: Server, writer: Writer) -> None:
    history = small(2)
    history.mark("e1", theory=11, skill=11)
    history.mark("e2", theory=22, skill=22)
    history.add(scores.BoardFrozen(board="b1"))
    history.mark("e1", version=2, theory="77.77", skill="77.77")
    writer.write(history)

    token = server.token(ORGANISER)
    for path in EVERY:
        public = text_of(server, path, "public", {})
        assert "233.31" not in public
        assert "77.77" not in public
        assert "233.31" in text_of(server, path, "jury", token)


def test_blind_board_shows_codes_to_the_public(server: Server, writer: Writer) -> None:
    history = History()
    history.open(blind=True)
    history.enter(
        "e1",
        "e2",
        name="张建国",
        code="码1",
        external_id="GH-1",
        members=("李秀英",),
        unit=UnitRef(id="u9", name="九分厂", path="/p/u9/"),
    )
    history.mark("e1", theory=11, skill=11)
    writer.write(history)

    for path in EVERY:
        public = text_of(server, path, "public", {})
        assert not any(word in public for word in ("张建国", "李秀英", "GH-1", "九分厂", "u9"))
        assert "码1" in public or path == "/search"


def test_search_of_a_blind_board_finds_no_name(server: Server, writer: Writer) -> None:
    history = History()
    history.open(blind=True)
    history.enter("e1", name="张建国", code="码1")
    writer.write(history)

    assert server.get("/boards/b1/search", q="建国").json()["rows"] == []


def test_judges_are_known_to_the_public_by_their_seats(server: Server, writer: Writer) -> None:
    history = small(1)
    judges = (PanelJudge(judge="ja", name="赵裁判", seat="A"), PanelJudge(judge="jb", name="钱裁判"))
    history.add(scores.PanelSet(panel=Panel(board="b1", stage="", judges=judges)))
    history.mark("e1", "ja", theory=80, skill=80)
    history.mark("e1", "jb", theory=90, skill=90)
    writer.write(history)

    public = server.get("/boards/b1/entries/e1/explanation", path="theory")
    jury = server.get(
        "/boards/b1/entries/e1/explanation", path="theory", view="jury", headers=server.token(ORGANISER)
    )

    assert [(mark["seat"], mark["mark"], mark["judge"]) for mark in public.json()["cells"][0]["marks"]] == [
        ("A", "80", None),
        ("2", "90", None),
    ]
    assert not any(word in public.text for word in ("赵裁判", "钱裁判", '"ja"', '"jb"'))
    assert [mark["name"] for mark in jury.json()["cells"][0]["marks"]] == ["赵裁判", "钱裁判"]


def test_public_list_of_boards_counts_only_what_the_public_may_know(server: Server, writer: Writer) -> None:
    history = small(2)
    history.mark("e1", theory=11, skill=11)
    history.add(scores.BoardFrozen(board="b1"))
    history.mark("e2", theory=22, skill=22)
    writer.write(history)

    (line,) = server.get("/boards").json()["boards"]

    assert (line["frozen"], line["marked"]) == (True, 1)


def test_jury_answers_are_not_for_shared_caches(server: Server, writer: Writer) -> None:
    writer.write(small(1))

    answer = server.get("/boards/b1", view="jury", headers=server.token(ORGANISER))

    assert answer.headers["cache-control"] == "private, no-cache"


def test_database_that_is_away_leaves_the_public_view_alone(server: Server, writer: Writer) -> None:
    writer.write(small(1))
    token = server.token(ORGANISER)
    server.break_database()

    public = server.get("/boards/b1", headers=token)
    jury = server.get("/boards/b1", view="jury", headers=token)

    assert public.status_code == 200
    assert (jury.status_code, jury.json()["type"]) == (503, "urn:leitai:problem:sessions-away")
    assert server.get("/boards/b1/entries/e1").status_code == 200
