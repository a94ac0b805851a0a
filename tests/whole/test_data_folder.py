"""One machine: what a backup, a restart, a rebuild and the doctor make of a folder that is in use."""

import json
import os
import signal
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.whole.boards import await_equal, rows, standings
from tests.whole.platforms import Embedded, run_leitai
from tests.whole.trade import FINAL, Trade, set_up


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Embedded]:
    with Embedded(tmp_path) as running:
        yield running


@pytest.fixture
def trade(platform: Embedded) -> Trade:
    """A trade half marked."""
    made = set_up(platform)
    made.seat()
    made.mark_all("A", "B")
    return made


def test_backup_of_a_running_platform_restores_to_the_same_boards(
    platform: Embedded, trade: Trade, tmp_path: Path
) -> None:
    public = partial(rows, platform.anonymous, trade.board)
    await_equal(lambda: [row["external_id"] for row in public()[:2]], ["B", "A"])
    file = tmp_path / "backup.zip"
    done = platform.leitai("backup", str(file))
    assert done.returncode == 0, done.stderr
    shown = public()
    trade.mark_all("C", "D")

    other = Embedded(tmp_path / "other")
    restored = other.leitai("restore", str(file))

    assert restored.returncode == 0, restored.stderr
    with other:
        await_equal(partial(rows, other.anonymous, trade.board), shown)
        assert other.leitai("doctor").returncode == 0


def test_second_start_goes_on_with_boards_sessions_and_marks(platform: Embedded, trade: Trade) -> None:
    platform.restart()

    trade.mark_all("C", "D")

    await_equal(partial(standings, platform.anonymous, trade.board), FINAL)
    assert trade.organise("publish")["incomplete"] == []


def test_killed_platform_goes_on_with_every_acknowledged_sheet(platform: Embedded, trade: Trade) -> None:
    trade.mark_all("C", "D")
    platform.kill()

    platform.start()

    await_equal(partial(standings, platform.anonymous, trade.board), FINAL)


def test_rebuild_of_live_boards_finds_them_as_the_ledger_says(platform: Embedded, trade: Trade) -> None:
    trade.mark_all("C", "D")
    await_equal(partial(standings, platform.anonymous, trade.board), FINAL)

    done = platform.leitai("rebuild", "--json")

    assert done.returncode == 0, done.stderr
    rebuilt = json.loads(done.stdout)
    assert {each["view"] for each in rebuilt} == {"jury", "public"}
    assert all(each["differences"] == [] and not each["aside"] for each in rebuilt)
    assert standings(platform.anonymous, trade.board) == FINAL


def test_rebuild_of_a_board_that_is_not_there_makes_none(platform: Embedded, trade: Trade) -> None:
    done = platform.leitai("rebuild", trade.board, "焊工")

    assert done.returncode == 1
    assert "焊工" in done.stderr
    assert trade.board not in done.stdout


def test_doctor_finds_nothing_wrong(platform: Embedded, trade: Trade) -> None:
    trade.mark_all("C", "D")
    await_equal(lambda: platform.leitai("doctor").returncode, 0)

    looked = json.loads(platform.leitai("doctor", "--json").stdout)

    assert len(looked) >= 4
    assert all(each["ok"] for each in looked)


def test_second_platform_on_the_folder_is_refused(platform: Embedded) -> None:
    second = platform.leitai("up", "--no-demo", "--port", "1")

    assert second.returncode != 0
    assert str(platform.data) in second.stderr


def test_platform_on_a_port_that_is_taken_ends_with_the_reason(platform: Embedded, tmp_path: Path) -> None:
    words = ("up", "--no-demo", "--port", str(platform.port), "--data", str(tmp_path / "other"))

    second = run_leitai(*words, environment=platform.environment())

    assert second.returncode == 1
    assert f"无法监听 · cannot listen on 127.0.0.1:{platform.port}" in second.stderr


def test_proxy_of_the_environment_is_not_asked_for_a_platform_on_this_machine(platform: Embedded) -> None:
    proxied = {**platform.environment(), "http_proxy": "http://127.0.0.1:9", "no_proxy": ""}
    words = ("export", "nothing", "--url", platform.url, "--data", str(platform.data))

    done = run_leitai(*words, environment=proxied)

    assert done.returncode == 1, done.stderr


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_ends_everything_that_it_started(platform: Embedded, asked: signal.Signals) -> None:
    children = psutil.Process(platform.pid).children(recursive=True)

    os.kill(platform.pid, asked)

    assert platform.wait_ended(120) == 0
    assert "已结束，数据完好" in platform.log_tail()
    assert children
    assert not any(child.is_running() for child in children)
