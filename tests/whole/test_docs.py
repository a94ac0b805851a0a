"""docs/api.md works when it is typed in as it stands."""

import csv
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from services.cli.client import TOKEN_FILE
from tests.parts.java import ROOT
from tests.whole.platforms import Embedded

DOC = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def typed(embedded: Embedded, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Every block of the page in one shell: the folder that it left, and what it printed."""
    if shutil.which("curl") is None:
        pytest.skip("no curl on the PATH")
    made = embedded.administrator.post(
        "/api/identity/accounts",
        {"login": "typist", "name": "抄写员", "grants": [{"role": "administrator"}]},
    )
    script = "\n".join(re.findall(r"^```sh\n(.*?)^```", DOC, re.MULTILINE | re.DOTALL))
    for name, value in (
        ("url", embedded.url),
        ("account", "typist"),
        ("password", made["one_time_password"]),
    ):
        script, found = re.subn(rf"^{name}=\S+", f"{name}={value}", script, flags=re.MULTILINE)
        assert found == 1
    folder = tmp_path_factory.mktemp("typed")
    (folder / "examples").symlink_to(ROOT / "examples")
    environment = {
        **embedded.environment(),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LEITAI_URL": embedded.url,
        "LEITAI_TOKEN": (embedded.data / TOKEN_FILE).read_text(),
    }
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return folder, done.stdout


def test_page_ends_with_the_printed_list(typed: tuple[Path, str]) -> None:
    folder, _ = typed

    with (folder / "awards.csv").open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))

    assert (lines[0]["姓名"], lines[0]["总分"], lines[0]["奖项"]) == ("周大海", "95.00", "一等奖")
    assert (folder / "awards.xlsx").read_bytes().startswith(b"PK")


def test_refusal_is_the_one_that_is_shown(typed: tuple[Path, str]) -> None:
    _, printed = typed

    assert '"rule":"above_max","detail":"“堆码质量”的分 188.5 高于最高分 100"' in printed
    assert "请给 0 到 100、步长 0.5 的分" in printed
