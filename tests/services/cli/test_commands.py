"""The commands as people and programs call them: what they print, and their exit codes."""

import csv
import io
import json
import socket
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from services.cli.main import main
from services.gateway.app import SERVICES
from services.kit.settings import make_secret

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"
WELDING = str(EXAMPLES / "welding")


def leitai(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def broken(folder: Path) -> str:
    """A package with a mark above its scale."""
    for file in (EXAMPLES / "welding").rglob("*.*"):
        target = folder / file.relative_to(EXAMPLES / "welding")
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(file.read_bytes().replace(b"J1,practical.seam,88", b"J1,practical.seam,880"))
    return str(folder)


def test_standings_as_json_have_exact_numbers_as_text() -> None:
    [board] = json.loads(leitai("standings", WELDING, "--json").stdout)["boards"]

    assert [(row["place"], row["entry"], row["total"]) for row in board["rows"]] == [
        (1, "W02", "89.77"),
        (2, "W01", "86.87"),
        (3, "W03", "82.30"),
        (None, "W04", "74.20"),
    ]


def test_standings_of_a_stage_are_by_that_node_alone() -> None:
    [board] = json.loads(leitai("standings", WELDING, "--stage", "theory", "--json").stdout)["boards"]

    assert [row["entry"] for row in board["rows"]] == ["W03", "W02", "W01", "W04"]


def test_a_package_with_errors_exits_with_1_and_names_the_cell(tmp_path: Path) -> None:
    said = leitai("standings", broken(tmp_path))
    read = leitai("import", broken(tmp_path), "--dry-run", "--json")

    assert said.exit_code == 1
    assert "sheets.csv row 3, column mark [880]" in said.stderr
    assert read.exit_code == 1
    assert [error["rule"] for error in json.loads(read.stdout)["errors"]] == ["above_max"]


@pytest.mark.parametrize(
    "arguments",
    [
        ("standings", WELDING, "--board", "none"),
        ("standings", WELDING, "--stage", "none"),
        ("explain", WELDING, "W99"),
        ("explain", WELDING, "W01", "--path", "none"),
    ],
)
def test_what_a_package_does_not_have_exits_with_1_and_says_what_it_has(arguments: tuple[str, ...]) -> None:
    result = leitai(*arguments)

    assert result.exit_code == 1
    assert "use one of" in result.stderr or "give " in result.stderr


def test_an_explanation_names_judges_dropped_marks_and_why_the_next_above_is_above() -> None:
    said = leitai("explain", WELDING, "W01").stdout

    assert "J1 88  J2 90  J3 85  (J4 99)  (J5 60)" in said
    assert "李娜总分 89.77 高于 86.87（张伟），李娜列前" in said
    assert "李娜 is above 张伟: total 89.77, higher than 86.87" in said


def test_an_explanation_as_json_has_the_cells_of_one_node() -> None:
    found = json.loads(leitai("explain", WELDING, "W03", "--path", "practical", "--json").stdout)

    assert [(cell["path"], cell["value"]) for cell in found["cells"]] == [
        ("practical", "79.00"),
        ("practical.seam", "81.00"),
        ("practical.late", "2"),
    ]


def test_runs_are_explained_one_by_one() -> None:
    found = json.loads(leitai("explain", str(EXAMPLES / "diving"), "7", "--path", "dive", "--json").stdout)

    assert [(cell["title"]["en"], cell["value"]) for cell in found["cells"]] == [
        ("Dive", "73.44"),
        ("Dive (round 1)", "30.24"),
        ("Dive (round 2)", "43.20"),
    ]


def test_awards_are_printed_and_written_in_every_format(tmp_path: Path) -> None:
    said = leitai("awards", WELDING)
    lines = list(
        csv.DictReader(io.StringIO(leitai("awards", WELDING, "--format", "csv").stdout.lstrip("\ufeff")))
    )
    leitai("awards", WELDING, "-o", str(tmp_path / "list.xlsx"))
    document = json.loads(leitai("awards", WELDING, "--format", "json").stdout)

    assert "一等奖 first prize: 1" in said.stdout
    assert [(line["姓名"], line["奖项"]) for line in lines[:2]] == [("李娜", "一等奖"), ("张伟", "二等奖")]
    assert (tmp_path / "list.xlsx").read_bytes()[:2] == b"PK"
    assert document["provisional"] is False


def test_a_dry_run_sends_nothing_and_needs_no_platform() -> None:
    result = leitai("import", WELDING, "--dry-run")

    assert result.exit_code == 0
    assert "welding: entries 4, proposals 0, judges 5, sheets 24" in result.stdout


def test_a_platform_that_is_not_there_exits_with_3() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

    result = leitai("import", WELDING, "--url", url, "--token", "x")

    assert result.exit_code == 3
    assert url in result.stderr


def test_without_a_token_the_usage_is_wrong(tmp_path: Path) -> None:
    result = leitai("export", "demo-2026", "--data", str(tmp_path))

    assert result.exit_code == 2
    assert "LEITAI_TOKEN" in result.stderr


@pytest.mark.parametrize("command", ["standings", "explain", "awards", "import", "export", "verify"])
def test_help_speaks_both_languages_and_names_exit_codes(command: str) -> None:
    said = leitai(command, "--help").stdout

    assert "exit codes" in said
    assert any("\u4e00" <= char <= "\u9fff" for char in said)


@pytest.mark.parametrize(
    ("words", "host", "variable"),
    [
        *((("serve", service), "127.0.0.1", "LEITAI_PORT") for service in sorted(SERVICES)),
        (("worker",), "0.0.0.0", "LEITAI_WORKER_WEB_PORT"),
    ],
)
def test_a_port_that_is_taken_exits_with_1_and_names_the_variable(
    words: tuple[str, ...], host: str, variable: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        environment = {variable: port, "LEITAI_SECRET": make_secret(), "LEITAI_DATA": str(tmp_path)}

        result = CliRunner().invoke(main, words, env=environment)

    assert result.exit_code == 1
    assert f"无法监听 · cannot listen on {host}:{port}: Address already in use" in result.stderr
    assert result.stderr.endswith(f"; {variable}\n")
