"""What tests of services share."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.kit.runtime import Runtime
from tests.services.setup import make_runtime


@pytest.fixture
def runtime(any_database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime on each kind of database in turn."""
    made = make_runtime(any_database_url, tmp_path)
    yield made
    asyncio.run(made.close())


@pytest.fixture
def sqlite_runtime(sqlite_url: str, tmp_path: Path) -> Iterator[Runtime]:
    made = make_runtime(sqlite_url, tmp_path)
    yield made
    asyncio.run(made.close())
