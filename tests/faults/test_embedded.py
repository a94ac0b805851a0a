"""The embedded platform under load: the process and its Valkey are killed, and nothing is lost."""

from collections.abc import Callable, Iterator

import pytest

from services.kit.database import Database
from tests.faults.platform import Platform
from tests.faults.scene import Scene, rounds

SHEETS = 60


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    with Platform(tmp_path_factory.mktemp("embedded")) as running:
        yield running


@pytest.fixture(scope="module")
def scene(platform: Platform) -> Iterator[Scene]:
    database = Database(platform.database_url)
    yield Scene(platform.url, database, platform.redis_url)
    database.close()


def kill_all(platform: Platform) -> None:
    platform.kill()


def kill_server(platform: Platform) -> None:
    platform.kill_server()


@rounds(2)
@pytest.mark.parametrize("kill", [kill_all, kill_server])
def test_killed_platform_loses_no_acknowledged_sheet(
    platform: Platform, scene: Scene, kill: Callable[[Platform], None], rounds: int
) -> None:
    with scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                kill(platform)
                platform.restart()
                judges.until_more(SHEETS)
            play.check()
    assert judges.hung_up


@rounds(3)
def test_killed_valkey_comes_back_with_every_board(platform: Platform, scene: Scene, rounds: int) -> None:
    with scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                platform.valkey().kill()
                judges.until_more(SHEETS)
            play.check()
