"""The demo year, played: it ends exactly where its package says, also when it was broken off on the way."""

import subprocess
from decimal import Decimal
from functools import partial
from itertools import islice

import pytest

from services.cli.demo.load import demo_year
from services.cli.demo.script import acts
from services.cli.package.count import count_board
from tests.whole.boards import Standing, await_equal, of_list, standings
from tests.whole.platforms import LEITAI, Embedded

PACE = 1_000
BROKEN_OFF_AFTER = 60


@pytest.fixture(scope="module")
def played(embedded: Embedded) -> Embedded:
    """Broken off in the middle, then played to the end."""
    words = ["demo", "--play", "--pace", "60", "--url", embedded.url, "--data", str(embedded.data)]
    with subprocess.Popen(
        [*LEITAI, *words], env=dict(embedded.environment()), stdout=subprocess.PIPE, text=True
    ) as first:
        assert first.stdout is not None
        told = list(islice(first.stdout, BROKEN_OFF_AFTER))
        first.terminate()
    assert len(told) == BROKEN_OFF_AFTER
    second = embedded.leitai("demo", "--play", "--pace", str(PACE), "--url", embedded.url)
    assert second.returncode == 0, second.stderr
    assert "跳过" not in second.stdout
    assert 0 < second.stdout.count("\n") < len(acts(demo_year()))
    return embedded


def test_played_boards_equal_the_package_counted_without_a_server(played: Embedded) -> None:
    package = demo_year()
    boards = {
        each["code"]: each["id"]
        for each in played.anonymous.pages("/api/registration/boards")
        if each["campaign_code"] == package.campaign.code
    }

    for part in package.boards:
        counted = count_board(package, part)
        wanted = [Standing(row.entry, row.place, row.total) for row in counted.rows]
        await_equal(partial(standings, played.anonymous, boards[part.code]), wanted)


def test_published_trade_has_its_award_list(played: Embedded) -> None:
    found = played.anonymous.get("/api/registration/boards", code="electrician")["items"]
    board = next(each["id"] for each in found if each["campaign_code"] == demo_year().campaign.code)

    best = of_list(played.administrator, board)[0]

    assert (best.place, best.total) == (1, Decimal("95.54"))


def test_playing_again_changes_nothing(played: Embedded) -> None:
    again = played.leitai("demo", "--play", "--url", played.url)

    assert again.returncode == 0, again.stderr
    assert len(again.stdout.splitlines()) == 1


def test_links_of_the_played_judges_are_revoked(played: Embedded) -> None:
    campaign = demo_year().campaign.code
    boards = [
        each["id"]
        for each in played.anonymous.pages("/api/registration/boards")
        if each["campaign_code"] == campaign
    ]

    links = [
        link
        for board in boards
        for link in played.administrator.pages("/api/identity/judge-links", board=board)
    ]

    assert {link["state"] for link in links} == {"revoked"}
