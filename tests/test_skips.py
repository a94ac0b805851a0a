"""Where everything is required, a test that is left out is a failure."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
TESTS = {
    "test_one.py": "import pytest\ndef test_it():\n    pytest.skip('no hall')",
    "test_two.py": "import pytest\npytest.skip('no stage', allow_module_level=True)",
}


@pytest.mark.parametrize(
    ("required", "outcome"), [("0", {"skipped": 2, "failed": 0}), ("1", {"skipped": 0, "failed": 2})]
)
def test_skip_is_a_failure_only_where_all_is_required(
    tmp_path: Path, required: str, outcome: dict[str, int]
) -> None:
    for name, text in TESTS.items():
        (tmp_path / name).write_text(text)
    environment = {"LEITAI_REQUIRE_ALL": required, "CI": "", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    words = [
        sys.executable,
        "-m",
        "pytest",
        "-rsfE",
        "-p",
        "tests.conftest",
        "--continue-on-collection-errors",
        str(tmp_path),
    ]

    done = subprocess.run(
        words,
        capture_output=True,
        text=True,
        env={**os.environ, **environment, "PYTHONPATH": str(ROOT)},
        check=False,
        cwd=tmp_path,
    )

    lines = done.stdout.splitlines()
    assert sum(line.startswith("SKIPPED") for line in lines) == outcome["skipped"]
    assert sum(line.startswith(("FAILED", "ERROR")) for line in lines) == outcome["failed"]
    assert (done.returncode == 1) is (required == "1")
    assert "no hall" in done.stdout
    assert "no stage" in done.stdout
