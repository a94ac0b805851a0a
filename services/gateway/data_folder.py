"""The data folder of the embedded platform: one process at a time, copied while it runs, put back."""

import fcntl
import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

DATABASE = "leitai.db"
SECRET = "secret.key"  # noqa: S105 (a file's name)
_LOCK = "leitai.lock"
_MANIFEST = "manifest.json"
_PAGES = 2_000


class FolderInUse(Exception):
    """Another process runs the platform on this folder."""


class BadBackup(Exception):
    """The file is no backup, or it was damaged; the message says what is wrong."""


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Hold the folder while the block runs. Raises FolderInUse. A killed process holds nothing."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / _LOCK).open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise FolderInUse(str(data)) from error
        yield


def back_up(data: Path, target: Path, progress: Callable[[int, int], None]) -> None:
    """Copy database and secret into one zip, as of one moment, while the platform runs.

    `progress` is told pages copied and pages in all. The zip appears under its name only when complete.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        copy = Path(folder) / DATABASE
        origin = f"file:{data / DATABASE}?mode=ro"
        with closing(sqlite3.connect(origin, uri=True)) as source, closing(sqlite3.connect(copy)) as sink:
            source.backup(sink, pages=_PAGES, progress=lambda _, left, total: progress(total - left, total))
            sink.execute("PRAGMA journal_mode=DELETE")
        files = {DATABASE: copy, SECRET: data / SECRET}
        manifest = {name: _digest(path) for name, path in files.items()}
        made = Path(folder) / "backup.zip"
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_MANIFEST, json.dumps(manifest, indent=2, sort_keys=True))
            for name, path in files.items():
                archive.write(path, name)
        made.chmod(0o600)
        os.replace(made, target)


def put_back(backup: Path, data: Path) -> None:
    """Put a backup into a folder without a database. Raises BadBackup or FolderInUse and changes nothing."""
    with held(data), tempfile.TemporaryDirectory(dir=data) as folder:
        try:
            with zipfile.ZipFile(backup) as archive:
                manifest = json.loads(archive.read(_MANIFEST))
                for name in (DATABASE, SECRET):
                    archive.extract(name, folder)
        except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
            raise BadBackup(str(error)) from error
        damaged = [name for name in (DATABASE, SECRET) if _digest(Path(folder) / name) != manifest.get(name)]
        if damaged:
            raise BadBackup(f"{', '.join(damaged)}: 校验和不符 · the checksum differs")
        (Path(folder) / SECRET).chmod(0o600)
        for name in (SECRET, DATABASE):
            os.replace(Path(folder) / name, data / name)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
