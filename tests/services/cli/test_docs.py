"""docs/contest-package.md tells the truth: its examples are the files, its output is the command's."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from services.cli.main import main
from services.cli.package import columns, model, schema
from services.cli.package.flaws import PackageRefused
from services.cli.package.read import read_files
from services.cli.package.source import open_package
from services.cli.refusing import Exit

ROOT = Path(__file__).resolve().parents[3]
DOC = (ROOT / "docs" / "contest-package.md").read_text(encoding="utf-8")
SHOWN = re.compile(r"^ *<!-- (file|output): (.+?) -->\n( *)```\w+\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("what", "of", "indent", "text"), SHOWN.findall(DOC))
def test_what_is_shown_is_what_there_is(
    what: str, of: str, indent: str, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)

    found = Path(of).read_text() if what == "file" else CliRunner().invoke(main, of.split()).output

    assert dedent(text) == "".join(f"{line.rstrip()}\n" for line in found.splitlines())


def test_files_and_outputs_are_shown() -> None:
    assert [what for what, *_ in SHOWN.findall(DOC)] == ["output", "file", "file", "file", "output"]


def test_the_flaw_that_is_shown_is_told_so(tmp_path: Path) -> None:
    given = dict(open_package(ROOT / "examples" / "diving"))
    lines = given["sheets.csv"].decode().splitlines()
    lines[8] = lines[8].rpartition(",")[0] + ",10.5"
    given["sheets.csv"] = "\n".join(lines).encode()

    with pytest.raises(PackageRefused) as refused:
        read_files(given)

    assert f"✗ {refused.value.flaws[0].say('zh-CN')}\n" in DOC


def test_every_key_of_contest_yaml_is_named() -> None:
    parts = [each for each in vars(model).values() if isinstance(each, type) and issubclass(each, BaseModel)]
    names = {name for part in parts for name in part.model_fields}

    assert {name for name in names if f"`{name}`" not in DOC} == set()
    assert len(names) > 30


def test_every_column_and_exit_code_is_named() -> None:
    names = {column.name for table in columns.TABLES for column in table.columns}

    assert {name for name in names if f"`{name}`" not in DOC} == set()
    assert {table.name for table in columns.TABLES if f"**{table.name}**" not in DOC} == set()
    assert {code.value for code in Exit if f"| {code.value} |" not in DOC} == set()


def test_the_committed_json_schema_is_that_of_the_model() -> None:
    assert schema.FILE.read_text() == schema.text()
