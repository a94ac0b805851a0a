import subprocess
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from tests.parts import java
from tests.parts.ports import free_port, is_listening
from tests.parts.processes import Part, PartFailed, wait_until

_CLUSTER_ID = "bGVpdGFpLWxlaXRhaS1sZQ"
# A broker that lives for a minute is better off without the second compiler.
SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class Kafka(Part):
    """One KRaft broker with deploy/kafka/server.properties; only addresses and the folder are its own."""

    name = "kafka"
    start_seconds = 90.0
    stop_seconds = 30.0

    def __init__(
        self,
        folder: Path,
        *,
        port: int | None = None,
        heap_mb: int = 512,
        java_options: Sequence[str] = SHORT_LIVED,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(folder)
        self.port = port or free_port()
        self.heap_mb = heap_mb
        self.java_options = java_options
        self.settings = dict(settings or {})
        self._controller_port = free_port()

    @property
    def bootstrap(self) -> str:
        return f"127.0.0.1:{self.port}"

    def prepare(self) -> None:
        self._properties.write_text("".join(f"{k}={v}\n" for k, v in self._all_settings().items()))
        if (self._data / "meta.properties").exists():
            return
        words = self._java("kafka.tools.StorageTool", "format", "-t", _CLUSTER_ID, "-c", self._properties)
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise PartFailed(f"kafka storage: {done.stdout}\n{done.stderr}")

    def command(self) -> Sequence[str | Path]:
        return self._java("kafka.Kafka", self._properties)

    def is_ready(self) -> bool:
        if not is_listening(self.port):
            return False
        # Imported late: it takes a third of a second, and every test run loads this module.
        from kafka import KafkaAdminClient
        from kafka.errors import KafkaError

        try:
            admin = KafkaAdminClient(bootstrap_servers=self.bootstrap, request_timeout_ms=3000)
        except KafkaError:
            return False
        try:
            return len(admin.describe_cluster()["brokers"]) == 1
        except KafkaError:
            return False
        finally:
            admin.close()

    @property
    def _properties(self) -> Path:
        return self.folder / "server.properties"

    @property
    def _data(self) -> Path:
        return self.folder.resolve() / "data"

    def _java(self, main: str, *arguments: str | Path) -> list[str | Path]:
        memory = f"-Xmx{self.heap_mb}m"
        logging = f"-Dlog4j2.configurationFile={java.POM.with_name('log4j2.yaml')}"
        jars = java.kafka_jars()
        return [java.program(), memory, *self.java_options, logging, "-cp", f"{jars}/*", main, *arguments]

    def _all_settings(self) -> dict[str, str]:
        address = f"PLAINTEXT://127.0.0.1:{self.port}"
        controller = f"127.0.0.1:{self._controller_port}"
        return {
            **read_properties(java.POM.with_name("server.properties")),
            "listeners": f"{address},CONTROLLER://{controller}",
            "advertised.listeners": address,
            "controller.quorum.voters": f"1@{controller}",
            "log.dirs": str(self._data),
            # A killed broker is let in again only when its old session has ended (9 s by default).
            "broker.session.timeout.ms": "4000",
            "broker.heartbeat.interval.ms": "500",
            **self.settings,
        }


def delete_topics(bootstrap: str, names: Collection[str]) -> None:
    """Delete topics, with all that is in them, and wait until they are gone."""
    from kafka import KafkaAdminClient

    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    try:
        admin.delete_topics(list(names))
        wait_until(lambda: not {*names} & {*admin.list_topics()}, seconds=30, what="topics are deleted")
    finally:
        admin.close()


def read_properties(file: Path) -> dict[str, str]:
    lines = (line.strip() for line in file.read_text().splitlines())
    pairs = (line.partition("=") for line in lines if line and not line.startswith("#"))
    return {key.strip(): value.strip() for key, _, value in pairs}
