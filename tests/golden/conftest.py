"""Two platforms: one that a package is imported into, one that its export is imported into."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.kit.runtime import Runtime
from tests.services.setup import make_runtime


@pytest.fixture
def sqlite_runtime(sqlite_url: str, tmp_path: Path) -> Iterator[Runtime]:
    made = make_runtime(sqlite_url, tmp_path)
    yield made
    asyncio.run(made.close())


@pytest.fixture
def second_runtime(tmp_path: Path) -> Iterator[Runtime]:
    made = make_runtime(f"sqlite:///{tmp_path / 'second.db'}", tmp_path)
    yield made
    asyncio.run(made.close())
