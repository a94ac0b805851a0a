"""Rows `cluster-sheets` and `cluster-seen`: a running topology, named by the settings and two addresses."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from kafka.admin import KafkaAdminClient, NewTopic

from services.cli.bench.contest import Contest, enter, fresh, sign_in
from services.cli.bench.extent import Extent
from services.cli.bench.figures import Figure, middle
from services.cli.bench.floors import bare_postgres
from services.cli.bench.processes import BenchFailed, elsewhere
from services.cli.bench.requests import Tablet
from services.cli.bench.seen import RATE, figure, look
from services.cli.bench.sheets import BOARDS, JUDGES, PATH, send, warm_up
from services.cli.bench.stage import floor, folder, wait_for_board
from services.cli.bench.watch import Flow, Stand
from services.kit.database import Database
from services.kit.settings import Settings

_SHARE = 0.25
_ENTRIES = 1_000


@dataclass(frozen=True)
class Cluster:
    """Where it is: its settings (the database as its owner, who may make tables), and its services."""

    settings: Settings
    scoring: str
    leaderboard: str


def sheets(extent: Extent, cluster: Cluster) -> Iterator[Figure]:
    """Sheets over HTTP, beside PostgreSQL alone, in turns."""
    extent.say("boards are entered")
    contests = [Contest(fresh("sheets"), _ENTRIES, JUDGES) for _ in range(BOARDS)]
    tablets = [
        Tablet(contest, judge, token)
        for contest in contests
        for judge, token in enumerate(_entered(cluster, contest))
    ]
    # One tablet of each board first: few connections then use all boards, as the floor does.
    tablets.sort(key=lambda tablet: tablet.judge)
    url = _plain(cluster.settings.database)
    port = _port(cluster.scoring)
    warm_up(port, tablets)
    with bare_postgres.tables(url, BOARDS) as schema:
        for connections in extent.connections:
            using = tablets[:connections]
            ours, floors = [], []
            for _ in extent.turns(f"{connections} connections"):
                floors.append(elsewhere(bare_postgres.rate, url, schema, connections, BOARDS, extent.seconds))
                load = send(port, PATH, using, extent.seconds)
                ours.append(load.rate)
            yield Figure(
                "cluster-sheets",
                f"cluster, {connections} connection{'s' if connections > 1 else ''}",
                "sheets/s",
                middle(ours),
                middle(floors),
                "PostgreSQL: sheet, number, event",
                "at least",
                _SHARE,
                ratio=True,
                note=f"p99 {load.p(0.99):.1f} ms",
            )


def seen(extent: Extent, cluster: Cluster) -> Iterator[Figure]:
    """From the POST through Kafka to the sockets of watchers."""
    contest = Contest(fresh("seen"), round(RATE * extent.seen_seconds) + 20, extent.rounds)
    extent.say("a board is entered")
    tokens = _entered(cluster, contest)
    topic, bootstrap = f"{contest.id}.floor", cluster.settings.kafka_bootstrap
    _make_topic(bootstrap, topic)
    with folder() as data, floor("bare_hop", data, bootstrap, topic) as bare:
        feed = f"/api/leaderboard/boards/{contest.id}/feed"
        ours = Stand(_port(cluster.scoring), PATH, _port(cluster.leaderboard), feed, None)
        least = Stand(bare.port, "/sheets", bare.port, "/feed", None)
        for base, (watchers, target) in enumerate(((1, 80.0), (extent.watchers, 120.0))):
            flows = [
                Flow(contest, judge, token, RATE, extent.seen_seconds, base)
                for judge, token in enumerate(tokens)
            ]
            found, floors = look(extent, ours, least, flows, watchers)
            yield figure("cluster-seen", watchers, found, floors, target, "bare ASGI behind Kafka")


def _make_topic(bootstrap: str, topic: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=bootstrap.split(","), client_id="leitai-bench")
    try:
        admin.create_topics([NewTopic(topic, 1, 1)])
    finally:
        admin.close()


def _entered(cluster: Cluster, contest: Contest) -> list[str]:
    database = Database(cluster.settings.database)
    try:
        enter(database, contest)
        tokens = sign_in(database, contest)
    finally:
        database.close()
    wait_for_board(cluster.leaderboard, contest)
    return tokens


def _port(url: str) -> int:
    """Of an address of this machine: load goes nowhere else."""
    parts = urlsplit(url)
    if parts.hostname not in ("127.0.0.1", "localhost") or parts.port is None:
        raise BenchFailed(
            f"{url}: give http://127.0.0.1:PORT; the load generators speak to this machine only"
        )
    return parts.port


def _plain(url: str) -> str:
    if not url.startswith("postgresql"):
        raise BenchFailed("the cluster rows need LEITAI_DATABASE_URL of PostgreSQL, as its owner")
    return url.replace("+psycopg", "")
