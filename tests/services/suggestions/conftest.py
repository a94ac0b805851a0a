"""The drive as a fixture, on each kind of database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from schemas.events.registrations import BoardOpened
from services.kit import log
from services.kit.runtime import Runtime
from services.kit.settings import Settings, make_secret
from services.suggestions.app import create
from tests.services.suggestions.drive import Drive, a_board


@pytest.fixture
def drive(any_tables_url: str, tmp_path: Path) -> Iterator[Drive]:
    now = [datetime(2026, 5, 1, 8, tzinfo=UTC)]
    settings = Settings(data=tmp_path, secret=make_secret(), database_url=any_tables_url)
    runtime = replace(Runtime.of(settings), clock=lambda: now[0])
    with runtime.database.transaction() as session:
        for board in (a_board(), a_board(id="blind", blind=True), a_board(id="contest", kind="contest")):
            fact = BoardOpened(board=board)
            log.append(session, fact, board=board.id, source="registration", actor="工会", time=now[0])
    with TestClient(create(runtime)) as client:
        yield Drive(runtime, client, now)
    runtime.database.close()
