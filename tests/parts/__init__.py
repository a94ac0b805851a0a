"""The real parts Leitai stands on, as child processes: for tests, benchmarks and fault runs.

A part keeps its folder and its port for life, so a restart after `kill()` is what clients of a
crashed server would see: same address, same data. A reaper process ends whatever is left if the
owner dies, even by SIGKILL.
"""

from tests.parts.kafka import Kafka, delete_topics
from tests.parts.ports import free_port
from tests.parts.postgres import Postgres
from tests.parts.processes import Part, PartFailed, wait_until
from tests.parts.valkey import Valkey

__all__ = ["Kafka", "Part", "PartFailed", "Postgres", "Valkey", "delete_topics", "free_port", "wait_until"]
