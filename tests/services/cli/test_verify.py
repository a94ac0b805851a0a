"""Exported ledgers: whole ones hold; whatever is changed is found, at the line where it was."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from schemas.envelope import GENESIS, chained, link, unchained
from services.cli.main import main
from services.cli.package.read import read_package
from services.cli.package.send import send
from services.cli.package.verify import verify_lines
from services.kit.runtime import Runtime
from tests.services.cli.platform import platform

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


@pytest.fixture
def ledger(sqlite_runtime: Runtime) -> list[bytes]:
    """The lines of a published contest's ledger."""
    with platform(sqlite_runtime) as client:
        board = send(client, read_package(EXAMPLES / "welding")).boards["welding"].id
        return list(client.lines(f"/api/scoring/boards/{board}/ledger.ndjson"))


def at(lines: list[bytes], text: bytes) -> int:
    """Where a text first stands."""
    return next(number for number, line in enumerate(lines) if text in line)


def joined(lines: list[bytes]) -> bytes:
    return b"\n".join(lines)


def rechained(lines: list[bytes]) -> list[bytes]:
    """The lines with their chains made anew, as somebody would who covers a change."""
    heads: dict[str, str] = {}
    made = []
    for line in lines:
        body, _ = unchained(line)
        source = json.loads(body)["source"]
        heads[source] = link(heads.get(source, GENESIS), body)
        made.append(chained(body, heads[source]))
    return made


def with_first_place_for(lines: list[bytes], place: int) -> list[bytes]:
    number = at(lines, b"leitai.results.published")
    event = json.loads(lines[number])
    winner = min(event["data"]["places"], key=event["data"]["places"].get)
    event["data"]["places"][winner] = place
    return [*lines[:number], msgspec.json.encode(event, order="sorted"), *lines[number + 1 :]]


def test_a_whole_ledger_holds_and_gives_the_places_of_the_package(ledger: list[bytes]) -> None:
    verdict = verify_lines("ledger", joined(ledger))

    assert verdict.holds
    assert verdict.standings is not None
    assert [(line.place, verdict.standings.names[line.entry]) for line in verdict.standings.rows] == [
        (1, "李娜"),
        (2, "张伟"),
        (3, "王强"),
        (None, "刘洋"),
    ]
    assert {topic.value: chain.sequence for topic, chain in verdict.ledger.chains.items()} == {
        "registrations": 5,
        "scores": len(ledger) - 5,
    }


Tamper = Callable[[list[bytes], int], list[bytes]]


@pytest.mark.parametrize(
    ("tamper", "rule", "moved"),
    [
        (lambda lines, n: [*lines[:n], lines[n].replace(b'"85"', b'"95"'), *lines[n + 1 :]], "chain", 0),
        (lambda lines, n: [*lines[:n], *lines[n + 1 :]], "sequence", 0),
        (lambda lines, n: [*lines[:n], lines[n + 1], lines[n], *lines[n + 2 :]], "sequence", 0),
        (lambda lines, n: [*lines[: n + 1], lines[n], *lines[n + 1 :]], "sequence", 1),
        (lambda lines, n: [*lines[:n], lines[n][:-9], *lines[n + 1 :]], "json", 0),
        (lambda lines, n: [*lines[:n], b'{"a":1}', *lines[n + 1 :]], "envelope", 0),
    ],
    ids=[
        "a mark changed",
        "a line dropped",
        "two lines swapped",
        "a line repeated",
        "a line cut",
        "no event",
    ],
)
def test_a_change_is_found_at_its_line(ledger: list[bytes], tamper: Tamper, rule: str, moved: int) -> None:
    number = at(ledger, b'"theory":"85"')

    broken = verify_lines("ledger", joined(tamper(ledger, number))).broken

    assert broken is not None
    assert (broken.line, broken.rule) == (number + 1 + moved, rule)


def test_a_changed_place_breaks_the_chain(ledger: list[bytes]) -> None:
    broken = verify_lines("ledger", joined(with_first_place_for(ledger, 2))).broken

    assert broken is not None
    assert (broken.line, broken.rule) == (at(ledger, b"leitai.results.published") + 1, "chain")


def test_a_changed_place_is_found_by_counting_even_where_the_chain_was_made_anew(ledger: list[bytes]) -> None:
    verdict = verify_lines("ledger", joined(rechained(with_first_place_for(ledger, 2))))

    assert verdict.broken is None
    assert not verdict.holds
    assert [(change.name, change.published, change.counted) for change in verdict.changes] == [("李娜", 2, 1)]


def test_the_last_line_dropped_still_verifies_but_is_not_published(ledger: list[bytes]) -> None:
    verdict = verify_lines("ledger", joined(ledger[:-1]))

    assert verdict.holds
    assert verdict.ledger.published is None


def test_the_command_says_where_it_is_broken_and_exits_with_1(ledger: list[bytes], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ndjson", tmp_path / "bad.zip"
    good.write_bytes(joined(ledger))
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.ndjson", joined(ledger))
        archive.writestr("b.ndjson", joined(ledger[1:]))
    bad.write_bytes(stream.getvalue())

    whole = CliRunner().invoke(main, ["verify", str(good)])
    broken = CliRunner().invoke(main, ["verify", str(bad), "--json"])

    assert whole.exit_code == 0
    assert "places as published" in whole.output
    assert broken.exit_code == 1
    found = json.loads(broken.stdout)
    assert [each["holds"] for each in found["ledgers"]] == [True, False]
    assert (found["ledgers"][1]["broken"]["line"], found["ledgers"][1]["broken"]["rule"]) == (1, "sequence")
