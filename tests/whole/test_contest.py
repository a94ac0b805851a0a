"""A skills contest by its people: registered, drawn, marked on tablets, frozen, published, printed."""

import time
from functools import partial

import pytest

from services.cli.client import Refused
from tests.whole.boards import await_equal, of_list, printed, rows, standings, under
from tests.whole.platforms import Platform
from tests.whole.trade import FINAL, NAMES, PRACTICAL, set_up

SESSION_SECONDS = 10
"""A revoked session ends within a second; the rest is patience with a busy machine."""


def test_contest_goes_from_the_roster_to_the_printed_list(platform: Platform) -> None:
    trade = set_up(platform)
    trade.seat()

    trade.mark_all(*PRACTICAL)
    published = trade.organise("publish")

    await_equal(partial(standings, platform.anonymous, trade.board), FINAL)
    assert published["incomplete"] == []
    await_equal(partial(of_list, platform.administrator, trade.board), FINAL)
    winners = under("序号", printed(platform.administrator, trade.board)["获奖名单"])
    assert [(row[1], row[2], row[3]) for row in winners] == [
        ("一等奖", 1, NAMES["B"]),
        ("二等奖", 2, NAMES["A"]),
        ("二等奖", 3, NAMES["D"]),
    ]


def test_start_list_has_everyone_once_in_the_order_of_the_draw(platform: Platform) -> None:
    trade = set_up(platform)

    lines = platform.anonymous.get(f"/api/registration/boards/{trade.board}/start-list")["items"]

    assert [line["number"] for line in lines] == [1, 2, 3, 4]
    assert {line["name"] for line in lines} == set(NAMES.values())


def test_frozen_board_stands_still_for_the_public_while_the_jury_sees_on(platform: Platform) -> None:
    trade = set_up(platform)
    trade.seat()
    trade.mark_all("A", "B")
    jury = partial(standings, platform.administrator, trade.board, view="jury")
    public = partial(standings, platform.anonymous, trade.board)
    await_equal(lambda: [row.entry for row in public()[:2]], ["B", "A"])
    before = rows(platform.anonymous, trade.board)

    trade.organise("freeze", reason="决赛最后一轮")
    trade.mark_all("C", "D")

    await_equal(jury, FINAL)
    assert rows(platform.anonymous, trade.board) == before
    assert platform.anonymous.get(f"/api/leaderboard/boards/{trade.board}")["head"]["frozen_at"]
    trade.organise("thaw")
    await_equal(public, FINAL)


def test_judge_link_is_good_for_one_device(platform: Platform) -> None:
    trade = set_up(platform)
    secret = trade.invite("J1")
    trade.judges["J1"] = trade.exchange(secret, "tablet-one")

    with pytest.raises(Refused) as refused:
        trade.exchange(secret, "tablet-two")

    assert refused.value.slug == "judge-link-spent"
    assert trade.mark("J1", "A", "80")["judge"] == "J1"
    trade.judges["J1"] = trade.exchange(secret, "tablet-one")
    assert trade.mark("J1", "B", "90")["judge"] == "J1"


def test_revoked_judge_is_refused_and_the_marks_stay(platform: Platform) -> None:
    trade = set_up(platform)
    trade.seat()
    trade.mark("J1", "A", "80")

    platform.administrator.delete(f"/api/identity/judge-links/{trade.links['J1']['id']}")

    deadline = time.monotonic() + SESSION_SECONDS
    with pytest.raises(Refused) as refused:
        while time.monotonic() < deadline:
            trade.judges["J1"].get(f"{trade.scoring}/desk")
    assert refused.value.status == 401
    with pytest.raises(Refused, match=refused.value.args[0]):
        trade.mark("J1", "B", "90")
    kept = platform.administrator.get(f"{trade.scoring}/sheets", judge="J1")["items"]
    assert [sheet["marks"] for sheet in kept] == [{"practical.work": "80"}]


def test_judge_who_is_not_on_the_panel_is_refused_with_the_way_out(platform: Platform) -> None:
    trade = set_up(platform)
    trade.judges["J9"] = trade.exchange(trade.invite("J9"), "tablet-nine")

    with pytest.raises(Refused) as refused:
        trade.mark("J9", "A", "80")

    assert refused.value.slug == "not-on-panel"
    assert refused.value.body["way_out"]
