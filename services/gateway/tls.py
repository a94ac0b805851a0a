"""HTTPS on the local network: an authority of this installation's own, and a certificate for its addresses.

Browsers let a page work without network only over HTTPS. No public authority certifies an address such as
192.168.1.20, so the installation makes its own authority once; tablets trust it after one visit to `/trust`.
It can certify private addresses and nothing else: whoever steals its key cannot pose as a bank.
"""

import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

AUTHORITY = "authority.pem"
AUTHORITY_DAYS = 3650
LEAF_DAYS = 397
RENEW_DAYS = 60
_PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16")
_NAMES = ("localhost", "local")

Address = ipaddress.IPv4Address
Key = ec.EllipticCurvePrivateKey


class Authority(NamedTuple):
    certificate: x509.Certificate
    key: Key


class NoPrivateAddress(Exception):
    """This machine has no address on a private network."""


@dataclass(frozen=True)
class Identity:
    """What a server shows: its chain and key as files, and the authority's certificate for the tablets."""

    chain: Path
    key: Path
    authority: x509.Certificate

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the authority's certificate, in the pairs that devices show."""
        digest = self.authority.fingerprint(hashes.SHA256()).hex().upper()
        return ":".join(digest[at : at + 2] for at in range(0, len(digest), 2))


def lan_address(wanted: str = "") -> Address:
    """This machine's address on the local network, or the one that is wanted. Raises NoPrivateAddress."""
    found = ipaddress.ip_address(wanted) if wanted else _found()
    if not isinstance(found, ipaddress.IPv4Address) or not is_private(found):
        raise NoPrivateAddress(str(found))
    return found


def _found() -> Address:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("10.255.255.255", 9))  # sends nothing: it asks which way such a packet would take
            return Address(probe.getsockname()[0])
        except OSError as error:
            raise NoPrivateAddress from error


def is_private(address: Address) -> bool:
    return any(address in ipaddress.IPv4Network(network) for network in _PRIVATE)


def identity(folder: Path, address: Address, now: datetime) -> Identity:
    """The identity for an address, kept in `folder`; the keys are readable by this user alone."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    authority = _authority(folder, now)
    found = Identity(folder / "server.pem", folder / "server.key", authority.certificate)
    if not _serves(found, address, now):
        _write_leaf(found, authority, address, now)
    return found


def _authority(folder: Path, now: datetime) -> Authority:
    certificate_file, key_file = folder / AUTHORITY, folder / "authority.key"
    if certificate_file.exists() and key_file.exists():
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and _lasts(certificate, now):
            return Authority(certificate, key)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _make_authority(key, now)
    _write_secret(key_file, key)
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return Authority(certificate, key)


def _make_authority(key: Key, now: datetime) -> x509.Certificate:
    name = _name(f"Leitai 擂台 {socket.gethostname()[:30]} {now:%Y-%m-%d}")
    allowed: list[x509.GeneralName] = [x509.IPAddress(ipaddress.IPv4Network(each)) for each in _PRIVATE]
    allowed += [x509.DNSName(each) for each in _NAMES]
    return (
        _builder(name, name, key.public_key(), now, AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(certifies=True), critical=True)
        .add_extension(x509.NameConstraints(allowed, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _write_leaf(found: Identity, authority: Authority, address: Address, now: datetime) -> None:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    leaf_key = ec.generate_private_key(ec.SECP256R1())
    names: list[x509.GeneralName] = [x509.IPAddress(address), x509.IPAddress(Address("127.0.0.1"))]
    leaf = (
        _builder(_name(str(address)), authority.certificate.subject, leaf_key.public_key(), now, LEAF_DAYS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(certifies=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([*names, x509.DNSName("localhost")]), critical=False)
        .add_extension(issuer, critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    _write_secret(found.key, leaf_key)
    encoding = serialization.Encoding.PEM
    found.chain.write_bytes(leaf.public_bytes(encoding) + authority.certificate.public_bytes(encoding))


def _serves(found: Identity, address: Address, now: datetime) -> bool:
    """Whether the kept certificate still does: for this address, from this authority, not about to end."""
    if not found.chain.exists() or not found.key.exists():
        return False
    leaf, issuer = x509.load_pem_x509_certificates(found.chain.read_bytes())
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        issuer == found.authority
        and _lasts(leaf, now)
        and address in names.get_values_for_type(x509.IPAddress)
    )


def _lasts(certificate: x509.Certificate, now: datetime) -> bool:
    return certificate.not_valid_after_utc > now + timedelta(days=RENEW_DAYS)


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    # A tablet's clock may be behind: the certificate holds since yesterday.
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now.astimezone(UTC) - timedelta(days=1))
        .not_valid_after(now.astimezone(UTC) + timedelta(days=days - 1))
    )


def _name(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _usage(*, certifies: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not certifies,
        key_cert_sign=certifies,
        crl_sign=certifies,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write_secret(file: Path, key: Key) -> None:
    body = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        stream.write(body)
