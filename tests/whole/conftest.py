"""One platform of each kind for the whole session."""

from collections.abc import Iterator

import pytest

from tests.parts import nginx
from tests.whole.platforms import Cluster, Embedded, Platform


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with Embedded(tmp_path_factory.mktemp("embedded")) as platform:
        yield platform


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    if reason := nginx.absence():
        pytest.skip(reason)
    platform = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        yield platform.start()
    finally:
        platform.stop()


@pytest.fixture(scope="session", params=["embedded", pytest.param("cluster", marks=pytest.mark.cluster)])
def platform(request: pytest.FixtureRequest) -> Platform:
    """Both ways of running, one after the other."""
    found: Platform = request.getfixturevalue(request.param)
    return found
