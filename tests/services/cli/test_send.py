"""Packages into a platform: everything arrives, and a second time nothing changes."""

from pathlib import Path

import pytest

from services.cli.client import Refused
from services.cli.finding import find_board
from services.cli.package.count import count_board
from services.cli.package.fetch import fetch
from services.cli.package.flaws import PackageRefused
from services.cli.package.read import read_files, read_package
from services.cli.package.send import send
from services.cli.package.source import open_package
from services.cli.package.write import package_files
from services.kit import log
from services.kit.runtime import Runtime
from tests.services.cli.packages import CONTEST, files
from tests.services.cli.platform import platform

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def test_an_imported_contest_is_published_with_the_places_of_its_package(runtime: Runtime) -> None:
    package = read_package(EXAMPLES / "welding")

    with platform(runtime) as client:
        done = send(client, package)
        sent = done.boards["welding"]
        control = client.get(f"/api/scoring/boards/{sent.id}/control")

    assert (sent.entries_made, sent.sheets_made, sent.published) == (4, 24, True)
    assert control["published_at"] is not None


def test_a_second_import_changes_nothing(runtime: Runtime) -> None:
    package = read_package(EXAMPLES / "welding")
    with platform(runtime) as client:
        first = send(client, package)
        with runtime.database.reading() as session:
            end = log.end(session)

        second = send(client, package)

        with runtime.database.reading() as session:
            assert log.end(session) == end
    sent = second.boards["welding"]
    assert (sent.entries_made, sent.sheets_made, sent.sheets_repeated) == (0, 0, 24)
    assert sent.entries == first.boards["welding"].entries


def test_export_gives_back_the_canonical_package_byte_for_byte(runtime: Runtime) -> None:
    package = read_package(EXAMPLES / "welding")

    with platform(runtime) as client:
        send(client, package)
        exported = fetch(client, package.campaign.code)

    assert package_files(exported) == {
        name: (EXAMPLES / "welding" / name).read_bytes() for name in package_files(package)
    }


def test_marks_that_differ_from_those_on_the_platform_are_refused_by_their_row(runtime: Runtime) -> None:
    given = dict(open_package(EXAMPLES / "diving"))
    with platform(runtime) as client:
        send(client, read_files(given))
        given["sheets.csv"] = given["sheets.csv"].replace(b"7,1,J3,dive,7\n", b"7,1,J3,dive,9\n")

        with pytest.raises(PackageRefused) as refused:
            send(client, read_files(given))

    assert [(flaw.file, flaw.at.en, flaw.rule) for flaw in refused.value.flaws] == [
        ("sheets", "row 4", "sheet-id-reused")
    ]


def test_entries_that_differ_from_those_on_the_platform_are_refused_before_any_mark(runtime: Runtime) -> None:
    given = dict(open_package(EXAMPLES / "diving"))
    with platform(runtime) as client:
        send(client, read_files(given))
        given["entries.csv"] = given["entries.csv"].replace("陈一".encode(), "陈壹".encode())

        with pytest.raises(PackageRefused) as refused:
            send(client, read_files(given))

    assert [(flaw.at.en, flaw.rule, flaw.value) for flaw in refused.value.flaws] == [
        ("row 2, column name", "differs", "陈壹")
    ]


def test_what_the_platform_refuses_of_a_batch_is_told_by_row(runtime: Runtime) -> None:
    given = dict(open_package(EXAMPLES / "diving"))
    eligibility = b"    eligibility: {required: [category]}\n"
    given["contest.yaml"] = given["contest.yaml"] + eligibility

    with platform(runtime) as client, pytest.raises(PackageRefused) as refused:
        send(client, read_files(given))

    assert [flaw.at.en for flaw in refused.value.flaws] == [
        f"row {row}, column category" for row in (2, 3, 4)
    ]


def test_jury_decisions_withdrawals_and_a_second_round_arrive_and_come_back(runtime: Runtime) -> None:
    contest = CONTEST.replace(
        "scale: {max: 10, step: 0.5}}]",
        "scale: {max: 10, step: 0.5}, panel: {judges: 2, max_spread: 1}}]\n"
        "      ranking: {last_resort: committee}",
    )
    package = read_files(
        files(
            contest=contest + "    published: true\n",
            entries="external_id,name,withdrawn\n1,张三,\n2,李四,\n3,王五,伤病\n4,赵六,\n5,孙七,\n",
            sheets="entry,judge,aspect,mark,round\n"
            "1,J1,mark,5,1\n1,J2,mark,8,1\n1,J1,mark,7,2\n1,J2,mark,8,2\n2,J1,mark,7,1\n2,J2,mark,8,1\n"
            "3,J1,mark,9,1\n4,J1,mark,9,1\n4,J2,mark,9,1\n5,J1,mark,9.5,1\n5,J2,mark,9,1\n",
            disqualifications="entry,reason\n4,舞弊\n",
            vetoes="entry,veto,reason,source\n5,accident,事故,inspector\n",
            decisions="entry,key,place\n1,committee,2\n2,committee,1\n",
        )
    )

    with platform(runtime) as client:
        board = send(client, package).boards["b1"]
        back = fetch(client, "c1")
        control = client.get(f"/api/scoring/boards/{board.id}/control")

    assert package_files(back) == package_files(package)
    assert control["published_at"] is not None
    assert [(row.entry, row.place) for row in count_board(back, back.boards[0]).rows] == [
        ("2", 1),
        ("1", 2),
        ("5", None),
        ("3", None),
        ("4", None),
    ]


def test_a_unit_whose_code_another_has_is_refused_before_anything_is_made(runtime: Runtime) -> None:
    package = read_package(EXAMPLES / "welding")
    with platform(runtime) as client:
        client.post("/api/registration/units", {"code": "steel", "name": "另一家钢铁公司"})

        with pytest.raises(Refused) as refused:
            send(client, package)

        assert client.get("/api/registration/campaigns")["total"] == 0
        assert client.get("/api/registration/units")["total"] == 1
    assert "steel" in refused.value.say()
    assert "另一家钢铁公司" in refused.value.say()


def test_a_campaign_whose_code_another_unit_has_is_refused(runtime: Runtime) -> None:
    package = read_package(EXAMPLES / "welding")
    with platform(runtime) as client:
        other = client.post("/api/registration/units", {"code": "other", "name": "另一市总工会"})["id"]
        body = {"code": package.campaign.code, "title": {"zh": "另一个", "en": "Other"}, "year": 2026}
        client.post("/api/registration/campaigns", {**body, "unit": other})

        with pytest.raises(PackageRefused) as refused:
            send(client, package)

        assert client.get("/api/registration/boards")["total"] == 0
    assert [flaw.rule for flaw in refused.value.flaws] == ["code_taken"]


def test_a_board_is_named_by_its_code_where_one_campaign_has_it_else_with_the_campaign(
    runtime: Runtime,
) -> None:
    given = dict(open_package(EXAMPLES / "diving"))
    later = given["contest.yaml"].replace(b"sports-2026", b"sports-2027")
    with platform(runtime) as client:
        first = send(client, read_files(given)).boards["springboard"].id
        alone = find_board(client, "springboard")
        second = send(client, read_files(given | {"contest.yaml": later})).boards["springboard"].id

        with pytest.raises(PackageRefused) as refused:
            find_board(client, "springboard")

        assert alone == find_board(client, first) == find_board(client, "sports-2026/springboard") == first
        assert find_board(client, "sports-2027/springboard") == second
    assert "sports-2026/springboard, sports-2027/springboard" in refused.value.flaws[0].way_out.en
