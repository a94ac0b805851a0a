"""The draw: by the server, repeatable from its seed, late entries last, not anew without a reason."""

from hypothesis import given
from hypothesis import strategies as st

from schemas.events.registrations import NumbersDrawn
from schemas.events.scores import SheetSubmitted
from schemas.objects import Sheet
from services.kit import log
from services.kit.access import Grant, Role
from services.kit.clock import utc_now
from services.registration.drawing import codes, numbers
from tests.services.registration.province import Province

IDS = st.sets(st.text("abcdef0123456789-", min_size=1, max_size=12), max_size=60)


def submit_sheet(province: Province, entry: str) -> None:
    sheet = Sheet(id="s", board=province.board["id"], entry=entry, judge="j", marks={})
    with province.runtime.database.transaction() as session:
        fact = SheetSubmitted(sheet=sheet)
        log.append(session, fact, board=sheet.board, source="test", actor="j", time=utc_now())


@given(seed=st.text(max_size=32), entries=IDS, first=st.integers(1, 1000))
def test_numbers_are_each_given_once_whatever_the_order(seed: str, entries: set[str], first: int) -> None:
    drawn = numbers(seed, sorted(entries), first)

    assert sorted(drawn.values()) == list(range(first, first + len(entries)))
    assert numbers(seed, sorted(entries, reverse=True), first) == drawn


@given(seed=st.text(max_size=32), entries=IDS)
def test_codes_differ_from_each_other_and_from_those_taken(seed: str, entries: set[str]) -> None:
    taken = set(codes(seed, entries).values())

    again = codes(seed, entries, taken)

    assert len(set(again.values()) | taken) == 2 * len(entries)


def test_draw_is_fair_enough_to_give_each_place_to_each() -> None:
    firsts = [min(drawn, key=drawn.__getitem__) for n in range(600) if (drawn := numbers(str(n), "abc"))]

    assert all(150 < firsts.count(entry) < 250 for entry in "abc")


def test_recorded_draw_can_be_repeated(province: Province) -> None:
    for name in ("王芳", "李强", "张伟"):
        province.entered(name, verified=True)

    drawn = province.draw().json()
    recorded = province.client.get(f"boards/{province.board['id']}/draws").json()["items"]

    assert recorded == [drawn["draw"]]
    assert numbers(recorded[0]["seed"], recorded[0]["entries"], recorded[0]["first"]) == drawn["numbers"]
    assert drawn["codes"] == {}


def test_only_verified_entries_are_drawn_and_late_ones_come_last(province: Province) -> None:
    province.entered("王芳", verified=True)
    province.entered("李强", verified=True)
    late = province.entered("张伟")
    first = province.draw().json()["numbers"]
    province.client.post(f"entries/{late['id']}/verify")

    second = province.draw().json()["numbers"]
    nothing = province.draw()

    assert sorted(first.values()) == [1, 2]
    assert second == {late["id"]: 3}
    assert (nothing.status_code, nothing.json()["type"]) == (409, "urn:leitai:problem:nothing-to-draw")


def test_redraw_after_scoring_needs_a_reason_that_is_kept(province: Province) -> None:
    entry = province.entered("王芳", verified=True)["id"]
    province.draw()
    before = province.draw(redraw=True)
    submit_sheet(province, entry)

    refused = province.draw(redraw=True)
    allowed = province.draw(redraw=True, reason="抽签箱未封")

    assert (before.status_code, refused.status_code, allowed.status_code) == (201, 409, 201)
    assert refused.json()["type"] == "urn:leitai:problem:scoring-started"
    draws = province.client.get(f"boards/{province.board['id']}/draws").json()["items"]
    assert [draw["reason"] for draw in draws] == ["抽签箱未封", "", ""]
    assert len({draw["seed"] for draw in draws}) == 3


def test_redraw_takes_the_number_of_those_who_withdrew(province: Province) -> None:
    ids = [province.entered(name, verified=True)["id"] for name in ("王芳", "李强", "张伟")]
    province.draw()
    province.client.post(f"entries/{ids[0]}/withdraw", json={"reason": "弃权"})

    again = province.draw(redraw=True).json()["numbers"]

    assert sorted(again.values()) == [1, 2]
    fact = province.facts()[-1]
    assert isinstance(fact, NumbersDrawn)
    assert fact.numbers == again | {ids[0]: 0}


def test_draw_raises_the_boards_version(province: Province) -> None:
    province.entered("王芳", verified=True)

    province.draw()
    province.draw(redraw=True)

    assert province.versions(province.board["id"]) == [1, 2, 3]


def test_blind_board_gives_codes_that_stay_in_a_late_draw(province: Province) -> None:
    board = province.open_board("blind", blind=True)
    one = province.entered("王芳", board=board, verified=True)["id"]
    first = province.draw(board).json()["codes"]
    two = province.entered("李强", board=board, verified=True)["id"]

    second = province.draw(board).json()["codes"]

    assert (set(first), set(second)) == ({one}, {two})
    assert len(set(first.values()) | set(second.values())) == 2
    fact = province.facts(board)[-1]
    assert isinstance(fact, NumbersDrawn)
    assert fact.codes == second


def test_only_the_boards_organiser_draws(province: Province) -> None:
    province.entered("王芳", verified=True)
    path = f"boards/{province.board['id']}/draw"

    unit = province.headers(Grant(Role.ORGANISER, unit=province.plant["path"]))
    chief = province.headers(Grant(Role.CHIEF_JUDGE, board=province.board["id"], judge="j"))
    organiser = province.headers(Grant(Role.ORGANISER, board=province.board["id"]))

    codes = [
        province.client.post(path, json={}, headers=headers).status_code
        for headers in (unit, chief, organiser)
    ]
    assert codes == [403, 403, 201]
