"""docker-compose.yml, run: its commands and its environment against real parts."""

import json
import urllib.request
from collections.abc import Iterator

import psycopg
import pytest

from tests.parts import Valkey, nginx
from tests.parts.topology import SECRETS, Topology

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    """Only what the services stand on."""
    topology = Topology(tmp_path_factory.mktemp("parts"))
    try:
        yield topology.start(["kafka", "postgres", "valkey"])
    finally:
        topology.discard()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Topology]:
    """Everything."""
    if reason := nginx.absence():
        pytest.skip(reason)
    with Topology(tmp_path_factory.mktemp("cluster")) as topology:
        yield topology


def test_services_may_use_what_the_owner_makes_but_make_nothing(parts: Topology) -> None:
    with psycopg.connect(_database(parts, "migrate")) as owner:
        owner.execute("CREATE SCHEMA contest")
        owner.execute("CREATE TABLE contest.sheet (id bigint GENERATED ALWAYS AS IDENTITY, mark numeric)")
    with psycopg.connect(_database(parts, "scoring"), autocommit=True) as service:
        service.execute("INSERT INTO contest.sheet (mark) VALUES (9.5)")
        marks = service.execute("SELECT mark::text FROM contest.sheet").fetchall()

        assert marks == [("9.5",)]
        for forbidden in (
            "CREATE TABLE contest.other ()",
            "DROP TABLE contest.sheet",
            "TRUNCATE contest.sheet",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                service.execute(forbidden)


@pytest.mark.parametrize("service", ["migrate", "scoring"])
def test_no_service_is_a_superuser(parts: Topology, service: str) -> None:
    with psycopg.connect(_database(parts, service)) as link:
        row = link.execute(
            "SELECT rolsuper, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = current_user"
        ).fetchone()

    assert row == (False, False, False)


def test_database_keeps_its_data_over_a_stop(parts: Topology) -> None:
    with psycopg.connect(_database(parts, "migrate")) as owner:
        owner.execute("CREATE TABLE kept ()")
    parts.stop_service("postgres")

    parts.start_service("postgres")

    with psycopg.connect(_database(parts, "scoring")) as service:
        assert service.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_database_refuses_a_wrong_password(parts: Topology) -> None:
    wrong = _database(parts, "scoring").replace(SECRETS["DATABASE_APP_PASSWORD"], "guess")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_valkey_wants_its_password_and_the_services_have_it(parts: Topology) -> None:
    import redis

    part = parts.part("valkey")
    assert isinstance(part, Valkey)
    with redis.Redis(port=part.port) as stranger, pytest.raises(redis.AuthenticationError):
        stranger.ping()
    with redis.Redis.from_url(parts.environment("scoring")["LEITAI_REDIS_URL"]) as service:
        assert service.ping()


def test_topics_exist_only_by_migrate(parts: Topology) -> None:
    from kafka import KafkaProducer
    from kafka.errors import KafkaTimeoutError

    producer = KafkaProducer(
        bootstrap_servers=parts.environment("relay")["LEITAI_KAFKA_BOOTSTRAP"], max_block_ms=1500
    )

    with pytest.raises(KafkaTimeoutError):
        producer.send("leitai.invented", b"event")
    producer.close()


def test_every_service_becomes_healthy(cluster: Topology) -> None:
    running = {name for name in cluster.services if all(part.is_running for part in cluster.parts(name))}

    assert running == set(cluster.services) - {"migrate"}


@pytest.mark.parametrize(
    "service", ["identity", "registration", "scoring", "suggestions", "leaderboard", "awards"]
)
def test_front_door_leads_to_every_service(cluster: Topology, service: str) -> None:
    with urllib.request.urlopen(f"{cluster.url('nginx')}/api/{service}/openapi.json", timeout=10) as answer:
        document = json.load(answer)

    assert all(path.startswith(f"/api/{service}") for path in document["paths"])


def test_migrate_again_changes_nothing(cluster: Topology) -> None:
    done = cluster.run("migrate", "leitai", "migrate")

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("service", ["scoring", "leaderboard", "relay", "worker"])
def test_killed_service_comes_back_healthy(cluster: Topology, service: str) -> None:
    cluster.kill(service)

    cluster.restart(service)

    assert cluster.part(service).is_ready()


def _database(topology: Topology, service: str) -> str:
    return topology.environment(service)["LEITAI_DATABASE_URL"].replace("+psycopg", "")
