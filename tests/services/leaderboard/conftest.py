"""A server of the service per test, in a keyspace of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.leaderboard.arena import Server, Writer, serving


@pytest.fixture
def writer(valkey_url: str) -> Writer:
    return Writer(valkey_url)


@pytest.fixture
def server(valkey_url: str, tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path, valkey_url) as running:
        yield running
