"""From a unit to a start list over HTTP, and what the log tells of it."""

from schemas.events.registrations import (
    BoardOpened,
    EntryChanged,
    EntryRegistered,
    EntryVerified,
    EntryWithdrawn,
    NumbersDrawn,
)
from tests.services.registration.province import Province


def test_main_path_is_told_to_the_log_in_order(province: Province) -> None:
    ids = [province.entered(name)["id"] for name in ("王芳", "李强", "张伟")]
    province.client.patch(f"entries/{ids[0]}", json={"category": "职工组"})
    for entry in ids:
        province.client.post(f"entries/{entry}/verify")
    province.draw()
    province.client.post(f"entries/{ids[1]}/withdraw", json={"reason": "受伤"})

    facts = province.facts()

    assert [type(fact) for fact in facts] == [
        BoardOpened,
        *[EntryRegistered] * 3,
        EntryChanged,
        *[EntryVerified] * 3,
        NumbersDrawn,
        EntryWithdrawn,
    ]
    last = facts[-1]
    assert isinstance(last, EntryWithdrawn)
    assert (last.entry.status, last.entry.reason) == ("withdrawn", "受伤")
    assert last.entry.number in (1, 2, 3)


def test_each_change_of_an_entry_raises_its_version(province: Province) -> None:
    entry = province.entered("王芳")["id"]

    province.client.patch(f"entries/{entry}", json={"name": "王方"})
    province.client.post(f"entries/{entry}/verify")
    province.client.post(f"entries/{entry}/withdraw", json={"reason": "请假"})
    province.client.post(f"entries/{entry}/reinstate", json={"reason": "已返回"})

    assert province.versions(entry) == [1, 2, 3, 4, 5]


def test_board_carries_campaign_and_unit(province: Province) -> None:
    opened = province.facts()[0]

    assert isinstance(opened, BoardOpened)
    assert opened.board.campaign_title.zh == "技能大赛"
    assert opened.board.unit.name == "广东省总工会"
    assert opened.board.unit.path == province.union["path"]
    assert opened.board.opened_at is not None


def test_start_list_is_in_draw_order_without_those_who_withdrew(province: Province) -> None:
    for name in ("王芳", "李强", "张伟", "刘洋"):
        province.entered(name, verified=True)
    numbers = province.draw().json()["numbers"]
    third = next(entry for entry, number in numbers.items() if number == 3)
    province.client.post(f"entries/{third}/withdraw", json={"reason": "弃权"})

    lines = province.client.get(f"boards/{province.board['id']}/start-list").json()["items"]

    assert [line["number"] for line in lines] == [1, 2, 4]
    assert all(line["unit"]["name"] == "第一机械厂" for line in lines)
