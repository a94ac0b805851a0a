"""Real contests as packages: checked like any other, and their published totals and ranks come out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from services.cli.package.count import count_board
from services.cli.package.read import read_files
from services.cli.package.write import package_files
from tests.real.packages import RealContest, dances_package, halfpipe_package, skating_packages
from tests.real.places import DATA


@pytest.mark.parametrize(
    ("make", "entries"),
    [(skating_packages, 250), (halfpipe_package, 12), (dances_package, 1734)],
    ids=["skating", "halfpipe", "dances"],
)
def test_a_real_contest_written_and_read_gives_its_published_totals_and_ranks(
    make: Callable[[Path], RealContest], entries: int
) -> None:
    if not DATA.is_dir():
        pytest.skip(f"the real data folder {DATA} is absent")
    real = make(DATA)

    package = read_files(package_files(real.package))

    checked = 0
    for board in package.boards:
        published = real.published[board.code]
        for row in count_board(package, board).rows:
            assert row.total == published[row.entry].total
            assert published[row.entry].place in (None, row.place)
            checked += 1
    assert checked == entries
