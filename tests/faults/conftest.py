"""One cluster for all fault tests: docker-compose.yml as processes, started once."""

from collections.abc import Iterator

import pytest

from services.kit.database import Database
from tests.faults.scene import Scene
from tests.parts import nginx
from tests.parts.topology import Topology


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    if reason := nginx.absence():
        pytest.skip(reason)
    with Topology(tmp_path_factory.mktemp("faults"), replicas={"worker": 2}, durable=True) as topology:
        yield topology


@pytest.fixture(scope="session")
def cluster_scene(cluster: Topology) -> Iterator[Scene]:
    settings = cluster.environment("scoring")
    database = Database(settings["LEITAI_DATABASE_URL"], pool_size=4)
    yield Scene(cluster.url("nginx"), database, settings["LEITAI_REDIS_URL"])
    database.close()
