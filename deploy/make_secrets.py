"""Writes .env from deploy/env.example with random secrets: `make secrets`. Never over one that is there."""

import base64
import os
import secrets
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def filled(example: str) -> str:
    """`example` with a secret behind every name that has no value."""
    return "".join(_filled_line(line) for line in example.splitlines(keepends=True))


def write(target: Path, text: str) -> None:
    """A new file that only its owner reads; FileExistsError if there is one."""
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)


def _filled_line(line: str) -> str:
    name, equals, value = line.rstrip("\n").partition("=")
    if line.startswith("#") or not equals or value:
        return line
    return f"{name}={_secret(name)}\n"


def _secret(name: str) -> str:
    if name == "LEITAI_SECRET":
        return base64.b64encode(secrets.token_bytes(32)).decode()
    # Passwords stand in URLs: hexadecimal needs no escaping.
    return secrets.token_hex(24)


if __name__ == "__main__":
    try:
        write(ROOT / ".env", filled((ROOT / "deploy" / "env.example").read_text()))
    except FileExistsError:
        sys.exit(".env is there already: new secrets would lock you out of the data. Move it away first.")
    sys.stdout.write(".env written, readable by you alone\n")
