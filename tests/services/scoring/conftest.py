"""A contest as a fixture, on each kind of database."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret
from services.scoring.app import create
from tests.services.scoring.contest import NOW, Contest, opening


@pytest.fixture
def contest(any_tables_url: str, tmp_path: Path) -> Iterator[Contest]:
    """A board with three entries and nothing else."""
    now = [NOW]
    settings = Settings(data=tmp_path, secret=make_secret(), database_url=any_tables_url)
    runtime = replace(Runtime.of(settings), clock=lambda: now[0])
    with TestClient(create(runtime)) as client:
        contest = Contest(runtime, client, now)
        contest.tell(*opening())
        yield contest
    runtime.database.close()


@pytest.fixture
def open_contest(contest: Contest) -> Contest:
    """The same, with a scheme, two judges and an open window."""
    contest.set_up()
    return contest
