"""Every row of `leitai bench` runs, with its floor; how fast is for a quiet machine to say."""

from pathlib import Path

import pytest

from services.cli.bench.cluster import Cluster
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure
from services.cli.commands.bench import CLUSTER, EMBEDDED
from services.kit.settings import Settings
from tests.parts.topology import Topology

TINY = Extent(
    rounds=1,
    seconds=0.3,
    connections=(2,),
    seen_seconds=0.5,
    watchers=120,
    crowd=150,
    crowd_seconds=1.0,
    page_entries=200,
    page_reads=10,
    large_board=500,
    large_reads=20,
    rebuild_sheets=500,
    growth=(20, 40),
    growth_marks=5,
    agent_events=500,
)
WITHOUT_FLOOR = {"board of 200: bytes of both answers, gzip"}


@pytest.mark.parametrize("row", list(EMBEDDED))
def test_row_measures_the_embedded_platform_beside_its_floor(row: str) -> None:
    require_figures(row, list(EMBEDDED[row](TINY)))


@pytest.mark.cluster
def test_rows_measure_the_cluster_beside_their_floors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    topology = Topology(tmp_path)
    try:
        topology.start(("scoring", "leaderboard", "relay", "worker"))
        for name, value in topology.environment("migrate").items():
            if name.startswith("LEITAI_"):
                monkeypatch.setenv(name, value)
        where = Cluster(Settings(), topology.url("scoring"), topology.url("leaderboard"))
        for row, measure in CLUSTER.items():
            require_figures(row, list(measure(TINY, where)))
    finally:
        topology.discard()


def require_figures(row: str, found: list[Figure]) -> None:
    assert found
    for figure in found:
        assert figure.row == row
        assert figure.measured > 0 or figure.target == 0
        assert figure.floor is not None or figure.what in WITHOUT_FLOOR


def test_missed_target_is_shown_as_missed() -> None:
    slow = Figure("seen", "POST → seen", "ms", 20.0, 4.0, "bare", "at most", 15.0)
    few = Figure("sheets", "8 connections", "sheets/s", 300.0, 1000.0, "bare", "at least", 0.4, ratio=True)

    assert [each.reached for each in (slow, few)] == [False, False]
    assert slow.line()[4:6] == ("≤ 15 ms", "✗")
    assert few.line()[3:6] == ("0.30", "≥ 0.4 × floor", "✗")
    assert few.body()["reached"] is False
