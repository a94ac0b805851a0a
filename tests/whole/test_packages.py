"""Contests of every kind the whole way: package → HTTP → ledger → fold → board → printed list."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from services.cli.client import Client
from services.cli.package.contest import Package
from services.cli.package.read import read_package
from services.cli.package.send import Import, send
from tests.whole.boards import Standing, await_equal, of_list, printed, standings, under
from tests.whole.platforms import PASSWORD, Platform, sign_in

GOLDEN = Path(__file__).parents[1] / "golden"
VOTERS = 12


def by_hand(contest: str, board: str) -> list[Standing]:
    """What somebody worked out with pencil and paper; the sums are in SUMS.md beside it."""
    with (GOLDEN / contest / "standings.csv").open(encoding="utf-8", newline="") as lines:
        return [
            Standing(
                line["entry"],
                int(line["place"]) if line["place"] else None,
                Decimal(line["total"]) if line["total"] else None,
            )
            for line in csv.DictReader(lines)
            if line["board"] == board
        ]


def golden(contest: str) -> Package:
    """A contest with units of its own: those of all contests stand in one tree."""
    package = read_package(GOLDEN / contest)

    def own(code: str) -> str:
        return f"{contest}.{code}" if code else ""

    campaign = package.campaign.model_copy(update={"unit": own(package.campaign.unit_code)})
    units = tuple(replace(unit, code=own(unit.code), parent=own(unit.parent)) for unit in package.units)
    boards = tuple(
        replace(
            part,
            about=part.about.model_copy(update={"unit": own(part.about.unit)}),
            entries=tuple(replace(each, unit=own(each.unit)) for each in part.entries),
            proposals=tuple(replace(each, unit=own(each.unit)) for each in part.proposals),
        )
        for part in package.boards
    )
    return Package(campaign, units, boards)


@pytest.mark.parametrize("contest", ["skills-47", "league-quarters", "campaign-pioneer"])
def test_board_and_printed_list_show_what_was_worked_by_hand(platform: Platform, contest: str) -> None:
    package = golden(contest)

    done = send(platform.administrator, package)

    for code, sent in done.boards.items():
        wanted = by_hand(contest, code)
        await_equal(partial(standings, platform.anonymous, sent.id), wanted)
        if sent.published:
            await_equal(partial(of_list, platform.administrator, sent.id), wanted)
            assert printed_standings(platform.administrator, sent.id) == wanted


def test_drive_is_ordered_by_marks_benefit_and_votes(platform: Platform) -> None:
    package = golden("drive-proposals")
    [part] = package.boards

    done = send(platform.administrator, handed_in(package))
    vote(platform, done, {each.external_id: each.votes for each in part.proposals})
    send(platform.administrator, package)

    board = done.boards[part.code].id
    await_equal(lambda: standings(platform.anonymous, board), by_hand("drive-proposals", part.code))


def test_awards_of_forty_seven_are_printed_as_worked_by_hand(platform: Platform) -> None:
    package = golden("skills-47")
    board = send(platform.administrator, package).boards[package.boards[0].code].id
    names = {entry.external_id: entry.name for entry in package.boards[0].entries}
    with (GOLDEN / "skills-47" / "awards.csv").open(encoding="utf-8", newline="") as lines:
        wanted = [names[line["entry"]] for line in csv.DictReader(lines)]

    winners = under("序号", printed(platform.administrator, board)["获奖名单"])

    assert [row[3] for row in winners] == wanted
    assert [row[1] for row in winners] == ["一等奖"] + ["二等奖"] * 2 + ["三等奖"] * 3 + ["优胜奖"] * 17


def test_contributions_are_explained_back_to_what_earned_them(platform: Platform) -> None:
    package = golden("campaign-pioneer")
    done = send(platform.administrator, package)
    pioneer, public = done.boards["pioneer"], platform.anonymous
    await_equal(lambda: standings(public, pioneer.id), by_hand("campaign-pioneer", "pioneer"))
    path = f"/api/leaderboard/boards/{pioneer.id}/entries/{pioneer.entries['A']}/explanation"

    [contests] = public.get(path, path="contributions.contests")["cells"]
    [proposals] = public.get(path, path="contributions.proposals")["cells"]

    welders = {entry.external_id: entry.name for entry in package.board("weld").entries}
    ideas = {each.external_id: each.title for each in package.board("ideas").proposals}
    assert {each["note"]: each["mark"] for each in contests["marks"]} == {
        f"《焊工》第 1 名：{welders['W1']}": "10",
        f"《焊工》第 3 名：{welders['W3']}": "2",
    }
    assert {each["note"] for each in proposals["marks"]} == {
        f"建议被采纳：《{ideas['Q1']}》",
        f"建议被采纳：《{ideas['Q2']}》",
    }
    assert proposals["value"] == "3"  # 2 + 2, and the feed gives a candidate 3 at most


def handed_in(package: Package) -> Package:
    """The same drive on its first day."""
    return replace(
        package,
        boards=tuple(
            replace(
                part,
                about=part.about.model_copy(update={"published": False}),
                sheets=(),
                proposals=tuple(
                    replace(each, stage="submitted", reason="", benefit=None, merged_into="")
                    for each in part.proposals
                ),
            )
            for part in package.boards
        ),
    )


def vote(platform: Platform, done: Import, wanted: dict[str, int]) -> None:
    """Twelve people vote, each at most once for a proposal."""
    [sent] = done.boards.values()
    for number, voter in enumerate(voters(platform)):
        for external_id, votes in wanted.items():
            if number < votes:
                voter.post(f"/api/suggestions/proposals/{sent.entries[external_id]}/votes", {})


def voters(platform: Platform) -> Iterator[Client]:
    grant = {"role": "contestant", "unit": "/"}
    for number in range(VOTERS):
        body = {"login": f"voter{number}", "name": f"职工{number}", "grants": [grant], "password": PASSWORD}
        platform.administrator.post("/api/identity/accounts", body)
        yield sign_in(platform.anonymous, f"voter{number}", PASSWORD)


def printed_standings(client: Client, board: str) -> list[Standing]:
    """The second sheet of the workbook. Its numbers are a spreadsheet's: fifteen digits, no more."""
    sheet: Sequence[list[object]] = printed(client, board)["成绩总表"]
    heading = next(row for row in sheet if row[0] == "名次")
    columns = {str(name): number for number, name in enumerate(heading)}
    return [
        Standing(
            str(row[columns["编号"]]),
            int(float(str(row[columns["名次"]]))) if row[columns["名次"]] != "" else None,
            Decimal(str(row[columns["总分"]])) if row[columns["总分"]] != "" else None,
        )
        for row in under("名次", sheet)
    ]
