"""`leitai up --lan`: HTTPS for the tablets of a hall, and the page that makes them trust it."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import click
import segno

from services.cli.server import Server, config
from services.gateway import tls
from services.gateway.trust import trust_app
from services.kit.clock import utc_now
from services.kit.settings import Settings


class _Beside(Server):
    """A second server in the process: the first one hears the signals."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@dataclass(frozen=True)
class Lan:
    """Settings as they are on the local network, the server's identity, and where tablets go first."""

    settings: Settings
    identity: tls.Identity
    trust_url: str
    trust_port: int

    @property
    def authority_file(self) -> Path:
        """For clients on this machine that are to trust the platform."""
        return self.settings.data / "tls" / tls.AUTHORITY

    @classmethod
    def of(cls, settings: Settings, wanted: str | None) -> "Lan":
        """On the address that is wanted, or found. Raises ClickException where it is no private one."""
        try:
            address = tls.lan_address(wanted or "")
        except (tls.NoPrivateAddress, ValueError):
            raise click.ClickException(
                "没有局域网地址：先连上路由器或打开热点，或用 --host 指明 · "
                "no address on a private network: join one, open a hotspot, or name it by --host"
            ) from None
        found = tls.identity(settings.data / "tls", address, utc_now())
        url = settings.public_url or f"https://{address}:{settings.port}"
        changed = settings.model_copy(update={"host": "0.0.0.0", "public_url": url})  # noqa: S104 (the tablets must reach it)
        port = settings.port + 1
        return cls(changed, found, f"http://{address}:{port}/trust", port)

    @asynccontextmanager
    async def trust_page(self) -> AsyncIterator[None]:
        """Serve the page that helps tablets to trust, while the block runs."""
        app = trust_app(self.identity, self.settings.url)
        settings = self.settings.model_copy(update={"port": self.trust_port})
        server = _Beside(config(app, settings))
        serving = asyncio.create_task(server.serve())
        try:
            if not await server.ready:
                raise click.ClickException(f"无法监听 · cannot listen on port {self.trust_port}")
            yield
        finally:
            server.should_exit = True
            await serving

    def greeting(self) -> str:
        """What the terminal shows: the way for tablets, as text and as a code to scan."""
        code = StringIO()
        segno.make(self.trust_url, micro=False).terminal(code, compact=True)
        return (
            f"平板先扫此码，按页面提示信任证书（每台一次）· tablets scan this first, once each:\n"
            f"{self.trust_url}\n{code.getvalue()}\n证书指纹 · fingerprint  {self.identity.fingerprint}"
        )
