"""`leitai up` as a process that may be killed."""

import os
import signal
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from services.gateway.valkey import socket_path
from tests.parts import Part, free_port
from tests.parts.java import ROOT


class Platform(Part):
    """The embedded platform on a folder of its own."""

    name = "platform"

    def __init__(self, folder: Path, data: Path | None = None, database_url: str = "") -> None:
        super().__init__(folder)
        self.data = data or folder / "data"
        self.port = free_port()
        self.database_url = database_url or f"sqlite:///{(self.data / 'leitai.db').resolve()}"

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def redis_url(self) -> str:
        return f"unix://{socket_path(self.data)}?db=0"

    def command(self) -> Sequence[str | Path]:
        words = ("-m", "services.cli.main", "up", "--data", str(self.data), "--port", str(self.port))
        return [sys.executable, *words]

    def environment(self) -> Mapping[str, str]:
        outer = {name: value for name, value in os.environ.items() if not name.startswith("LEITAI_")}
        own = {"LEITAI_DATABASE_URL": self.database_url, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        return {**outer, **own}

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def kill_server(self) -> None:
        """SIGKILL to the Python process alone: Valkey is left to find out."""
        os.kill(self.pid, signal.SIGKILL)

    def valkey(self) -> psutil.Process:
        """The Valkey child that runs now."""
        (child,) = [each for each in psutil.Process(self.pid).children() if "valkey" in each.name()]
        return child
