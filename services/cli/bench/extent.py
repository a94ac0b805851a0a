"""How much a run of the benchmark does: whole, or quick to see that all of it works."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


def _nothing(_text: str) -> None:
    pass


@dataclass(frozen=True)
class Extent:
    """Bounds of every row, in counts and seconds; `say` tells whoever waits what is going on."""

    rounds: int = 3
    seconds: float = 3.0
    connections: tuple[int, ...] = (1, 8, 64)
    seen_seconds: float = 10.0
    watchers: int = 1_000
    crowd: int = 16_000
    crowd_seconds: float = 10.0
    page_entries: int = 10_000
    page_reads: int = 500
    large_board: int = 1_000_000
    large_reads: int = 1_000
    rebuild_sheets: int = 100_000
    growth: tuple[int, ...] = (100, 10_000, 100_000)
    growth_marks: int = 300
    agent_events: int = 30_000
    say: Callable[[str], None] = field(default=_nothing, compare=False)

    def turns(self, what: str) -> Iterator[int]:
        """The rounds, each announced."""
        for turn in range(self.rounds):
            self.say(f"{what}, {turn + 1}/{self.rounds}")
            yield turn


WHOLE = Extent()
QUICK = Extent(
    rounds=1,
    seconds=1.0,
    connections=(1, 8),
    seen_seconds=3.0,
    watchers=200,
    crowd=2_000,
    crowd_seconds=3.0,
    page_entries=1_000,
    page_reads=100,
    large_board=20_000,
    large_reads=200,
    rebuild_sheets=10_000,
    growth=(100, 1_000, 10_000),
    growth_marks=50,
    agent_events=10_000,
)
