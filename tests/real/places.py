"""Where the real contests lie, and their published files."""

import csv
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"


def rows_of(folder: str, file: str) -> list[dict[str, str]]:
    """The rows of one published file; skips the test where the data folder is absent."""
    path = DATA / folder / file
    if not DATA.is_dir():
        pytest.skip(f"the real data folder {DATA} is absent")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))
