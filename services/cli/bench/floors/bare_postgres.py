"""A sheet, its number and its event in PostgreSQL, and nothing else: one transaction on each connection."""

import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import sql

_ROW = b"x" * 600


@contextmanager
def tables(url: str, boards: int) -> Iterator[str]:
    """A schema of its own with three tables, dropped in the end."""
    schema = f"bench_{secrets.token_hex(4)}"
    name = sql.Identifier(schema)
    with psycopg.connect(url, autocommit=True) as link:
        link.execute(sql.SQL("CREATE SCHEMA {}").format(name))
        try:
            for statement in (
                "CREATE TABLE {}.sheets (id text PRIMARY KEY, board int NOT NULL, body bytea NOT NULL)",
                "CREATE TABLE {}.sequences (board int PRIMARY KEY, value bigint NOT NULL)",
                "CREATE TABLE {}.outbox (board int, sequence bigint, body bytea NOT NULL,"
                " PRIMARY KEY (board, sequence))",
                f"INSERT INTO {{}}.sequences SELECT n, 0 FROM generate_series(0, {boards - 1}) n",  # noqa: S608
            ):
                link.execute(sql.SQL(statement).format(name))
            yield schema
        finally:
            link.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(name))


def rate(url: str, schema: str, connections: int, boards: int, seconds: float) -> float:
    """Transactions a second; connection `n` writes on board `n % boards`."""
    counts = [0] * connections
    end = time.perf_counter() + seconds
    threads = [
        threading.Thread(target=_write, args=(url, schema, number, number % boards, end, counts))
        for number in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / seconds


def _write(url: str, schema: str, number: int, board: int, end: float, counts: list[int]) -> None:  # noqa: PLR0917
    with psycopg.connect(url, options=f"-c search_path={schema}") as link:
        while time.perf_counter() < end:
            with link.transaction():
                link.execute("INSERT INTO sheets VALUES (%s, %s, %s)", (secrets.token_hex(16), board, _ROW))
                taken = link.execute(
                    "UPDATE sequences SET value = value + 1 WHERE board = %s RETURNING value", (board,)
                ).fetchone()
                assert taken is not None
                link.execute("INSERT INTO outbox VALUES (%s, %s, %s)", (board, taken[0], _ROW))
            counts[number] += 1
