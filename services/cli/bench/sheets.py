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


def measure(extent: Extent) -> Iterator[Figure]:
    """Our rate beside that of a bare route, in turns."""
    contests = tuple(Contest(f"sheets-{n}", ENTRIES, JUDGES) for n in range(BOARDS))
    tablets: list[Tablet] = []

    def fill(database: Database) -> None:
        for contest in contests:
            enter(database, contest)
            tokens = sign_in(database, contest)
            tablets.extend(Tablet(contest, judge, token) for judge, token in enumerate(tokens))

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
    rates: list[float] = []
    floors: list[float] = []
    costs: list[tuple[float, float]] = []
    for _ in range(extent.rounds):
        before = bare.cpu_seconds(), ours.cpu_seconds()
        least, _ = send(bare.port, "/sheets", tablets, extent.seconds)
        load, sent = send(ours.port, PATH, tablets, extent.seconds)
        for tablet, count in zip(tablets, sent, strict=True):
            tablet.sent = count
        rates.append(load.rate)
        floors.append(least.rate)
        costs.append(
            (
                (bare.cpu_seconds() - before[0]) / len(least.took),
                (ours.cpu_seconds() - before[1]) / len(load.took),
            )
        )
    floor_cpu, our_cpu = (middle(each) * 1e6 for each in zip(*costs, strict=True))
    return Figure(
        "sheets",
        f"{len(tablets)} connection{'s' if len(tablets) > 1 else ''}",
        "sheets/s",
        middle(rates),
        middle(floors),
        "bare route, SQLite FULL, grouped",
        "at least",
        EMBEDDED_SHARE,
        ratio=True,
        note=f"p99 {load.p(0.99):.1f} ms; CPU a sheet {our_cpu:.0f} µs with folding, floor {floor_cpu:.0f}",
    )


def send(port: int, path: str, tablets: list[Tablet], seconds: float) -> tuple[Load, list[int]]:
    """A load from a process of its own, and where each tablet stands. Raises BenchFailed at a refusal."""
    load, sent = elsewhere(_send, port, path, tablets, seconds)
    if load.failures:
        raise BenchFailed(f"{load.failures} sheets refused, the first one:\n{load.first_failure}")
    return load, sent


def warm_up(port: int, tablets: list[Tablet]) -> None:
    """Let the service meet its boards before anything is timed."""
    _, sent = send(port, PATH, tablets, WARM_SECONDS)
    for tablet, count in zip(tablets, sent, strict=True):
        tablet.sent = count


def _send(port: int, path: str, tablets: list[Tablet], seconds: float) -> tuple[Load, list[int]]:
    load = run(port, [tablet.draw(path) for tablet in tablets], seconds)
    return load, [tablet.sent for tablet in tablets]
