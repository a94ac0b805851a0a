"""Nothing a user sets, runs or listens to exists without README saying so."""

import re
from pathlib import Path

import pytest

from schemas.topics import Topic
from services.cli.main import main
from services.gateway.app import SERVICES
from services.kit.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()
CHINESE = (ROOT / "README.zh-CN.md").read_text()
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("deploy/**/*.md")])


@pytest.mark.parametrize("name", Settings.model_fields)
def test_setting_is_in_the_readme(name: str) -> None:
    assert f"`LEITAI_{name.upper()}`" in README


@pytest.mark.parametrize("topic", Topic)
def test_topic_is_in_the_readme(topic: Topic) -> None:
    assert f"`{topic.named()}`" in README


@pytest.mark.parametrize("service", SERVICES)
def test_service_is_in_the_readme_with_its_route(service: str) -> None:
    assert f"| {service} |" in README
    assert f"`/api/{service}`" in README


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text())

    assert [target for target in targets if not (document.parent / target).exists()] == []


@pytest.mark.parametrize("text", [README, CHINESE], ids=["en", "zh-CN"])
def test_commands_in_the_readme_exist(text: str) -> None:
    commands = set(main.list_commands(None))  # type: ignore[arg-type]  # the list needs no context
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert set(re.findall(r"\bleitai ([a-z]+)", text)) <= commands
    assert set(re.findall(r"\bmake ([a-z]+)", text)) <= targets
