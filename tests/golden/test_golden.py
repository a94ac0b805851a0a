"""Whole contests with sums worked by hand (SUMS.md beside each): what the rules make of them."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from services.cli.package.count import awards_of, count_board
from services.cli.package.fetch import fetch
from services.cli.package.read import read_package
from services.cli.package.send import send
from services.cli.package.write import package_files
from services.kit.runtime import Runtime
from tests.services.cli.platform import platform

HERE = Path(__file__).parent
CONTESTS = sorted(path.name for path in HERE.iterdir() if (path / "contest.yaml").exists())


def table(contest: str, name: str) -> list[dict[str, str]]:
    with (HERE / contest / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def test_there_is_a_contest_of_every_kind() -> None:
    packages = [read_package(HERE / contest) for contest in CONTESTS]

    kinds = {board.about.kind for package in packages for board in package.boards}

    assert kinds == {"contest", "league", "drive", "campaign"}


@pytest.mark.parametrize("contest", CONTESTS)
def test_standings_equal_those_worked_by_hand(contest: str) -> None:
    package = read_package(HERE / contest)

    found = [
        (board.code, row.place, row.entry, row.total)
        for board in package.boards
        for row in count_board(package, board).rows
    ]

    assert found == [
        (
            line["board"],
            int(line["place"]) if line["place"] else None,
            line["entry"],
            Decimal(line["total"]) if line["total"] else None,
        )
        for line in table(contest, "standings.csv")
    ]


def test_awards_of_forty_seven_are_one_two_three_and_merit_to_place_23() -> None:
    package = read_package(HERE / "skills-47")

    found = awards_of(count_board(package, package.boards[0]))

    won = [(level.id, winner.entry) for level in found.levels for winner in level.winners]
    assert won == [(line["award"], line["entry"]) for line in table("skills-47", "awards.csv")]
    assert [len(level.winners) for level in found.levels] == [1, 2, 3, 17]


@pytest.mark.parametrize("contest", CONTESTS)
def test_a_canonical_package_is_written_as_it_stands(contest: str) -> None:
    files = package_files(read_package(HERE / contest))

    assert files == {name: (HERE / contest / name).read_bytes() for name in files}


@pytest.mark.parametrize("contest", CONTESTS)
def test_import_export_import_export_gives_the_same_bytes(
    contest: str, sqlite_runtime: Runtime, second_runtime: Runtime
) -> None:
    package = read_package(HERE / contest)

    with platform(sqlite_runtime) as client:
        send(client, package)
        first = fetch(client, package.campaign.code)
    with platform(second_runtime) as client:
        send(client, first)
        second = fetch(client, package.campaign.code)

    assert package_files(first) == package_files(second)
    votes = any(proposal.votes for board in package.boards for proposal in board.proposals)
    assert (package_files(first) == package_files(package)) is not votes  # votes are everyone's own
