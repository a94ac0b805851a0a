import subprocess
import sys
import textwrap
from contextlib import closing
from pathlib import Path

import psutil
import psycopg
import pytest
import redis
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer
from kafka.admin import NewTopic

from tests.parts import Kafka, Part, PartFailed, Postgres, Valkey, free_port, wait_until
from tests.parts.ports import is_listening


class Sleeper(Part):
    name = "sleeper"
    script = "import time; time.sleep(600)"

    def command(self) -> list[str]:
        return [sys.executable, "-c", self.script]

    def is_ready(self) -> bool:
        return True


class Broken(Sleeper):
    script = "raise SystemExit('out of paper')"

    def is_ready(self) -> bool:
        return False


def test_free_port_is_given_once() -> None:
    ports = [free_port() for _ in range(200)]

    assert len(set(ports)) == 200


def test_part_that_ends_early_shows_its_log(tmp_path: Path) -> None:
    with pytest.raises(PartFailed, match="out of paper"):
        Broken(tmp_path).start()


def test_part_that_is_running_cannot_start_twice(tmp_path: Path) -> None:
    with Sleeper(tmp_path) as part, pytest.raises(PartFailed, match="running already"):
        part.start()


def test_wait_until_gives_up_at_the_deadline() -> None:
    with pytest.raises(PartFailed, match=r"the moon: not within 0\.1 s"):
        wait_until(lambda: False, seconds=0.1, what="the moon")


def test_parts_of_a_killed_owner_do_not_survive(tmp_path: Path) -> None:
    script = textwrap.dedent(f"""
        import os, signal, sys
        from pathlib import Path
        from tests.parts.test_parts import Sleeper
        print(Sleeper(Path({str(tmp_path)!r})).start().pid, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    """)

    owner = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)

    wait_until(lambda: _is_gone(int(owner.stdout)), seconds=10, what="the sleeper is gone")


def test_valkey_keeps_durable_data_and_port_over_a_kill(tmp_path: Path) -> None:
    with Valkey(tmp_path, durable=True, options=("--appendfsync", "always")) as valkey:
        with redis.Redis.from_url(valkey.url) as client:
            client.set("board", "1")
        valkey.kill()
        assert not is_listening(valkey.port)

        valkey.start()

        with redis.Redis.from_url(valkey.url) as client:
            assert client.get("board") == b"1"


def test_postgres_keeps_committed_rows_over_a_kill_with_a_client_at_work(tmp_path: Path) -> None:
    postgres = Postgres(tmp_path)
    with postgres:
        address = _libpq(postgres.create_database("ledger"))
        with psycopg.connect(address) as link:
            link.execute("CREATE TABLE sheet (mark numeric)")
            link.execute("INSERT INTO sheet VALUES (9.5)")
        with closing(psycopg.connect(address)) as working:
            working.pgconn.send_query(b"SELECT pg_sleep(600)")
            postgres.kill()

        postgres.start()

        with psycopg.connect(address) as link:
            assert [str(mark) for (mark,) in link.execute("SELECT mark FROM sheet")] == ["9.5"]
    postgres.discard()


@pytest.mark.cluster
def test_kafka_keeps_acknowledged_events_over_a_kill(tmp_path: Path) -> None:
    with Kafka(tmp_path) as kafka:
        admin = KafkaAdminClient(bootstrap_servers=kafka.bootstrap)
        admin.create_topics([NewTopic("leitai.scores", 2, 1)])
        admin.close()
        producer = KafkaProducer(bootstrap_servers=kafka.bootstrap, acks="all")
        producer.send("leitai.scores", b"sheet").get(10)
        producer.close()
        kafka.kill()

        kafka.start()

        consumer = KafkaConsumer(
            "leitai.scores",
            bootstrap_servers=kafka.bootstrap,
            auto_offset_reset="earliest",
            consumer_timeout_ms=20_000,
        )
        assert next(consumer).value == b"sheet"
        consumer.close()


def test_fixtures_give_empty_places(postgres_url: str, valkey_url: str) -> None:
    with psycopg.connect(_libpq(postgres_url)) as link:
        tables = link.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
    with redis.Redis.from_url(valkey_url) as client:
        keys = client.dbsize()

    assert (tables, keys) == ((0,), 0)


def _libpq(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def _is_gone(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
