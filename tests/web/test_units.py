"""The pages' own tests and types, and that what is generated is what the code says."""

import subprocess
import sys
from pathlib import Path

import pytest

from services.gateway.openapi import TARGET, documents

WEB = Path(__file__).parents[2] / "services" / "web"

needs_packages = pytest.mark.skipif(
    not (WEB / "node_modules" / ".package-lock.json").is_file(),
    reason="the pages' tools are not installed: make web",
)


def npm(*words: str) -> None:
    done = subprocess.run(
        [sys.executable, WEB / "tools" / "npm.py", "run", "--silent", *words],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@needs_packages
def test_units_of_the_pages_pass() -> None:
    npm("test")


@needs_packages
def test_types_of_the_pages_hold() -> None:
    npm("types")


def test_openapi_documents_are_those_of_the_services() -> None:
    written = {file.stem: file.read_text(encoding="utf-8") for file in TARGET.glob("*.json")}

    assert written == documents()


@needs_packages
def test_types_are_those_of_the_documents() -> None:
    generated = WEB / "src" / "generated"
    before = {file.name: file.read_bytes() for file in generated.glob("*.ts")}

    npm("generate")

    assert {file.name: file.read_bytes() for file in generated.glob("*.ts")} == before
