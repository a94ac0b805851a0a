import ssl
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.testclient import TestClient

from services.gateway.tls import Address, Identity, identity, is_private
from services.gateway.trust import trust_app

HERE = Address("192.168.1.20")
NOW = datetime.now(UTC)


class Hello(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write("擂台".encode())

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the test's output is not a log."""


@pytest.fixture
def shown(tmp_path: Path) -> Iterator[tuple[Identity, int]]:
    """A server that shows its identity, and its port on this machine."""
    found = identity(tmp_path, HERE, NOW)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(found.chain, found.key)
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hello)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield found, server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_device_that_trusts_the_authority_opens_the_platform(shown: tuple[Identity, int]) -> None:
    found, port = shown
    trusting = ssl.create_default_context(cadata=found.authority.public_bytes(Encoding.DER))

    with urlopen(f"https://127.0.0.1:{port}/", context=trusting) as answer:
        assert answer.read().decode() == "擂台"


def test_device_that_does_not_trust_it_refuses(shown: tuple[Identity, int]) -> None:
    with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
        urlopen(f"https://127.0.0.1:{shown[1]}/", context=ssl.create_default_context())


def test_keys_are_readable_by_their_user_alone(tmp_path: Path) -> None:
    identity(tmp_path / "tls", HERE, NOW)

    keys = sorted((tmp_path / "tls").glob("*.key"))
    assert [key.name for key in keys] == ["authority.key", "server.key"]
    assert {stat.S_IMODE(key.stat().st_mode) for key in keys} == {0o600}


def test_tablets_trust_once_and_the_certificate_is_renewed_behind_it(tmp_path: Path) -> None:
    first = identity(tmp_path, HERE, NOW)
    chain = first.chain.read_bytes()

    again = identity(tmp_path, HERE, NOW + timedelta(days=30))
    assert (again.fingerprint, again.chain.read_bytes()) == (first.fingerprint, chain)

    later = identity(tmp_path, HERE, NOW + timedelta(days=350))
    assert later.fingerprint == first.fingerprint
    assert later.chain.read_bytes() != chain


def test_another_address_gets_a_certificate_of_the_same_authority(tmp_path: Path) -> None:
    first = identity(tmp_path, HERE, NOW)
    chain = first.chain.read_bytes()

    moved = identity(tmp_path, Address("10.0.0.7"), NOW)

    assert moved.fingerprint == first.fingerprint
    assert moved.chain.read_bytes() != chain


@pytest.mark.parametrize(
    ("address", "private"), [("192.168.3.4", True), ("10.1.2.3", True), ("8.8.8.8", False)]
)
def test_only_private_addresses_are_certified(address: str, private: bool) -> None:
    assert is_private(Address(address)) is private


def test_trust_page_gives_the_certificate_and_its_fingerprint(tmp_path: Path) -> None:
    found = identity(tmp_path, HERE, NOW)
    client = TestClient(trust_app(found, "https://192.168.1.20:8080"))

    page = client.get("/anything")

    assert page.url.path == "/trust"
    assert found.fingerprint in page.text
    assert 'href="https://192.168.1.20:8080"' in page.text
    assert client.get("/leitai.crt").content == found.authority.public_bytes(Encoding.DER)
