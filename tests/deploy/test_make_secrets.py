import base64
import stat
from pathlib import Path

import pytest

from deploy.make_secrets import filled, write
from tests.parts import compose
from tests.parts.java import ROOT
from tests.parts.kafka import read_properties
from tests.parts.topology import SECRETS

EXAMPLE = (ROOT / "deploy" / "env.example").read_text()


def test_env_made_from_the_example_starts_the_topology(tmp_path: Path) -> None:
    write(tmp_path / ".env", filled(EXAMPLE))

    variables = read_properties(tmp_path / ".env")

    assert compose.read(ROOT / "docker-compose.yml", variables)
    assert len(base64.b64decode(variables["LEITAI_SECRET"], validate=True)) == 32
    assert all(variables[name].isalnum() for name in SECRETS if name != "LEITAI_SECRET")


def test_secrets_are_never_the_same_twice() -> None:
    first, second = (
        {line for line in filled(EXAMPLE).splitlines() if line.partition("=")[0] in SECRETS} for _ in range(2)
    )

    assert len(first) == len(SECRETS)
    assert not first & second


def test_env_is_readable_by_its_owner_alone(tmp_path: Path) -> None:
    write(tmp_path / ".env", "x")

    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_env_that_exists_is_kept(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("mine")

    with pytest.raises(FileExistsError):
        write(tmp_path / ".env", "new")

    assert (tmp_path / ".env").read_text() == "mine"
