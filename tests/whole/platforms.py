"""Leitai as people run it: in one process by `leitai up`, and as the cluster of the compose file."""

import os
import re
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol

import httpx

from services.cli.client import TOKEN_FILE, Client
from tests.parts.java import ROOT
from tests.parts.ports import free_port
from tests.parts.processes import Part
from tests.parts.topology import Topology

LEITAI = [sys.executable, "-m", "services.cli.main"]
SECONDS = 120
PASSWORD = "Kunming-Lake-2026"


class Platform(Protocol):
    """What every test of the whole way needs of a platform, however it runs."""

    url: str

    @property
    def administrator(self) -> Client: ...

    @property
    def anonymous(self) -> Client: ...

    def leitai(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the command line on this installation."""
        ...


class Embedded(Part):
    """`leitai up` on a data folder of its own."""

    name = "platform"

    def __init__(self, folder: Path, *words: str) -> None:
        super().__init__(folder)
        self.data = folder / "data"
        self.port = free_port()
        self.words = words or ("--no-demo",)
        self.url = f"http://127.0.0.1:{self.port}"
        self._http = httpx.Client(base_url=self.url, timeout=SECONDS)

    @property
    def administrator(self) -> Client:
        return Client(self._http, (self.data / TOKEN_FILE).read_text())

    @property
    def anonymous(self) -> Client:
        return Client(self._http)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, trace)
        self._http.close()

    def command(self) -> Sequence[str | Path]:
        return [*LEITAI, "up", *self.words, "--port", str(self.port), "--data", self.data]

    def environment(self) -> Mapping[str, str]:
        outer = {name: value for name, value in os.environ.items() if not name.startswith("LEITAI_")}
        return {**outer, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            return False

    def leitai(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run_leitai(*words, "--data", str(self.data), environment=self.environment())


class Cluster:
    """Every service of docker-compose.yml as processes, Kafka, PostgreSQL, Valkey and nginx among them."""

    def __init__(self, folder: Path) -> None:
        self.topology = Topology(folder)
        self._http: httpx.Client | None = None

    def start(self) -> "Cluster":
        self.topology.start()
        self.url = self.topology.url("nginx")
        self._http = httpx.Client(base_url=self.url, timeout=SECONDS)
        self.administrator = self._first_sign_in()
        return self

    def stop(self) -> None:
        self.topology.discard()
        if self._http is not None:
            self._http.close()

    @property
    def anonymous(self) -> Client:
        assert self._http is not None
        return Client(self._http)

    def leitai(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self.topology.run("scoring", "leitai", *words)

    def _first_sign_in(self) -> Client:
        """As the runbook says: the password that `migrate` printed, changed at the first sign-in."""
        printed = re.search(r"admin / (\S+)", self.topology.part("migrate").log_tail())
        assert printed is not None
        first = sign_in(self.anonymous, "admin", printed[1])
        account = first.get("/api/identity/me")["account"]
        body = {"current": printed[1], "new": PASSWORD}
        return first.signed_in_as(first.put(f"/api/identity/accounts/{account}/password", body)["token"])


def sign_in(client: Client, account: str, password: str) -> Client:
    """The platform as somebody with a password sees it."""
    session = client.post("/api/identity/sessions", {"account": account, "password": password})
    return client.signed_in_as(session["token"])


def run_leitai(
    *words: str, environment: Mapping[str, str], seconds: float = 120
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LEITAI, *words],
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
        cwd=ROOT,
    )
