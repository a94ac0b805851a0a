"""The demo year into a platform: imported once, and found there afterwards."""

from dataclasses import replace
from pathlib import Path

from services.cli.client import Client
from services.cli.demo.script import beginning
from services.cli.demo.stage import Stage, find
from services.cli.package.contest import Package, Unit
from services.cli.package.read import read_package
from services.cli.package.send import send
from services.cli.package.send_board import Tell
from services.registration.divisions import read_divisions

YEAR = Path(__file__).parent / "year"


def demo_year(divisions: Path | None = None) -> Package:
    """The package; with `divisions`, also all of China's provinces, cities and districts as units."""
    package = read_package(YEAR)
    if divisions is None:
        return package
    known = {unit.code for unit in package.units}
    more = (
        Unit(row.code, row.name, row.parent, "region")
        for row in read_divisions(divisions)
        if row.code not in known
    )
    return replace(package, units=(*package.units, *more))


def load(client: Client, package: Package, tell: Tell) -> tuple[Stage, bool]:
    """The year on the platform, and whether it was imported now. What people changed since stays."""
    stage = find(client, package)
    if stage is not None and stage.is_played_on:
        return stage, False
    send(client, beginning(package), tell)
    stage = find(client, package)
    assert stage is not None  # it was just sent
    return stage, True
