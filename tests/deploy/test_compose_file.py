"""What docker-compose.yml promises, read from the file: nothing in it may be a dead word."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.parts import compose, nginx
from tests.parts.compose import MissingVariable, Service
from tests.parts.kafka import read_properties
from tests.parts.topology import SECRETS

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "docker-compose.yml"
DOCUMENT: dict[str, Any] = yaml.safe_load(FILE.read_text())
SERVICES = compose.read(FILE, SECRETS)
OURS = [service for service in SERVICES.values() if service.is_ours]


def test_every_variable_of_our_services_is_a_setting() -> None:
    from services.kit.settings import Settings

    used = {name for service in OURS for name in service.environment}

    assert used <= {f"LEITAI_{field.upper()}" for field in Settings.model_fields}


@pytest.mark.parametrize("service", OURS, ids=lambda service: service.name)
def test_every_command_exists_in_the_command_line(service: Service) -> None:
    import click

    from services.cli.main import main

    program, *words = service.command
    command: click.Command = main
    context = click.Context(main)
    while words and isinstance(command, click.Group):
        found = command.get_command(context, words.pop(0))
        assert found is not None, service.command
        command, context = found, click.Context(found)

    assert program == "leitai"
    command.make_context(service.name, words)


@pytest.mark.parametrize("name", sorted(SECRETS))
def test_start_without_a_secret_is_refused(name: str) -> None:
    with pytest.raises(MissingVariable, match=f"{name}: run make secrets"):
        compose.read(FILE, {**SECRETS, name: ""})


def test_env_example_names_every_variable_and_gives_no_secret() -> None:
    given = read_properties(ROOT / "deploy" / "env.example")

    assert set(given) == compose.variables_of(FILE)
    assert {name: given[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")


def test_only_nginx_is_published() -> None:
    published = {name for name, raw in DOCUMENT["services"].items() if "ports" in raw}
    outside = {name for name, raw in DOCUMENT["services"].items() if "outside" in raw["networks"]}

    assert (published, outside) == ({"nginx"}, {"nginx"})
    assert DOCUMENT["networks"]["data"]["internal"]


@pytest.mark.parametrize("service", OURS, ids=lambda service: service.name)
def test_our_services_have_no_more_rights_than_they_need(service: Service) -> None:
    assert service.raw["read_only"]
    assert service.raw["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service.raw["security_opt"]
    assert not service.raw["user"].startswith("0")
    assert not service.volumes


def test_only_migrate_may_alter_tables() -> None:
    owners = {s.name for s in OURS if "leitai_owner" in s.environment["LEITAI_DATABASE_URL"]}

    assert owners == {"migrate"}


def test_every_service_that_answers_http_says_whether_it_is_ready() -> None:
    assert [service.name for service in OURS if service.ports and not service.health] == []


def test_every_mounted_file_exists() -> None:
    sources = {source for service in SERVICES.values() for source in service.volumes.values()}
    mounted = {source for source in sources if source.startswith("./") and not source.endswith("/dist")}

    assert [source for source in sorted(mounted) if not (ROOT / source).exists()] == []


def test_pages_that_were_not_built_stop_the_start() -> None:
    [pages] = [each for each in SERVICES["nginx"].raw["volumes"] if "/dist" in str(each)]

    assert pages["bind"] == {"create_host_path": False}


def test_nginx_knows_the_port_of_every_service() -> None:
    text = (ROOT / "deploy" / "nginx" / "nginx.conf").read_text()
    routed = dict(re.findall(r"set \$\w+ (\w+):(\d+);", text))

    assert routed == {s.name: str(s.ports[0]) for s in OURS if s.command[1] == "serve"}


def test_prometheus_scrapes_every_port_of_our_services() -> None:
    config = yaml.safe_load((ROOT / "deploy" / "prometheus" / "prometheus.yml").read_text())

    assert sorted(_scraped(config)) == sorted((s.name, port) for s in OURS for port in s.ports)


def test_kafka_is_one_release_everywhere() -> None:
    pom = (ROOT / "deploy" / "kafka" / "pom.xml").read_text()

    assert f"<kafka.version>{SERVICES['kafka'].image.partition(':')[2]}<" in pom


def test_nginx_is_found_where_debian_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    if reason := nginx.absence():
        pytest.skip(reason)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")

    assert nginx.absence() is None


def _scraped(config: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for job in config["scrape_configs"]:
        for found in job["dns_sd_configs"]:
            for name in found["names"]:
                yield name, found["port"]
