"""The contest as a fixture, on each kind of database, with a real Valkey."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.awards.app import create
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret
from tests.services.awards.board import Contest


@pytest.fixture
def contest(any_tables_url: str, valkey_url: str, tmp_path: Path) -> Iterator[Contest]:
    now = [datetime(2026, 5, 1, 8, tzinfo=UTC)]
    settings = Settings(
        data=tmp_path,
        secret=make_secret(),
        database_url=any_tables_url,
        redis_url=valkey_url,
    )
    runtime = replace(Runtime.of(settings), clock=lambda: now[0])
    with TestClient(create(runtime)) as client:
        contest = Contest(runtime, client, valkey_url, now)
        contest.drop()
        yield contest
        assert client.portal is not None
        client.portal.call(runtime.redis.aclose)
    runtime.database.close()
