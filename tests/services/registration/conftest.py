"""A small province: units, a campaign, boards; an administrator's client."""

from collections.abc import Iterator

import pytest

from services.kit.access import Grant, Role
from services.kit.runtime import Runtime
from services.registration.app import create
from tests.services.registration.province import Province
from tests.services.setup import speaking, token_for


@pytest.fixture
def province(runtime: Runtime) -> Iterator[Province]:
    """With an empty board of its own, on each kind of database."""
    yield from _province(runtime)


@pytest.fixture
def sqlite_province(sqlite_runtime: Runtime) -> Iterator[Province]:
    yield from _province(sqlite_runtime)


def _province(runtime: Runtime) -> Iterator[Province]:
    with speaking(create(runtime), token_for(runtime, Grant(Role.ADMINISTRATOR))) as client:
        client.base_url = client.base_url.join("/api/registration/")
        yield Province(runtime, client)
