"""docker-compose.yml run as processes of this machine, against real Kafka, PostgreSQL and Valkey.

The command and the environment of every service are the file's own. Only addresses change: `host:port`
of a service becomes 127.0.0.1 and a free port, and a service listens on 127.0.0.1.
"""

import os
import re
import subprocess
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.parts import compose, nginx
from tests.parts.compose import Service
from tests.parts.java import ROOT
from tests.parts.kafka import Kafka
from tests.parts.nginx import Nginx
from tests.parts.ports import free_port
from tests.parts.postgres import Postgres
from tests.parts.processes import Part, PartFailed
from tests.parts.valkey import Valkey

SECRETS = {
    "POSTGRES_PASSWORD": "of-the-superuser",
    "DATABASE_OWNER_PASSWORD": "of-the-owner",
    "DATABASE_APP_PASSWORD": "of-the-services",
    "VALKEY_PASSWORD": "of-valkey",
    "LEITAI_SECRET": "bGVpdGFpLWxlaXRhaS1sZWl0YWktbGVpdGFpLWxlaXQ=",
}
_PROGRAMS = {"leitai": [sys.executable, "-m", "services.cli.main"], "python": [sys.executable]}
_LOCAL_ADDRESS = re.compile(r"\b(?:127\.0\.0\.1|localhost):(\d+)\b")


class ServiceProcess(Part):
    """One replica of a service of the image `leitai`, or of any service that is a plain command."""

    # A Faust worker gets partitions only when the session of a killed one has ended.
    start_seconds = 120.0

    def __init__(self, service: Service, folder: Path, addresses: Mapping[str, str], replica: int) -> None:
        self.name = f"{service.name}-{replica + 1}"
        super().__init__(folder)
        self.service = service
        self._addresses = addresses
        self._ports = {
            str(port): addresses[f"{service.name}:{port}"].rpartition(":")[2] for port in service.ports
        }
        if replica:
            self._ports = {port: str(free_port()) for port in self._ports}

    def local_port(self, port: int) -> int:
        """The port of this machine that stands for `port` of the container."""
        return int(self._ports[str(port)])

    def command(self) -> Sequence[str | Path]:
        return self._local_command(self.service.command)

    def environment(self) -> Mapping[str, str]:
        given = {name: self._localise(value) for name, value in self.service.environment.items()}
        # Nothing of the caller's LEITAI_ settings may reach a service that the file does not give them to.
        outer = {name: value for name, value in os.environ.items() if not name.startswith("LEITAI_")}
        return {**outer, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **given}

    def is_ready(self) -> bool:
        if not self.service.health:
            return True
        kind, *words = self.service.health
        if kind != "CMD":
            raise PartFailed(f"{self.name}: only CMD health checks run without a container, not {kind}")
        check = subprocess.run(
            self._local_command(words), env=dict(self.environment()), capture_output=True, check=False
        )
        return check.returncode == 0

    def _local_command(self, words: Sequence[str]) -> list[str]:
        program, *arguments = words
        return [*_PROGRAMS.get(program, [program]), *(self._localise(word) for word in arguments)]

    def _localise(self, text: str) -> str:
        if text in self._ports:
            return self._ports[text]
        if text == "0.0.0.0":
            return "127.0.0.1"
        text = _LOCAL_ADDRESS.sub(lambda own: f"127.0.0.1:{self._ports.get(own[1], own[1])}", text)
        for name, address in self._addresses.items():
            text = re.sub(rf"(?<![\w.-]){re.escape(name)}\b", address, text)
        return text


class Topology:
    """The services of a compose file as parts, started in the order of their `depends_on`."""

    def __init__(
        self,
        folder: Path,
        *,
        file: Path = ROOT / "docker-compose.yml",
        secrets: Mapping[str, str] = SECRETS,
        replicas: Mapping[str, int] | None = None,
        durable: bool = False,
    ) -> None:
        self.folder = folder
        self.file = file
        self.services = compose.read(file, secrets)
        self.durable = durable
        self._replicas = dict(replicas or {})
        self._addresses = {
            f"{service.name}:{port}": f"127.0.0.1:{free_port()}"
            for service in self.services.values()
            for port in service.ports
        }
        self._parts: dict[str, list[Part]] = {}
        self._settled: set[str] = set()

    def start(self, only: Collection[str] | None = None) -> Self:
        """Start everything, or the named services and what they depend on; side by side where they may."""
        order = list(self._in_order(only or self.services))
        for service in order:
            for other in service.depends_on:
                self._settle(other)
            self._launch(service.name)
        for service in order:
            self._settle(service.name)
        return self

    def stop(self) -> None:
        """Stop everything; a later start goes on with the same data."""
        for parts in reversed(list(self._parts.values())):
            for part in parts:
                part.stop()

    def discard(self) -> None:
        """Stop everything and delete the database."""
        self.stop()
        for part in self._parts.get("postgres", ()):
            if isinstance(part, Postgres):
                part.discard()

    def start_service(self, name: str) -> None:
        """Start all replicas and wait until they are healthy; a service that runs once must end well."""
        self._launch(name)
        self._settle(name)

    def stop_service(self, name: str) -> None:
        for part in self.parts(name):
            part.stop()

    def kill(self, name: str, replica: int = 0) -> None:
        """SIGKILL one replica."""
        self.part(name, replica).kill()

    def restart(self, name: str, replica: int = 0) -> None:
        """Start one replica again after a kill, on its own port and data; stop it first if it runs."""
        self.part(name, replica).restart()

    def scale(self, name: str, replicas: int) -> None:
        """Have this many replicas running: the last ones go, or new ones join."""
        parts = self.parts(name)
        while len(parts) > replicas:
            parts.pop().stop()
        parts += [self._make(self.services[name], number) for number in range(len(parts), replicas)]
        for part in parts:
            if not part.is_running:
                part.start()

    def parts(self, name: str) -> list[Part]:
        if name not in self._parts:
            service = self.services[name]
            count = self._replicas.get(name, service.replicas)
            self._parts[name] = [self._make(service, replica) for replica in range(count)]
        return self._parts[name]

    def part(self, name: str, replica: int = 0) -> Part:
        return self.parts(name)[replica]

    def address(self, name: str, port: int) -> str:
        """Where `name:port` of the file is reached from here."""
        return self._addresses[f"{name}:{port}"]

    def url(self, name: str) -> str:
        """The HTTP address of a service's first port."""
        return f"http://{self.address(name, self.services[name].ports[0])}"

    def environment(self, name: str) -> Mapping[str, str]:
        """What a process of this service is started with: for running other commands in its place."""
        part = self.part(name)
        if not isinstance(part, ServiceProcess):
            raise KeyError(name)
        return part.environment()

    def run(self, name: str, *command: str, seconds: float = 120) -> subprocess.CompletedProcess[str]:
        """`docker compose run`: another command with a service's environment."""
        program, *arguments = command
        words = [*_PROGRAMS.get(program, [program]), *arguments]
        environment = dict(self.environment(name))
        self.folder.mkdir(parents=True, exist_ok=True)
        return subprocess.run(
            words,
            env=environment,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
            cwd=self.folder,
        )

    def __enter__(self) -> Self:
        try:
            return self.start()
        except BaseException:
            self.discard()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.discard()

    def _launch(self, name: str) -> None:
        if self._is_left_out(name):
            return
        for part in self.parts(name):
            if not part.is_running:
                self._settled.discard(name)
                part.launch()

    def _settle(self, name: str) -> None:
        """Wait until what was launched is healthy, or has ended well if it runs once."""
        if name in self._settled or self._is_left_out(name):
            return
        for part in self.parts(name):
            if not self.services[name].runs_once:
                part.wait_ready()
                self._first_start(part)
            elif code := part.wait_ended(part.start_seconds):
                raise PartFailed(f"{part.name} ended with {code}:\n{part.log_tail()}")
        self._settled.add(name)

    def _is_left_out(self, name: str) -> bool:
        return self.services[name].image.startswith("nginx") and nginx.absence() is not None

    def _first_start(self, part: Part) -> None:
        """What the image of a database does when its folder is new."""
        if not isinstance(part, Postgres) or (part.data / "initialised").exists():
            return
        service = self.services["postgres"]
        database = service.environment["POSTGRES_DB"]
        part.create_database(database)
        for target, source in sorted(service.volumes.items()):
            if target.startswith("/docker-entrypoint-initdb.d/"):
                part.run_script(self.file.parent / source, database, service.environment)
        (part.data / "initialised").touch()

    def _make(self, service: Service, replica: int) -> Part:
        folder = self.folder / f"{service.name}-{replica + 1}"
        port = int(self.address(service.name, service.ports[0]).rpartition(":")[2]) if service.ports else None
        match service.image.partition(":")[0]:
            case "apache/kafka":
                return Kafka(folder, port=port)
            case "postgres":
                password = service.environment["POSTGRES_PASSWORD"]
                return Postgres(folder, port=port, durable=self.durable, password=password)
            case "valkey/valkey":
                return Valkey(
                    folder, port=port, durable=True, password=service.environment["VALKEY_PASSWORD"]
                )
            case "nginx":
                return self._nginx(service, folder, port)
            case _:
                return ServiceProcess(service, folder, self._addresses, replica)

    def _nginx(self, service: Service, folder: Path, port: int | None) -> Nginx:
        web = self.file.parent / service.volumes["/srv/web"]
        if not web.exists():
            web = folder / "web"
            web.mkdir(parents=True)
        configuration = self.file.parent / service.volumes["/etc/nginx/nginx.conf"]
        return Nginx(folder, configuration=configuration, addresses=self._addresses, web=web, port=port)

    def _in_order(self, names: Collection[str]) -> Iterator[Service]:
        seen: set[str] = set()

        def visit(name: str) -> Iterator[Service]:
            if name in seen:
                return
            seen.add(name)
            for other in self.services[name].depends_on:
                yield from visit(other)
            yield self.services[name]

        for name in names:
            yield from visit(name)
