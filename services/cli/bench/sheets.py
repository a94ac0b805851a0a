"""Row `sheets`: sheets of ten marks over HTTP, authorised, validated, durable, sequenced."""

from collections.abc import Iterator

from services.cli.bench.contest import Contest, enter, sign_in
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle
from services.cli.bench.processes import BenchFailed, Server, elsewhere
from services.cli.bench.requests import Load, Tablet, run
from services.cli.bench.stage import embedded, floor, folder, local, wait_for_board
from services.kit.database import Database

PATH = "/api/scoring/sheets"
BOARDS, JUDGES, ENTRIES = 8, 8, 2_500
EMBEDDED_SHARE = 0.4
WARM_SECONDS = 0.5
_MOST_A_SECOND = 4_000
"""So many sheets are written before the clock starts: their making must not take from the server."""


def measure(extent: Extent) -> Iterator[Figure]:
    """Our rate beside that of a bare route, in turns."""
    contests = tuple(Contest(f"sheets-{n}", ENTRIES, JUDGES) for n in range(BOARDS))
    tablets: list[Tablet] = []

    def fill(database: Database) -> None:
        for contest in contests:
            enter(database, contest)
            tokens = sign_in(database, contest)
            tablets.extend(Tablet(contest, judge, token) for judge, token in enumerate(tokens))

    extent.say("boards are entered, the platform starts")
    with (
        folder() as data,
        embedded(data, fill) as ours,
        floor("bare_route", data, str(data / "bare.db")) as bare,
    ):
        for contest in contests:
            wait_for_board(local(ours), contest)
        warm_up(ours.port, tablets)
        for connections in extent.connections:
            yield compare(extent, tablets[:connections], bare, ours)


def compare(extent: Extent, tablets: list[Tablet], bare: Server, ours: Server) -> Figure:
    """As many rounds as asked for, the floor and ours in turns."""
    loads: list[Load] = []
    floors: list[Load] = []
    costs: list[tuple[float, float]] = []
    for _ in extent.turns(f"{len(tablets)} connections"):
        before = bare.cpu_seconds(), ours.cpu_seconds()
        floors.append(send(bare.port, "/sheets", tablets, extent.seconds))
        loads.append(send(ours.port, PATH, tablets, extent.seconds))
        costs.append(
            (
                (bare.cpu_seconds() - before[0]) / len(floors[-1].took),
                (ours.cpu_seconds() - before[1]) / len(loads[-1].took),
            )
        )
    floor_cpu, our_cpu = (middle(each) * 1e6 for each in zip(*costs, strict=True))
    p99 = middle([load.p(0.99) for load in loads])
    return Figure(
        "sheets",
        f"{len(tablets)} connection{'s' if len(tablets) > 1 else ''}",
        "sheets/s",
        middle([load.rate for load in loads]),
        middle([load.rate for load in floors]),
        "bare route, SQLite FULL, grouped",
        "at least",
        EMBEDDED_SHARE,
        ratio=True,
        note=f"p99 {p99:.1f} ms; CPU a sheet {our_cpu:.0f} µs with folding, floor {floor_cpu:.0f}",
    )


def send(port: int, path: str, tablets: list[Tablet], seconds: float) -> Load:
    """A load from another process; the tablets go on where they stood. Raises BenchFailed at a refusal."""
    load, sent = elsewhere(_send, port, path, tablets, seconds)
    if load.failures:
        raise BenchFailed(f"{load.failures} sheets refused, the first one:\n{load.first_failure}")
    if path == PATH:
        for tablet, count in zip(tablets, sent, strict=True):
            tablet.sent = count
    return load


def warm_up(port: int, tablets: list[Tablet]) -> None:
    """Let the service meet its boards before anything is timed."""
    send(port, PATH, tablets, WARM_SECONDS)


def _send(port: int, path: str, tablets: list[Tablet], seconds: float) -> tuple[Load, list[int]]:
    load = run(port, [tablet.draw(path, _ready(tablets, seconds)) for tablet in tablets], seconds)
    return load, [tablet.sent for tablet in tablets]


def _ready(tablets: list[Tablet], seconds: float) -> int:
    return round(_MOST_A_SECOND * seconds / len(tablets))
