from collections.abc import Sequence
from typing import Any

import pytest

from schemas.objects import UnitRef
from tests.services.leaderboard.arena import Server, Writer
from tests.streams.boards import History, scheme, small


def marked(count: int, *totals: int) -> History:
    """A board of `count` entries of which the first are marked."""
    history = small(count)
    for number, total in enumerate(totals, 1):
        history.mark(f"e{number}", theory=total, skill=total)
    return history


def places(rows: Sequence[dict[str, Any]]) -> list[tuple[str, int | None, bool]]:
    return [(row["entry"], row.get("place"), row.get("tied", False)) for row in rows]


def test_page_gives_rows_in_board_order_with_shared_places(server: Server, writer: Writer) -> None:
    writer.write(marked(5, 80, 90, 90, 70))

    page = server.get("/boards/b1").json()

    assert places(page["rows"]) == [
        ("e2", 1, True),
        ("e3", 1, True),
        ("e1", 3, False),
        ("e4", 4, False),
        ("e5", None, False),
    ]
    assert (page["total"], page["head"]["entries"], page["head"]["marked"]) == (5, 5, 4)
    assert page["rows"][0]["total"] == "270.00"
    assert page["stale_since"] is None


@pytest.mark.parametrize(
    ("policy", "expected"), [("1224", [1, 1, 3]), ("1223", [1, 1, 2]), ("1234", [1, 2, 3])]
)
def test_places_follow_the_policy_of_the_board(
    server: Server, writer: Writer, policy: str, expected: list[int]
) -> None:
    history = History()
    history.open()
    version = scheme()
    version.data["ranking"]["places"] = policy
    history.scheme(version)
    history.enter("e1", "e2", "e3")
    for name, mark in (("e1", 90), ("e2", 90), ("e3", 80)):
        history.mark(name, theory=mark, skill=mark)
    writer.write(history)

    page = server.get("/boards/b1").json()
    alone = server.get("/boards/b1/entries/e3").json()

    assert [row["place"] for row in page["rows"]] == expected
    assert alone["row"]["place"] == expected[-1]


def test_page_in_the_middle_has_the_places_of_the_whole_board(server: Server, writer: Writer) -> None:
    writer.write(marked(4, 80, 90, 90, 70))

    page = server.get("/boards/b1", offset=1, limit=2).json()

    assert places(page["rows"]) == [("e3", 1, True), ("e1", 3, False)]


def test_page_by_unit_lists_the_unit_and_all_below_it(server: Server, writer: Writer) -> None:
    history = small(0)
    history.enter("e1", unit=UnitRef(id="u1", name="一厂", path="/p/u1/"))
    history.enter("e2", unit=UnitRef(id="u2", name="二厂", path="/p/u2/"))
    history.enter("e3", unit=UnitRef(id="w1", name="一班", path="/p/u1/w1/"))
    for name, mark in (("e1", 70), ("e2", 80), ("e3", 90)):
        history.mark(name, theory=mark, skill=mark)
    writer.write(history)

    page = server.get("/boards/b1", unit="u1").json()

    assert places(page["rows"]) == [("e3", 1, False), ("e1", 3, False)]
    assert page["total"] == 2


def test_page_by_unit_and_stage_at_once_is_refused(server: Server, writer: Writer) -> None:
    writer.write(small(1))

    answer = server.get("/boards/b1", unit="u1", stage="theory")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.stage"


def test_page_that_did_not_change_is_answered_without_a_body(server: Server, writer: Writer) -> None:
    writer.write(marked(3, 80))
    first = server.get("/boards/b1")

    again = server.get("/boards/b1", headers={"if-none-match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_page_changes_after_the_board_does(server: Server, writer: Writer) -> None:
    history = marked(2, 80, 90)
    writer.write(history)
    first = server.get("/boards/b1").json()
    history.mark("e1", version=2, theory=100, skill=100)
    writer.write(history)

    page = server.until(
        lambda: server.get("/boards/b1"), lambda page: page.json()["cursor"] != first["cursor"]
    ).json()

    assert [row["entry"] for row in page["rows"]] == ["e1", "e2"]
    assert page["cursor"] > first["cursor"]


@pytest.mark.parametrize("count", [1, 3])
def test_page_costs_one_round_trip_whatever_its_size(server: Server, writer: Writer, count: int) -> None:
    writer.write(marked(count, 80, 80))
    server.get("/boards/b1", limit=1)  # the script is loaded once

    before = server.commands()
    server.get("/boards/b1", limit=20)
    after = server.commands()

    assert after.get("evalsha", 0) - before.get("evalsha", 0) == 1


@pytest.mark.parametrize("count", [1, 3])
def test_entry_costs_two_round_trips_whatever_the_board(server: Server, writer: Writer, count: int) -> None:
    writer.write(marked(count, 80, 80))
    server.get("/boards/b1/entries/e1")

    before = server.commands()
    server.get("/boards/b1/entries/e1", around=5)
    after = server.commands()

    assert after["evalsha"] - before["evalsha"] <= 2


def test_entry_has_who_is_around_and_the_distance_to_the_better_place(server: Server, writer: Writer) -> None:
    writer.write(marked(5, 50, 60, 70, 70, 90))

    found = server.get("/boards/b1/entries/e2", around=1).json()

    assert (found["row"]["place"], found["index"]) == (4, 3)
    assert (found["ahead"]["entry"], found["distance"]) == ("e4", "30.00")
    assert places(found["around"]) == [("e4", 2, True), ("e2", 4, False), ("e1", 5, False)]


def test_tied_entry_is_measured_to_the_next_better_place(server: Server, writer: Writer) -> None:
    writer.write(marked(3, 90, 70, 70))

    found = server.get("/boards/b1/entries/e3").json()

    assert (found["row"]["place"], found["ahead"]["entry"]) == (2, "e1")


def test_unmarked_entry_has_no_place_and_no_distance(server: Server, writer: Writer) -> None:
    writer.write(marked(2, 90))

    found = server.get("/boards/b1/entries/e2").json()

    assert found["row"].get("place") is None
    assert found["distance"] is None


def test_entry_has_its_place_by_each_stage(server: Server, writer: Writer) -> None:
    history = History()
    history.open()
    version = scheme()
    leaves = version.data["root"].pop("children")
    groups = [
        {"id": leaf.pop("id") + "s", "function": "sum", "stage": True, "weight": leaf.pop("weight"),
         "kind": "group", "children": [{"id": "mark", **leaf}]}
        for leaf in leaves
    ]  # fmt: skip
    version.data["root"]["children"] = groups
    history.scheme(version)
    history.enter("e1", "e2", "e3")
    for name, theory, skill in (("e1", 90, 50), ("e2", 80, 60), ("e3", 80, 70)):
        marks: dict[str, Any] = {"theorys.mark": theory, "skills.mark": skill}
        history.mark(name, **marks)
    writer.write(history)

    stages = server.get("/boards/b1/entries/e2").json()["stages"]
    page = server.get("/boards/b1", stage="theorys").json()

    assert [(each["path"], each["place"], each["tied"]) for each in stages] == [
        ("theorys", 2, True),
        ("skills", 2, False),
    ]
    assert [(row["entry"], row["stage_place"], row["place"]) for row in page["rows"]] == [
        ("e1", 1, 3),
        ("e2", 2, 2),
        ("e3", 2, 1),
    ]


@pytest.mark.parametrize(
    ("q", "expected"),
    [("小明", ["e2"]), ("王", ["e1", "e2"]), ("A-07", ["e1"]), ("a-07", ["e1"]), ("李", [])],
)
def test_search_finds_any_part_of_name_number_and_external_id(
    server: Server, writer: Writer, q: str, expected: list[str]
) -> None:
    history = small(0)
    history.enter("e1", name="王建国", external_id="A-07")
    history.enter("e2", name="王小明")
    writer.write(history)

    found = server.get("/boards/b1/search", q=q).json()

    assert sorted(row["entry"] for row in found["rows"]) == expected


@pytest.mark.parametrize("q", ["", " ", "　", "\x00", "x" * 65])
def test_search_for_nothing_is_refused(server: Server, writer: Writer, q: str) -> None:
    writer.write(small(1))

    assert server.get("/boards/b1/search", q=q).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["", "/search", "/entries/e1", "/entries/e1/above", "/entries/e1/explanation", "/feed", "/feed.ndjson"],
)
def test_unknown_board_is_not_found(server: Server, path: str) -> None:
    assert server.get(f"/boards/nowhere{path}", q="1").status_code == 404


@pytest.mark.parametrize("path", ["", "/above", "/explanation"])
def test_unknown_entry_is_not_found(server: Server, writer: Writer, path: str) -> None:
    writer.write(small(1))

    answer = server.get(f"/boards/b1/entries/nobody{path}")

    assert (answer.status_code, answer.json()["type"]) == (404, "urn:leitai:problem:entry-not-found")


def test_boards_are_listed_with_their_counts_by_campaign_and_kind(server: Server, writer: Writer) -> None:
    league = History("b2")
    league.open(kind="league", campaign="c2", code="safety")
    hidden = History("b3")
    hidden.open(public=False)
    writer.write(marked(2, 90), league, hidden)

    every = server.get("/boards").json()
    leagues = server.get("/boards", kind="league").json()
    contests = server.get("/boards", campaign="c1").json()

    assert [line["board"]["id"] for line in every["boards"]] == ["b1", "b2"]
    assert [(line["entries"], line["marked"]) for line in contests["boards"]] == [(2, 1)]
    assert [line["board"]["id"] for line in leagues["boards"]] == ["b2"]


def test_openapi_names_the_bodies_of_every_answer(server: Server) -> None:
    document = server.get("/openapi.json").json()

    answer = document["paths"]["/api/leaderboard/boards/{board}"]["get"]["responses"]["200"]
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/BoardPage"}
    assert "PlacedRow" in document["components"]["schemas"]
