"""Campaigns and boards: made, changed, seen by whom."""

from typing import Any

import pytest

from schemas.events.registrations import BoardChanged
from schemas.events.scores import ResultsPublished
from services.kit import log
from services.kit.access import Grant, Role
from services.kit.clock import utc_now
from tests.services.registration.province import Province, rules_of

FEED = {"id": "places", "cause": "place", "aspect": "skills", "points": {"1": "10.50"}, "cap": "30"}


def test_taken_codes_tell_what_has_them(province: Province) -> None:
    campaign = {"code": "2026", "title": {"zh": "又一个"}, "year": 2026, "unit": province.union["id"]}
    board = {"code": "welding", "kind": "contest", "title": {"zh": "又一个"}}

    first = province.client.post("campaigns", json=campaign)
    second = province.client.post(f"campaigns/{province.campaign['id']}/boards", json=board)

    assert (first.status_code, first.json()["existing"]) == (409, province.campaign["id"])
    assert (second.status_code, second.json()["existing"]) == (409, province.board["id"])


def test_campaign_is_found_by_code(province: Province) -> None:
    found = province.client.get("campaigns", params={"code": "2026"}).json()

    assert [item["id"] for item in found["items"]] == [province.campaign["id"]]


def test_campaign_board_has_feeds_with_exact_points(province: Province) -> None:
    board = province.open_board("pioneer", kind="campaign", entry_kind="unit", feeds=[FEED])

    got = province.client.get(f"boards/{board['id']}").json()

    assert got["feeds"] == [FEED | {"source": "*", "source_kind": None}]


def test_feeds_belong_to_campaign_boards_and_have_ids_of_their_own(province: Province) -> None:
    contest = province.client.patch(f"boards/{province.board['id']}", json={"feeds": [FEED]})
    pioneer = province.open_board("pioneer", kind="campaign")
    twice = province.client.patch(f"boards/{pioneer['id']}", json={"feeds": [FEED, FEED]})

    assert (contest.status_code, rules_of(contest)) == (422, ["feeds_of_campaign"])
    assert (twice.status_code, rules_of(twice)) == (422, ["feed_ids"])


def test_change_is_told_once_and_no_change_is_not(province: Province) -> None:
    path = f"boards/{province.board['id']}"

    changed = province.client.patch(path, json={"title": {"zh": "焊工赛"}, "public": False}).json()
    same = province.client.patch(path, json={"public": False}).json()

    assert (changed["title"], changed["version"]) == ({"zh": "焊工赛", "en": "焊工赛"}, 2)
    assert same["version"] == 2
    fact = province.facts()[-1]
    assert isinstance(fact, BoardChanged)
    assert fact.board.title.zh == "焊工赛"
    assert len(province.facts()) == 2


def test_new_title_of_a_campaign_reaches_its_boards(province: Province) -> None:
    province.client.patch(f"campaigns/{province.campaign['id']}", json={"title": {"zh": "新名"}})

    fact = province.facts()[-1]
    assert isinstance(fact, BoardChanged)
    assert fact.board.campaign_title.zh == "新名"


def test_kind_of_entries_is_fixed_by_the_first(province: Province) -> None:
    path = f"boards/{province.board['id']}"
    before = province.client.patch(path, json={"entry_kind": "team"})
    province.entered("一队")

    after = province.client.patch(path, json={"entry_kind": "person"})

    assert (before.status_code, after.status_code) == (200, 409)


def test_unknown_unit_is_a_fault_of_the_body(province: Province) -> None:
    body = {"code": "x", "title": {"zh": "x"}, "year": 2026, "unit": "nowhere"}

    answer = province.client.post("campaigns", json=body)

    assert (answer.status_code, rules_of(answer)) == (422, ["unit_unknown"])


@pytest.mark.parametrize(
    ("grants", "sees"),
    [
        ([], False),
        ([("organiser", "union", False)], True),
        ([("organiser", "plant", False)], True),
        ([("organiser", "yard", False)], False),
        ([("organiser", "team", False)], True),
        ([("auditor", "team", False)], False),
        ([("judge", "", True)], True),
    ],
)
def test_closed_board_is_seen_by_those_who_have_to_do_with_it(
    province: Province, grants: list[tuple[str, str, bool]], sees: bool
) -> None:
    team = province.make_unit("440101", "焊接班", province.plant)
    closed = province.open_board("closed", public=False, unit=province.plant["id"])
    units: dict[str, Any] = {
        "union": province.union,
        "plant": province.plant,
        "yard": province.yard,
        "team": team,
    }
    held = [
        Grant(Role(role), unit=units[unit]["path"] if unit else "", board=closed["id"] if own else "")
        for role, unit, own in grants
    ]

    headers = province.headers(*held)
    one = province.client.get(f"boards/{closed['id']}", headers=headers).status_code
    listed = province.client.get("boards", headers=headers).json()["items"]
    entries = province.client.get(f"boards/{closed['id']}/entries", headers=headers).status_code

    assert (one, entries) == ((200, 200) if sees else (404, 404))
    assert (closed["id"] in [board["id"] for board in listed]) is sees
    assert province.board["id"] in [board["id"] for board in listed]


def test_campaign_without_a_board_to_see_is_not_shown(province: Province) -> None:
    body = {"code": "secret", "title": {"zh": "未公开"}, "year": 2026, "unit": province.plant["id"]}
    hidden = province.client.post("campaigns", json=body).json()

    public = province.client.get("campaigns", headers=province.headers()).json()["items"]
    own = province.client.get(
        "campaigns", headers=province.headers(Grant(Role.ORGANISER, unit=province.plant["path"]))
    ).json()["items"]

    assert [item["code"] for item in public] == ["2026"]
    assert hidden["id"] in [item["id"] for item in own]


def test_blind_board_shows_codes_until_it_is_published(province: Province) -> None:
    board = province.open_board("blind", blind=True)
    province.entered("王芳", board=board, verified=True, external_id="A1")
    code = next(iter(province.draw(board).json()["codes"].values()))
    chief = province.headers(Grant(Role.CHIEF_JUDGE, board=board["id"], judge="j"))

    def names(headers: dict[str, str]) -> list[tuple[str, str]]:
        lists = [
            province.client.get(f"boards/{board['id']}/{path}", headers=headers).json()["items"]
            for path in ("entries", "start-list")
        ]
        return [(item["name"], item["unit"]["name"]) for items in lists for item in items]

    hidden = [names(headers) for headers in (province.headers(), chief)]
    found = province.client.get(f"boards/{board['id']}/entries", params={"q": "王"}, headers=chief).json()
    shown = names({})
    with province.runtime.database.transaction() as session:
        fact = ResultsPublished(board=board["id"])
        log.append(session, fact, board=board["id"], source="test", actor="", time=utc_now())

    assert hidden == [[(code, ""), (code, "")]] * 2
    assert found["total"] == 0
    assert shown == names(chief) == names(province.headers()) == [("王芳", "第一机械厂")] * 2


def test_board_belongs_to_a_unit_of_its_campaign(province: Province) -> None:
    other = province.make_unit("45", "广西总工会")
    body = {"code": "x", "kind": "contest", "title": {"zh": "x"}, "unit": other["id"]}

    made = province.client.post(f"campaigns/{province.campaign['id']}/boards", json=body)
    moved = province.client.patch(f"boards/{province.board['id']}", json={"unit": other["id"]})

    assert (made.status_code, rules_of(made)) == (422, ["unit_of_campaign"])
    assert (moved.status_code, rules_of(moved)) == (422, ["unit_of_campaign"])


def test_organiser_of_another_unit_changes_nothing(province: Province) -> None:
    headers = province.headers(Grant(Role.ORGANISER, unit=province.yard["path"]))

    patched = province.client.patch(f"boards/{province.board['id']}", json={"trade": "x"}, headers=headers)
    nobody = province.client.patch(
        f"boards/{province.board['id']}", json={"trade": "x"}, headers=province.headers()
    )

    assert (patched.status_code, nobody.status_code) == (403, 401)
