"""People who do the same thing at the same moment, and lists whose cost does not grow with their length."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

from httpx2 import Response
from sqlalchemy import event

from tests.services.registration.province import Province, id_number


def at_once(do: Callable[[int], Response], times: int = 6) -> list[int]:
    with ThreadPoolExecutor(times) as pool:
        return sorted(answer.status_code for answer in pool.map(do, range(times)))


def test_same_external_id_at_once_is_taken_once(province: Province) -> None:
    codes = at_once(lambda n: province.enter(f"选手{n}", external_id="A1"))

    assert codes == [201] + [409] * 5
    assert len(province.listed()) == 1


def test_same_person_on_several_boards_at_once_enters_one(province: Province) -> None:
    boards = [province.open_board(f"trade{n}") for n in range(6)]
    number = id_number(date(1990, 1, 1))

    codes = at_once(lambda n: province.enter("王芳", boards[n], id_number=number))

    assert codes == [201] + [409] * 5


def test_draws_at_once_give_each_number_once(province: Province) -> None:
    for n in range(5):
        province.entered(f"选手{n}", verified=True)

    codes = at_once(lambda _: province.draw())

    assert codes == [201] + [409] * 5
    assert [entry["number"] for entry in province.listed()] == [1, 2, 3, 4, 5]


def test_changes_from_one_version_at_once_succeed_once(province: Province) -> None:
    entry = province.entered("王芳")["id"]

    codes = at_once(
        lambda n: province.client.patch(f"entries/{entry}", json={"name": f"王{n}", "version": 1})
    )

    assert codes == [200] + [409] * 5


def test_same_code_at_once_is_taken_once(province: Province) -> None:
    codes = at_once(lambda n: province.client.post("units", json={"code": "new", "name": f"单位{n}"}))

    assert codes == [201] + [409] * 5


def test_changes_of_many_kinds_at_once_all_end(province: Province) -> None:
    entry = province.entered("王芳", verified=True)["id"]
    doings = (
        lambda n: province.draw(redraw=True),
        lambda n: province.client.patch(f"boards/{province.board['id']}", json={"trade": f"焊{n}"}),
        lambda n: province.client.patch(f"units/{province.plant['id']}", json={"name": f"厂{n}"}),
        lambda n: province.client.patch(f"campaigns/{province.campaign['id']}", json={"year": 2000 + n}),
        lambda n: province.client.patch(f"entries/{entry}", json={"name": f"王{n}"}),
    )

    codes = at_once(lambda n: doings[n % len(doings)](n), times=20)

    assert set(codes) <= {200, 201}


def test_lists_cost_a_fixed_number_of_queries(province: Province) -> None:
    paths = [f"boards/{province.board['id']}/{path}" for path in ("entries", "start-list")]
    paths += ["boards", "campaigns", "units"]

    def grow(times: int, start: int) -> None:
        for n in range(start, start + times):
            province.entered(f"选手{n}", verified=True)
            province.open_board(f"b{n}")
            province.make_unit(f"u{n}", "班组", province.plant)
        province.draw()

    grow(1, 0)
    one = [queries(province, path) for path in paths]
    grow(3, 1)
    four = [queries(province, path) for path in paths]

    assert one == four


def queries(province: Province, path: str) -> int:
    """How many statements a GET costs. Its session is known already."""
    province.client.get(path)
    counted: list[str] = []

    def count(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        counted.append(statement)

    engine = province.runtime.database._reader
    event.listen(engine, "before_cursor_execute", count)
    answer = province.client.get(path)
    event.remove(engine, "before_cursor_execute", count)
    assert answer.status_code == 200
    return len([statement for statement in counted if "sessions" not in statement])
