import os
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.parts.ports import free_port
from tests.parts.processes import Part


class Nginx(Part):
    """nginx with a given configuration; `addresses` replaces its `host:port` words, nothing else moves."""

    name = "nginx"
    start_seconds = 10.0

    def __init__(
        self,
        folder: Path,
        *,
        configuration: Path,
        addresses: Mapping[str, str],
        web: Path,
        port: int | None = None,
    ) -> None:
        super().__init__(folder)
        self.configuration = configuration
        self.addresses = addresses
        self.web = web
        self.port = port or free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        text = self.configuration.read_text()
        for name, address in self.addresses.items():
            text = re.sub(rf"\b{re.escape(name)}\b", address, text)
        folder = self.folder.resolve()
        text = text.replace("listen 8080;", f"listen 127.0.0.1:{self.port};").replace("/tmp/", f"{folder}/")
        text = text.replace("root /srv/web;", f"root {self.web.resolve()};")
        self._rendered.write_text(text)

    def command(self) -> Sequence[str | Path]:
        # Started as root, its workers would become a user to whom a checkout may be closed.
        user = "user root; " if os.geteuid() == 0 else ""
        return [program(), "-c", self._rendered, "-p", self.folder.resolve(), "-g", f"{user}daemon off;"]

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/healthz", timeout=2) as answer:
                return bool(answer.status == 200)
        except urllib.error.URLError:
            return False

    @property
    def _rendered(self) -> Path:
        return self.folder.resolve() / "nginx.conf"


def program() -> str:
    """The nginx binary; Debian keeps it where only root's PATH looks."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin") or "nginx"


def absence() -> str | None:
    return None if Path(program()).exists() else "no nginx on the PATH"
