"""China's provinces, cities and districts as units, out of the files of the open administrative data set."""

import csv
from collections.abc import Iterator
from pathlib import Path

from services.registration.domain import UnitRow

_FILES = (("provinces.csv", ""), ("cities.csv", "provinceCode"), ("areas.csv", "cityCode"))


def read_divisions(folder: Path, root: str = "") -> list[UnitRow]:
    """The 3,351 regions of `provinces.csv`, `cities.csv` and `areas.csv`; `root` is a code above."""
    return list(_rows(folder, root))


def _rows(folder: Path, root: str) -> Iterator[UnitRow]:
    for name, parent in _FILES:
        with (folder / name).open(encoding="utf-8-sig", newline="") as stream:
            for line in csv.DictReader(stream):
                yield UnitRow(line["code"], line["name"], line[parent] if parent else root, "region")
