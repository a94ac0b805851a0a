"""Rows `seen` and `crowd`: from the POST of a sheet to the socket of every watcher."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from services.cli.bench.contest import Contest, enter, sign_in
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle
from services.cli.bench.processes import allow_many_files
from services.cli.bench.stage import embedded, floor, folder, local, wait_for_board
from services.cli.bench.watch import Flow, Seen, Stand, crowd
from services.kit.database import Database

RATE = 20.0
CROWD_RATE = 5.0
_FLOOR = "bare ASGI, one shared frame"


def measure(extent: Extent) -> Iterator[Figure]:
    """By one watcher and by each of many, embedded."""
    contest = Contest("seen", round(RATE * extent.seen_seconds) + 20, extent.rounds)
    with _stands(contest, extent) as (ours, bare, tokens):
        for base, (watchers, target) in enumerate(((1, 15.0), (extent.watchers, 28.0))):
            flows = [
                Flow(contest, judge, token, RATE, extent.seen_seconds, base)
                for judge, token in enumerate(tokens)
            ]
            seen, floors = look(extent, ours, bare, flows, watchers)
            yield figure("seen", watchers, seen, floors, target, _FLOOR)


def crowds(extent: Extent) -> Iterator[Figure]:
    """Very many watchers of one board at five changes a second."""
    allow_many_files()
    contest = Contest("crowd", round(CROWD_RATE * extent.crowd_seconds) + 10, extent.rounds)
    with _stands(contest, extent) as (ours, bare, tokens):
        flows = [
            Flow(contest, judge, token, CROWD_RATE, extent.crowd_seconds)
            for judge, token in enumerate(tokens)
        ]
        seen, floors = look(extent, ours, bare, flows, extent.crowd)
    yield figure("crowd", extent.crowd, seen, floors, 300.0, _FLOOR)
    yield Figure(
        "crowd",
        f"processor time a delivery, {extent.crowd:,} watchers",
        "µs",
        middle([each.cpu_us for each in seen]),
        middle([each.cpu_us for each in floors]),
        _FLOOR,
        "at most",
        8.0,
        note="the whole platform's, with judging and folding",
    )
    yield Figure(
        "crowd",
        "watchers dropped, deliveries lost",
        "",
        max(each.closed + each.lost for each in seen),
        max(each.closed + each.lost for each in floors),
        _FLOOR,
        "at most",
        0.0,
    )


def look(
    extent: Extent, ours: Stand, bare: Stand, flows: Sequence[Flow], watchers: int
) -> tuple[list[Seen], list[Seen]]:
    """Ours and the floor, in turns, each flow through both."""
    seen, floors = [], []
    extent.say(f"{watchers:,} watchers come")
    with crowd(bare, watchers) as of_floor, crowd(ours, watchers) as of_ours:
        for turn in extent.turns(f"{watchers:,} watchers"):
            floors.append(of_floor.see(flows[turn]))
            seen.append(of_ours.see(flows[turn]))
    return seen, floors


def figure(  # noqa: PLR0917 (two runs and what they are called)
    row: str, watchers: int, seen: list[Seen], floors: list[Seen], target: float, floor_is: str
) -> Figure:
    """The 99th percentile of the delays, in milliseconds."""
    who = "1 watcher" if watchers == 1 else f"each of {watchers:,} watchers"
    return Figure(
        row,
        f"POST → seen by {who}, p99",
        "ms",
        middle([each.p(0.99) for each in seen]),
        middle([each.p(0.99) for each in floors]),
        floor_is,
        "at most",
        target,
        note=f"p50 {middle([each.p(0.5) for each in seen]):.1f} ms; lost {sum(each.lost for each in seen)}",
    )


@contextmanager
def _stands(contest: Contest, extent: Extent) -> Iterator[tuple[Stand, Stand, list[str]]]:
    """The platform with this board, the bare feed, and a token of a judge for every round."""
    tokens: list[str] = []
    extent.say("the platform starts")

    def fill(database: Database) -> None:
        enter(database, contest)
        tokens.extend(sign_in(database, contest))

    feed = f"/api/leaderboard/boards/{contest.id}/feed"
    with folder() as data, embedded(data, fill) as ours, floor("bare_feed", data) as bare:
        wait_for_board(local(ours), contest)
        yield (
            Stand(ours.port, "/api/scoring/sheets", ours.port, feed, ours),
            Stand(bare.port, "/sheets", bare.port, "/feed", bare),
            tokens,
        )
