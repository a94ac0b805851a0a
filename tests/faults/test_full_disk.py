"""A full disk under load, of either database: refused with what to do, taken again once there is room."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import psycopg
import pytest

from services.kit.database import Database
from tests.faults.judges import Judges
from tests.faults.keeper import kept_running
from tests.faults.platform import Platform
from tests.faults.scene import Scene, rounds
from tests.parts import Postgres, wait_until

SHEETS = 60
FULL = "服务器磁盘已满"

MakeDisk = Callable[[str], Path]


@pytest.fixture
def small_disk() -> Iterator[MakeDisk]:
    """Makes a file system that is soon full, in a place that PostgreSQL's user reaches."""
    folder = Path(tempfile.mkdtemp(prefix="leitai-disk-"))
    folder.chmod(0o755)

    def make(size: str) -> Path:
        command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "leitai-test", str(folder)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"no file system of a test's own may be mounted: {done.stderr.strip()}")
        return folder

    yield make
    subprocess.run(["umount", "--lazy", str(folder)], check=False)
    folder.rmdir()


@rounds(2)
def test_full_disk_under_sqlite_refuses_with_a_problem_and_recovers(
    tmp_path: Path, small_disk: MakeDisk, rounds: int
) -> None:
    disk = small_disk("24m")
    fill_under_load(Platform(tmp_path, disk / "data"), disk, rounds, until_told)


@pytest.mark.cluster
@rounds(2)
def test_full_disk_under_postgresqls_tables_refuses_with_a_problem_and_recovers(
    tmp_path: Path, small_disk: MakeDisk, rounds: int
) -> None:
    disk = small_disk("96m")
    with on_disk("base", disk, tmp_path) as postgres:
        platform = Platform(tmp_path, database_url=postgres.create_database("leitai"))
        fill_under_load(platform, disk, rounds, until_told)


@pytest.mark.cluster
@rounds(2)
def test_full_disk_under_postgresqls_log_ends_the_server_and_loses_nothing(
    tmp_path: Path, small_disk: MakeDisk, rounds: int
) -> None:
    disk = small_disk("128m")
    with on_disk("pg_wal", disk, tmp_path) as postgres, kept_running([postgres]):
        platform = Platform(tmp_path, database_url=postgres.create_database("leitai"))
        fill_under_load(platform, disk, rounds, partial(until_down, postgres))


def fill_under_load(
    platform: Platform, disk: Path, rounds: int, until_felt: Callable[[Judges], None]
) -> None:
    """Judges work while the disk is full until they felt it, and once there is room; then all is compared."""
    with playing(platform) as scene, scene.play() as play:
        for _ in range(rounds):
            with play.judges as judges:
                judges.until_more(SHEETS)
                with full(disk):
                    until_felt(judges)
                judges.until_more(SHEETS)
            play.check()


@contextmanager
def on_disk(folder: str, disk: Path, home: Path) -> Iterator[Postgres]:
    """A running PostgreSQL that has one folder of its data on the disk."""
    postgres = Postgres(home / "postgres")
    postgres.prepare()
    subprocess.run(["mv", postgres.data / folder, disk / folder], check=True)
    (postgres.data / folder).symlink_to(disk / folder)
    with (postgres.data / "postgresql.conf").open("a") as settings:
        # Its log would keep more files from round to round, until the disk was full of nothing else.
        settings.write("wal_recycle = off\n")
    with postgres:
        yield postgres
    assert "No space left on device" in postgres.log.read_text()
    postgres.discard()


@contextmanager
def playing(platform: Platform) -> Iterator[Scene]:
    with platform:
        database = Database(platform.database_url)
        yield Scene(platform.url, database, platform.redis_url)
        database.close()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Leaves not one free page, also not one that is freed while we write, until the block ends."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:

        def is_full() -> bool:
            try:
                file.write(b"\0" * 4096)
            except OSError:
                return shutil.disk_usage(disk).free == 0
            return False

        wait_until(is_full, seconds=60, what="the disk is full", interval=0)
    yield
    filler.unlink()


def until_told(judges: Judges) -> None:
    """Wait until judges are told what is wrong, again and again."""
    judges.told.clear()
    judges.until(lambda: judges.told[FULL] >= 10, "10 sheets are refused for a full disk")


def until_down(postgres: Postgres, judges: Judges) -> None:
    """Have PostgreSQL begin file after file of its log, until it lacks the room for one and ends."""
    wanted = judges.away + 10

    def is_down() -> bool:
        with (
            suppress(psycopg.OperationalError),
            psycopg.connect(postgres.url.replace("+psycopg", ""), connect_timeout=5) as link,
        ):
            link.execute("SELECT pg_switch_wal()")
        return judges.away >= wanted

    judges.until(is_down, "10 sheets are answered 503")
