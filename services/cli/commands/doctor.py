"""`leitai doctor`: what works, what does not, and the way out."""

import asyncio
import json
import platform
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from kafka.admin import KafkaAdminClient
from redis.asyncio import Redis

from schemas.live import BoardKeys
from schemas.topics import BOARD_TOPICS, Topic
from services.cli.local import data_option, installation
from services.kit import log
from services.kit.database import Database
from services.kit.migrations import is_current
from services.kit.settings import Settings


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    name: str
    ok: bool
    detail: str
    way_out: str = ""


@click.command(help="检查安装并给出办法 · Check the installation and say what to do")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@data_option
def command(as_json: bool, data: Path) -> None:
    """退出码：0 一切正常，1 有问题 · Exit code 0: all is well, 1: something is not."""
    settings = installation(data)
    database = Database(settings.database)
    try:
        found = [_python(), *asyncio.run(_look(settings, database))]
    finally:
        database.close()
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], ensure_ascii=False, indent=2))
    else:
        for each in found:
            click.echo(f"{'✓' if each.ok else '✗'} {each.name}: {each.detail}")
            if not each.ok:
                click.echo(f"    → {each.way_out}")
    raise SystemExit(0 if all(each.ok for each in found) else 1)


def _python() -> Finding:
    return Finding(
        "Python",
        sys.version_info >= (3, 11),
        platform.python_version(),
        "安装 Python 3.11 或更新 · install Python 3.11 or newer",
    )


async def _look(settings: Settings, database: Database) -> list[Finding]:
    redis = Redis.from_url(settings.redis_url)
    try:
        looks: list[tuple[str, Callable[[], Awaitable[Finding]], str]] = [
            (
                "数据库 database",
                lambda: _database(database),
                "检查 LEITAI_DATABASE_URL · check LEITAI_DATABASE_URL",
            ),
            (
                "Redis",
                lambda: _redis(redis),
                "启动 leitai up 或检查 LEITAI_REDIS_URL · run leitai up or check the URL",
            ),
            ("榜单 boards", lambda: _boards(database, redis), "leitai rebuild"),
        ]
        if settings.kafka_bootstrap:
            looks += [
                ("Kafka", lambda: _kafka(settings), "检查 LEITAI_KAFKA_BOOTSTRAP；leitai migrate 建立主题")
            ]
        return [await _tried(*look) for look in looks]
    finally:
        await redis.aclose()


async def _tried(name: str, look: Callable[[], Awaitable[Finding]], way_out: str) -> Finding:
    try:
        return await look()
    except Exception as error:  # a part that does not answer is the finding
        return Finding(name, False, f"{type(error).__name__}: {error}", way_out)


async def _database(database: Database) -> Finding:
    current = await asyncio.to_thread(is_current, database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return Finding(
        "数据库 database", current, f"{kind}, {'最新 current' if current else '旧表 old'}", "leitai migrate"
    )


async def _redis(redis: Redis) -> Finding:
    version = (await redis.info("server")).get("redis_version", "?")
    return Finding("Redis", True, f"protocol {version}")


async def _kafka(settings: Settings) -> Finding:
    def ask() -> set[str]:
        admin = KafkaAdminClient(bootstrap_servers=settings.kafka_bootstrap.split(","))
        try:
            return set(admin.list_topics())
        finally:
            admin.close()

    missing = {topic.named(settings.topic_prefix) for topic in Topic} - await asyncio.to_thread(ask)
    detail = "主题齐备 topics are there" if not missing else f"缺少 missing: {', '.join(sorted(missing))}"
    return Finding("Kafka", not missing, detail, "leitai migrate")


async def _boards(database: Database, redis: Redis) -> Finding:
    """Every board's position against the ledger's, and boards that were set aside."""
    with database.reading() as session:
        ledger = {board: log.positions(session, board) for board in log.boards(session)}
    bad = [
        problem for board, positions in ledger.items() if (problem := await _board(redis, board, positions))
    ]
    detail = "; ".join(bad) if bad else f"{len(ledger)} 个，与账本一致 · {len(ledger)}, all up to the ledger"
    return Finding("榜单 boards", not bad, detail, "leitai rebuild")


async def _board(redis: Redis, board: str, positions: dict[Topic, int]) -> str:
    generation = await redis.hget(BoardKeys.live(board), "jury")
    if generation is None:
        return f"{board}: 无榜 not built"
    meta = BoardKeys(board, "jury", int(generation)).of("meta")
    fields = ["aside", *(f"position:{topic.value}" for topic in BOARD_TOPICS)]
    aside, *live = await redis.hmget(meta, fields)
    if aside:
        return f"{board}: 搁置 set aside ({aside!r})"
    behind = {
        topic.value: positions.get(topic, 0) - int(at or 0)
        for topic, at in zip(BOARD_TOPICS, live, strict=True)
        if int(at or 0) < positions.get(topic, 0)
    }
    return f"{board}: 落后 behind by {behind}" if behind else ""
