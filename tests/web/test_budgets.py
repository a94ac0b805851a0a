"""What each page loads, from the build's own report, against its budget."""

import gzip
import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest

from services.gateway.pages import DIST

KILOBYTE = 1000
BUDGETS = {"judge.html": 180, "live.html": 100, "console.html": 450}
"""Kilobytes gzipped: the page, its scripts and styles, and one language's texts."""

pytestmark = pytest.mark.skipif(not (DIST / "manifest.json").is_file(), reason="pages not built: make web")


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((DIST / "manifest.json").read_text())
    return found


def loaded(page: str) -> set[Path]:
    """Files that a page loads before it can be used, in the larger of its languages."""
    chunks = manifest()
    found: set[Path] = set()

    def follow(name: str) -> None:
        chunk = chunks[name]
        new = {DIST / each for each in (chunk["file"], *chunk.get("css", ()))}
        if not new <= found:
            found.update(new)
            for imported in chunk.get("imports", ()):
                follow(imported)
            for later in chunk.get("dynamicImports", ()):
                if "locales/zh-CN/" in later:
                    follow(later)

    follow(page)
    return found | {DIST / page}


def weight(files: set[Path]) -> int:
    return sum(len(gzip.compress(file.read_bytes(), 9)) for file in files)


@pytest.mark.parametrize("page", BUDGETS)
def test_page_is_within_its_budget(page: str) -> None:
    assert weight(loaded(page)) <= BUDGETS[page] * KILOBYTE


@pytest.mark.parametrize("page", BUDGETS)
def test_page_has_no_script_or_style_of_its_own(page: str) -> None:
    text = (DIST / page).read_text(encoding="utf-8")

    assert "<style" not in text
    assert text.count("<script") == text.count('<script type="module" crossorigin src="/assets/')


def test_every_hashed_file_is_compressed_beforehand() -> None:
    large = [file for file in (DIST / "assets").glob("*.js") if file.stat().st_size >= KILOBYTE]

    assert large
    assert [file.name for file in large if not file.with_name(f"{file.name}.gz").exists()] == []
    assert [file.name for file in large if not file.with_name(f"{file.name}.br").exists()] == []


def test_all_that_the_tablet_keeps_for_offline_is_there() -> None:
    worker = (DIST / "judge-sw.js").read_text(encoding="utf-8")
    found = re.search(r"^const FILES = (\[.*\])$", worker, re.MULTILINE)

    assert found is not None
    files = json.loads(found[1])
    assert [file for file in files if not (DIST / file[1:]).is_file()] == []
    assert {f"/{path.relative_to(DIST)}" for path in loaded("judge.html")} - {"/judge.html"} <= set(files)


def test_icons_of_the_installed_tablet_are_there_in_their_sizes() -> None:
    icons = json.loads((DIST / "judge.webmanifest").read_text())["icons"]
    drawn = {icon["src"]: icon["sizes"] for icon in icons if icon["type"] == "image/png"}

    for source, size in (drawn | {"/apple-touch-icon.png": "180x180"}).items():
        header = (DIST / source[1:]).read_bytes()[:24]  # a PNG's width and height are its bytes 16 to 24
        assert header.startswith(b"\x89PNG")
        assert "x".join(str(side) for side in struct.unpack(">II", header[16:24])) == size
    assert {icon["purpose"] for icon in icons} == {"any", "maskable"}
