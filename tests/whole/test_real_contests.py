"""Real contests the whole way: every published total and rank, on the board and on the printed list."""

from collections.abc import Callable
from functools import partial

import pytest

from services.cli.package.send import Import, send
from tests.real.events import team_event, two_stage_totals
from tests.real.packages import RealContest, dances_package, halfpipe_package, skating_packages
from tests.real.places import DATA
from tests.whole.boards import Standing, await_equal, of_list, standings
from tests.whole.platforms import Platform

REAL: dict[str, tuple[Callable[[], RealContest], int]] = {
    "skating": (lambda: skating_packages(DATA), 250),
    "two-stages": (two_stage_totals, 106),
    "team-event": (team_event, 10),
    "halfpipe": (lambda: halfpipe_package(DATA), 12),
    "dances": (lambda: dances_package(DATA), 1_734),
}


@pytest.mark.parametrize("contest", REAL)
def test_boards_and_lists_show_the_published_totals_and_ranks(platform: Platform, contest: str) -> None:
    if not DATA.is_dir():
        pytest.skip(f"the real data folder {DATA} is absent")
    make, entries = REAL[contest]
    real = make()

    done = send(platform.administrator, real.package)

    assert sum(len(each) for each in real.published.values()) == entries
    for code, sent in done.boards.items():
        await_equal(partial(differing, platform, real, code, done), [])
        shown = standings(platform.anonymous, sent.id)
        await_equal(partial(of_list, platform.administrator, sent.id), shown)


def differing(platform: Platform, real: RealContest, code: str, done: Import) -> list[Standing | str]:
    """Rows that are not as published, and entries that have none; of some only the total was published."""
    published = dict(real.published[code])
    wrong: list[Standing | str] = []
    for row in standings(platform.anonymous, done.boards[code].id):
        # A row that moves while pages are read may be seen twice.
        wanted = published.pop(row.entry, None)
        if wanted is None or row.total != wanted.total or wanted.place not in (None, row.place):
            wrong.append(row)
    return [*wrong, *published]
