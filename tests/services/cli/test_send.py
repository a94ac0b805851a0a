"""Packages into a platform: everything arrives, and a second time nothing changes."""

from pathlib import Path

from services.cli.package.fetch import fetch
from services.cli.package.read import read_package
from services.cli.package.send import send
from services.cli.package.write import package_files
from services.kit import log
from services.kit.runtime import Runtime
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
