"""What a runbook tells people to type exists."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RUNBOOKS = sorted((ROOT / "deploy" / "runbooks").glob("*.md"))
SERVICES = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])
runbook = pytest.mark.parametrize(
    "text", [book.read_text() for book in RUNBOOKS], ids=[book.stem for book in RUNBOOKS]
)


@runbook
def test_every_command_of_a_runbook_exists(text: str) -> None:
    from services.cli.main import main

    named = set(re.findall(r"leitai ([a-z]+)[`\n]", text))

    assert named <= set(main.list_commands(None))  # type: ignore[arg-type] # the list needs no context


@runbook
def test_every_make_target_of_a_runbook_exists(text: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets


@runbook
def test_every_service_of_a_runbook_exists(text: str) -> None:
    one = re.findall(r"docker compose (?:exec(?: -T)?|run --rm) (\w+)", text)
    scaled = re.findall(r"--scale (\w+)=", text)
    several = re.findall(r"docker compose (?:stop|logs --tail \d+) ([a-z ]+)", text)

    assert {*one, *scaled, *" ".join(several).split()} <= SERVICES
