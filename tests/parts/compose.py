"""docker-compose.yml read as the topology that it is; as much of the format as ours uses."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

Condition = Literal["service_started", "service_healthy", "service_completed_successfully"]

_VARIABLE = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>\w+)(?P<rule>:[?-])?(?P<word>[^}]*)\})")


class MissingVariable(Exception):
    """A `${NAME:?message}` of the file has no value."""


@dataclass(frozen=True)
class Service:
    name: str
    image: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    health: tuple[str, ...]
    depends_on: Mapping[str, Condition]
    ports: tuple[int, ...]
    volumes: Mapping[str, str]
    replicas: int
    raw: Mapping[str, Any]

    @property
    def is_ours(self) -> bool:
        return self.image == "leitai"

    @property
    def runs_once(self) -> bool:
        return self.raw.get("restart") == "no"


def read(file: Path, variables: Mapping[str, str]) -> dict[str, Service]:
    """The services by name, with every `${…}` replaced from `variables`."""
    document = yaml.safe_load(file.read_text())
    return {name: _service(name, _fill(raw, variables)) for name, raw in document["services"].items()}


def variables_of(file: Path) -> set[str]:
    """The names of all variables that the file takes from outside."""
    return {found["name"] for found in _VARIABLE.finditer(file.read_text()) if found["name"]}


def _service(name: str, raw: Mapping[str, Any]) -> Service:
    return Service(
        name=name,
        image=raw["image"],
        command=tuple(raw.get("command", ())),
        environment=raw.get("environment", {}),
        health=tuple(raw.get("healthcheck", {}).get("test", ())),
        depends_on={other: wish["condition"] for other, wish in raw.get("depends_on", {}).items()},
        ports=tuple(int(port) for port in raw.get("expose", ())),
        volumes=dict(_target_and_source(volume) for volume in raw.get("volumes", ())),
        replicas=raw.get("deploy", {}).get("replicas", 1),
        raw=raw,
    )


def _target_and_source(volume: str | Mapping[str, Any]) -> tuple[str, str]:
    if not isinstance(volume, str):
        return volume["target"], volume["source"]
    source, target, *_ = volume.split(":")
    return target, source


def _fill(value: Any, variables: Mapping[str, str]) -> Any:
    match value:
        case str():
            return _VARIABLE.sub(lambda found: _value(found, variables), value)
        case list():
            return [_fill(item, variables) for item in value]
        case dict():
            return {key: _fill(item, variables) for key, item in value.items()}
        case _:
            return value


def _value(found: re.Match[str], variables: Mapping[str, str]) -> str:
    if found["dollar"]:
        return "$"
    if value := variables.get(found["name"]):
        return value
    if found["rule"] == ":?":
        raise MissingVariable(f"{found['name']}: {found['word']}")
    return found["word"]
