"""The embedded platform under load: the process, its Valkey and its disk fail, and nothing is lost."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from services.kit.database import Database
from tests.faults.platform import Platform
from tests.faults.scene import Scene, rounds
from tests.parts import wait_until

SHEETS = 60
_DISK = "24m"


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


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system that is soon full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "leitai-test", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system of a test's own may be mounted: {done.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@rounds(2)
def test_full_disk_refuses_with_a_problem_and_recovers(tmp_path: Path, small_disk: Path, rounds: int) -> None:
    filler = small_disk / "filler"
    with Platform(tmp_path, small_disk / "data") as platform:
        database = Database(platform.database_url)
        with Scene(platform.url, database, platform.redis_url).play() as play:
            for _ in range(rounds):
                with play.judges as judges:
                    judges.until_more(SHEETS)
                    fill(filler)
                    judges.until_away(10)
                    filler.unlink()
                    judges.until_more(SHEETS)
                play.check()
        database.close()


def fill(filler: Path) -> None:
    """Leave not one free page, also not one that is freed while we write."""
    with filler.open("ab", buffering=0) as file:

        def is_full() -> bool:
            try:
                file.write(b"\0" * 4096)
            except OSError:
                return shutil.disk_usage(filler.parent).free == 0
            return False

        wait_until(is_full, seconds=60, what="the disk is full", interval=0)
