"""The unit tree: made, loaded in bulk, renamed."""

import time
from pathlib import Path

import pytest
from httpx2 import Response

from schemas.events.registrations import BoardChanged, EntryChanged
from services.kit.access import Grant, Principal, Role
from services.kit.runtime import Runtime
from services.registration.divisions import read_divisions
from services.registration.repository import units as repository
from services.registration.service import units
from tests.services.registration.province import Province, places_of, rules_of

DIVISIONS = Path(__file__).parents[4] / "shared" / "data" / "cn_admin_divisions"
ADMINISTRATOR = Principal("s", "a", "", "", (Grant(Role.ADMINISTRATOR),))


def upload(province: Province, text: str, **query: bool) -> Response:
    return province.client.post(
        "units/import", files={"file": ("units.csv", text.encode())}, params={"dry_run": False} | query
    )


def test_path_leads_from_the_root_to_the_unit(province: Province) -> None:
    team = province.make_unit("440101", "焊接班", province.plant)

    assert team["path"] == f"/{province.union['id']}/{province.plant['id']}/{team['id']}/"


def test_taken_code_tells_the_unit_that_has_it(province: Province) -> None:
    again = province.client.post("units", json={"code": "4401", "name": "又一厂"})

    assert (again.status_code, again.json()["existing"]) == (409, province.plant["id"])


def test_children_and_search_are_paged(province: Province) -> None:
    children = province.client.get("units", params={"parent": province.union["id"], "limit": 1}).json()
    found = province.client.get("units", params={"q": "造船"}).json()

    assert (children["total"], len(children["items"])) == (2, 1)
    assert [unit["code"] for unit in found["items"]] == ["4402"]


def test_wildcards_in_a_search_are_plain_signs(province: Province) -> None:
    assert province.client.get("units", params={"q": "%"}).json()["total"] == 0


def test_organiser_is_offered_the_units_that_are_theirs(province: Province) -> None:
    team = province.make_unit("440101", "焊接班", province.plant)

    def offered(*grants: Grant) -> list[str]:
        found = province.client.get("units", params={"mine": True}, headers=province.headers(*grants))
        return [unit["id"] for unit in found.json()["items"]]

    assert offered(Grant(Role.ORGANISER, unit=province.plant["path"])) == [province.plant["id"], team["id"]]
    assert offered(Grant(Role.AUDITOR, unit=province.plant["path"])) == []
    assert len(offered(Grant(Role.ADMINISTRATOR))) == 4


def test_organiser_makes_units_below_only(province: Province) -> None:
    headers = province.headers(Grant(Role.ORGANISER, unit=province.plant["path"]))

    def make(code: str, parent: str | None) -> int:
        body = {"code": code, "name": "焊接班", "parent": parent}
        return province.client.post("units", json=body, headers=headers).status_code

    assert make("a", province.plant["id"]) == 201
    assert make("b", province.yard["id"]) == 403
    assert make("c", None) == 403
    assert make("d", "nowhere") == 404


def test_renaming_is_told_by_its_boards_and_entries(province: Province) -> None:
    entry = province.entered("王芳")
    own = province.open_board("own", unit=province.plant["id"])

    province.client.patch(f"units/{province.plant['id']}", json={"name": "一机集团"})

    changed = province.facts(own)[-1]
    told = province.facts()[-1]
    assert isinstance(changed, BoardChanged)
    assert changed.board.unit.name == "一机集团"
    assert isinstance(told, EntryChanged)
    assert (told.entry.id, told.entry.unit.name) == (entry["id"], "一机集团")


def test_import_takes_rows_in_any_order_and_again_without_change(province: Province) -> None:
    text = "代码,名称,上级代码,层级\n44010101,甲班,440101,班组\n440101,车间,4401,单位\n"

    dry = upload(province, text, dry_run=True)
    first = upload(province, text)
    second = upload(province, text)

    assert dry.json() == {"added": 2, "unchanged": 0, "dry_run": True}
    assert first.json() == {"added": 2, "unchanged": 0, "dry_run": False}
    assert second.json() == {"added": 0, "unchanged": 2, "dry_run": False}
    team = province.client.get("units", params={"q": "44010101"}).json()["items"][0]
    assert (team["level"], team["path"].count("/")) == ("team", 5)


def test_import_with_faults_adds_nothing_and_names_each(province: Province) -> None:
    text = "code,name,parent,level\n1,甲,9,\n2,乙,,幼儿园\n4401,别的厂,44,\n3,=丙,,\n5,,,\n"

    refused = upload(province, text)
    placed = upload(province, "code,name,parent\n1,甲,9\n4401,别的厂,44\n")

    assert refused.status_code == placed.status_code == 422
    assert rules_of(refused) == ["level", "formula", "too_short"]
    assert places_of(refused) == ["row 3, column level", "row 5, column name", "row 6, column name"]
    assert rules_of(placed) == ["code_taken", "parent_unknown"]
    assert places_of(placed) == ["row 3, column code", "row 2, column parent"]
    assert province.client.get("units").json()["total"] == 3


def test_ring_of_parents_is_refused(province: Province) -> None:
    refused = upload(province, "code,name,parent\na,甲,b\nb,乙,a\n")

    assert rules_of(refused) == ["parent_unknown", "parent_unknown"]


@pytest.mark.skipif(not DIVISIONS.is_dir(), reason="the folder of real data is absent")
def test_real_divisions_load_in_seconds(runtime: Runtime) -> None:
    rows = read_divisions(DIVISIONS)
    started = time.perf_counter()

    with runtime.database.transaction() as session:
        added, unchanged = units.load(session, ADMINISTRATOR, rows)

    took = time.perf_counter() - started
    with runtime.database.reading() as session:
        district = repository.find_code(session, "110101")
    assert (added, unchanged) == (3351, 0)
    assert district
    assert (district.name, district.path.count("/")) == ("东城区", 4)
    assert took < 10
