"""Entries: who may take part, what only one may have, changes, withdrawal."""

from datetime import date
from typing import Any

import pytest

from schemas.events.registrations import EntryRegistered
from services.kit.access import Grant, Role
from tests.services.registration.province import Province, id_number, places_of, rules_of

TODAY = "2026-05-01"
ADULT = date(1990, 1, 1)


def ruled(province: Province, **rules: object) -> None:
    changed = province.client.patch(f"boards/{province.board['id']}", json={"eligibility": rules})
    assert changed.status_code == 200, changed.text


@pytest.mark.parametrize(
    ("born", "sex", "rule"),
    [
        (date(2010, 5, 1), "male", None),
        (date(2010, 5, 2), "male", "min_age"),
        (date(1963, 5, 2), "male", None),
        (date(1963, 5, 1), "male", "retirement_age"),
        (date(1968, 5, 2), "female", None),
        (date(1968, 5, 1), "female", "retirement_age"),
    ],
)
def test_age_is_counted_on_the_reference_date(
    sqlite_province: Province, born: date, sex: str, rule: str | None
) -> None:
    ruled(sqlite_province, reference_date=TODAY)

    answer = sqlite_province.enter("王芳", id_number=id_number(born, sex=sex))

    assert answer.status_code == (422 if rule else 201)
    assert rule is None or rules_of(answer) == [rule]


def test_everything_wrong_is_told_at_once_in_both_languages(province: Province) -> None:
    ruled(province, required=["external_id"], categories=["职工组"], reference_date=TODAY)
    body: dict[str, Any] = {
        "category": "学生组",
        "phone": "call me",
        "id_number": "110105194912310021",
        "unit": "nowhere",
    }

    zh = province.enter("王芳", **body)
    en = province.client.post(
        f"boards/{province.board['id']}/entries",
        json={"name": "王芳"} | body,
        headers={"Accept-Language": "en"},
    )

    assert zh.status_code == 422
    assert sorted(places_of(zh)) == ["/category", "/external_id", "/id_number", "/phone", "/unit"]
    assert any(error["detail"] == "缺少编号" for error in zh.json()["errors"])
    assert any(error["detail"] == "The external id is missing" for error in en.json()["errors"])
    assert all(error["way_out"] for error in zh.json()["errors"])
    assert "110105194912310021" not in zh.text


def test_unit_outside_the_boards_subtree_is_refused_unless_allowed(province: Province) -> None:
    board = province.open_board("own", unit=province.plant["id"])

    refused = province.enter("李强", board, unit=province.yard["id"])
    province.client.patch(f"boards/{board['id']}", json={"eligibility": {"within_unit": False}})
    allowed = province.enter("李强", board, unit=province.yard["id"])

    assert (refused.status_code, rules_of(refused)) == (422, ["within_unit"])
    assert allowed.status_code == 201


def test_external_id_is_unique_on_a_board_and_free_on_another(province: Province) -> None:
    first = province.entered("王芳", external_id="A1")
    other = province.open_board("turning")

    again = province.enter("李强", external_id="A1")
    elsewhere = province.enter("李强", other, external_id="A1")

    assert (again.status_code, again.json()["existing"]) == (409, first["id"])
    assert "王芳" in again.json()["errors"][0]["detail"]
    assert elsewhere.status_code == 201


def test_person_enters_one_event_of_a_campaign(province: Province) -> None:
    number = id_number(ADULT)
    first = province.entered("王芳", id_number=number)
    other = province.open_board("turning")

    twice = province.enter("王芳", other, id_number=number.lower() + " ")
    province.client.post(f"entries/{first['id']}/withdraw", json={"reason": "改报车工"})
    after = province.enter("王芳", other, id_number=number)
    back = province.client.post(f"entries/{first['id']}/reinstate", json={"reason": "反悔"})

    assert (twice.status_code, rules_of(twice)) == (409, ["person_taken"])
    assert number not in twice.text
    assert after.status_code == 201
    assert back.status_code == 409


def test_several_events_may_be_allowed_but_never_one_board_twice(province: Province) -> None:
    number = id_number(ADULT)
    province.entered("王芳", id_number=number)
    free = {"one_event_per_person": False}
    other = province.open_board("turning", eligibility=free)
    ruled(province, **free)

    assert province.enter("王芳", other, id_number=number).status_code == 201
    assert province.enter("王芳", id_number=number).status_code == 409


def test_personal_data_is_sealed_masked_and_not_in_the_log(province: Province) -> None:
    number = id_number(ADULT)
    entry = province.entered("王芳", id_number=number, phone="13812345678")
    chief = province.headers(Grant(Role.CHIEF_JUDGE, board=province.board["id"], judge="j"))

    public = province.client.get(f"entries/{entry['id']}", headers=province.headers()).json()
    judged = province.client.get(f"entries/{entry['id']}", headers=chief).json()

    assert entry["id_number"] == number[:2] + "*" * 15 + number[-1]
    assert (public["id_number"], public["phone"], judged["id_number"]) == (None, None, None)
    registered = province.facts()[-1]
    assert isinstance(registered, EntryRegistered)
    assert number not in str(province.facts())
    with province.runtime.database.engine.connect() as connection:
        table = "entries" if province.runtime.database.is_sqlite else "registration.entries"
        [row] = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
    assert number not in str(row)
    assert "13812345678" not in str(row)


def test_change_keeps_what_is_not_given(province: Province) -> None:
    number = id_number(ADULT)
    entry = province.entered("王芳", id_number=number, factors={"difficulty": "2.8"}, members=["甲"])

    changed = province.client.patch(
        f"entries/{entry['id']}", json={"name": "王方", "unit_code": "4402", "version": 1}
    ).json()

    assert changed["name"] == "王方"
    assert changed["unit"]["name"] == "第二造船厂"
    assert changed["factors"] == {"difficulty": "2.8"}
    assert changed["id_number"] == entry["id_number"]
    assert changed["version"] == 2


def test_change_of_an_older_version_is_refused(province: Province) -> None:
    entry = province.entered("王芳")
    province.client.patch(f"entries/{entry['id']}", json={"name": "王方", "version": 1})

    stale = province.client.patch(f"entries/{entry['id']}", json={"name": "汪芳", "version": 1})

    assert (stale.status_code, stale.json()["version"]) == (409, 2)


def test_unit_may_be_named_and_a_wrong_name_tells_the_nearest(province: Province) -> None:
    body = {"name": "王芳", "unit_name": "第一机械厂"}
    path = f"boards/{province.board['id']}/entries"

    named = province.client.post(path, json=body)
    wrong = province.client.post(path, json=body | {"unit_name": "第一机械工厂"})
    province.make_unit("4499", "第一机械厂", province.yard)
    ambiguous = province.client.post(path, json=body)

    assert named.json()["unit"]["id"] == province.plant["id"]
    assert "第一机械厂" in wrong.json()["errors"][0]["way_out"]
    assert rules_of(ambiguous) == ["unit_ambiguous"]
    assert "4401" in ambiguous.json()["errors"][0]["way_out"]


def test_entry_without_a_unit_belongs_to_the_boards(province: Province) -> None:
    made = province.client.post(f"boards/{province.board['id']}/entries", json={"name": "省队"}).json()

    assert made["unit"]["id"] == province.union["id"]


def test_withdrawn_entry_is_not_verified(province: Province) -> None:
    entry = province.entered("王芳")
    province.client.post(f"entries/{entry['id']}/withdraw", json={"reason": "受伤"})

    refused = province.client.post(f"entries/{entry['id']}/verify")

    assert (refused.status_code, refused.json()["reason"]) == (409, "受伤")


def test_withdrawal_needs_a_reason(province: Province) -> None:
    entry = province.entered("王芳")

    assert province.client.post(f"entries/{entry['id']}/withdraw", json={"reason": " "}).status_code == 422


def test_units_enter_their_own_people_and_boards_verify_them(province: Province) -> None:
    plant = province.headers(Grant(Role.ORGANISER, unit=province.plant["path"]))
    path = f"boards/{province.board['id']}/entries"

    own = province.client.post(path, json={"name": "王芳", "unit": province.plant["id"]}, headers=plant)
    foreign = province.client.post(path, json={"name": "李强", "unit": province.yard["id"]}, headers=plant)
    itself = province.client.post(f"entries/{own.json()['id']}/verify", headers=plant)
    board = province.client.post(f"entries/{own.json()['id']}/verify")
    later = province.client.patch(f"entries/{own.json()['id']}", json={"name": "替身"}, headers=plant)

    assert (own.status_code, foreign.status_code) == (201, 403)
    assert (itself.status_code, board.status_code) == (403, 200)
    assert later.status_code == 403


@pytest.mark.parametrize(
    "more",
    [{"number": 1}, {"code": "A"}, {"unranked": True}, {"factors": {"d": "9"}}, {"times": {"t": "1"}}],
)
def test_what_bears_on_order_or_score_is_the_organisers(
    sqlite_province: Province, more: dict[str, object]
) -> None:
    province = sqlite_province
    plant = province.headers(Grant(Role.ORGANISER, unit=province.plant["path"]))
    body = {"name": "王芳", "unit": province.plant["id"]}
    path = f"boards/{province.board['id']}/entries"
    entry = province.client.post(path, json=body, headers=plant).json()

    made = province.client.post(path, json=body | more, headers=plant)
    changed = province.client.patch(f"entries/{entry['id']}", json=more, headers=plant)
    allowed = province.client.patch(f"entries/{entry['id']}", json=more)
    renamed = province.client.patch(f"entries/{entry['id']}", json={"name": "王方"}, headers=plant)

    assert (made.status_code, changed.status_code, allowed.status_code) == (403, 403, 200)
    assert renamed.status_code == 200


def test_batch_registers_all_or_none_and_names_each_fault(province: Province) -> None:
    path = f"boards/{province.board['id']}/entries/batch"
    good = [{"name": f"选手{n}", "external_id": str(n)} for n in range(3)]

    refused = province.client.post(path, json={"entries": [*good, {"name": "重", "external_id": "1"}]})
    nothing = province.listed()
    made = province.client.post(path, json={"entries": good, "verified": True})

    assert (refused.status_code, places_of(refused)) == (422, ["/entries/3/external_id"])
    assert nothing == []
    assert made.json()["count"] == 3
    assert [entry["status"] for entry in province.listed()] == ["verified"] * 3


def test_all_are_verified_at_once(province: Province) -> None:
    ids = [province.entered(name)["id"] for name in ("王芳", "李强", "张伟")]
    path = f"boards/{province.board['id']}/entries/verify"

    some = province.client.post(path, json={"entries": ids[:1]}).json()
    rest = province.client.post(path, json={}).json()

    assert (some["verified"], rest["verified"]) == (1, 2)


def test_repeated_request_with_one_key_registers_once(province: Province) -> None:
    headers = {"Idempotency-Key": "k-1"}
    path = f"boards/{province.board['id']}/entries"

    answers = [province.client.post(path, json={"name": "王芳"}, headers=headers) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert len(province.listed()) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "a\x00b"},
        {"name": "甲" * 201},
        {"name": "王芳", "factors": {"d": 2.5}},
        {"name": "王芳", "factors": {"d": "1e999999"}},
        {"name": "王芳", "factors": {"d": "NaN"}},
        {"name": "王芳", "number": 10**30},
        {"name": "王芳", "surprise": 1},
    ],
)
def test_malformed_entry_is_refused(sqlite_province: Province, body: dict[str, object]) -> None:
    answer = sqlite_province.client.post(f"boards/{sqlite_province.board['id']}/entries", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"]


def test_unknown_ids_are_not_found(province: Province) -> None:
    assert province.client.patch("entries/nowhere", json={"name": "x"}).status_code == 404
    assert province.client.post("boards/nowhere/entries", json={"name": "x"}).status_code == 404
    assert province.client.get("boards/%00").status_code == 422
