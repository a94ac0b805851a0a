"""The runner itself, on a small compose file of plain commands."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts import PartFailed, compose
from tests.parts.compose import MissingVariable
from tests.parts.topology import ServiceProcess, Topology

COMPOSE = """
x-common: &common
  GREETING: "${WORD:-hello}"
services:
  page:
    image: leitai
    command: [python, -m, http.server, "8101", --bind, 0.0.0.0, --directory, "${FOLDER:?say where}"]
    expose: ["8101"]
    environment: {<<: *common, BACK: "http://echo:8102/"}
    healthcheck:
      test: [CMD, python, -c, "import urllib.request as r; r.urlopen('http://127.0.0.1:8101/', timeout=3)"]
    depends_on:
      once: {condition: service_completed_successfully}
  once:
    image: leitai
    command: [python, -c, "open('${FOLDER}/made', 'w').write('once $$ ${WORD:-hello}')"]
    restart: "no"
  echo:
    image: leitai
    command: [python, -m, http.server, "8102", --bind, 0.0.0.0]
    expose: ["8102"]
    deploy: {replicas: 2}
"""


@pytest.fixture
def topology(tmp_path: Path) -> Iterator[Topology]:
    file = tmp_path / "docker-compose.yml"
    file.write_text(COMPOSE)
    topology = Topology(tmp_path / "run", file=file, secrets={"FOLDER": str(tmp_path)})
    yield topology
    topology.stop()


def test_start_runs_what_a_service_depends_on_first(topology: Topology, tmp_path: Path) -> None:
    topology.start(["page"])

    assert _get(f"{topology.url('page')}/made") == "once $ hello"
    assert not topology.part("echo").is_running


def test_addresses_of_other_services_are_replaced_in_the_environment(topology: Topology) -> None:
    environment = topology.environment("page")

    assert environment["BACK"] == f"http://{topology.address('echo', 8102)}/"
    assert environment["GREETING"] == "hello"


def test_killed_service_comes_back_at_its_address(topology: Topology) -> None:
    topology.start(["page"])

    topology.kill("page")
    with pytest.raises(urllib.error.URLError):
        _get(topology.url("page"))
    topology.restart("page")

    assert _get(f"{topology.url('page')}/made") == "once $ hello"


def test_scale_gives_every_replica_a_port_of_its_own(topology: Topology) -> None:
    topology.scale("echo", 3)

    replicas = topology.parts("echo")
    assert len({part.local_port(8102) for part in replicas if isinstance(part, ServiceProcess)}) == 3
    topology.scale("echo", 1)
    assert [part.is_running for part in replicas] == [True]


def test_run_gives_another_command_the_environment_of_a_service(topology: Topology) -> None:
    done = topology.run("page", "python", "-c", "import os; print(os.environ['GREETING'])")

    assert done.stdout == "hello\n"


def test_service_that_runs_once_and_fails_stops_the_start(tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    command = "[python, -c, 'raise SystemExit(\"no table\")']"
    file.write_text(f"services: {{bad: {{image: leitai, restart: 'no', command: {command}}}}}")

    with pytest.raises(PartFailed, match="no table"):
        Topology(tmp_path / "run", file=file).start()


def test_variable_that_must_be_given_is_named(tmp_path: Path) -> None:
    file = tmp_path / "docker-compose.yml"
    file.write_text(COMPOSE)

    with pytest.raises(MissingVariable, match="FOLDER: say where"):
        compose.read(file, {})


def _get(url: str) -> str:
    with urllib.request.urlopen(url, timeout=5) as answer:
        return str(answer.read().decode())
