"""A bare FastAPI route that validates a sheet and commits it to SQLite (FULL) in groups.

python -m services.cli.bench.floors.bare_route PORT FILE
"""

import asyncio
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvicorn
import uvloop
from fastapi import FastAPI, Request, Response

from services.cli.server import config
from services.kit.settings import Settings, make_secret
from services.scoring.resources import SheetIn

_LARGEST = 256


class Store:
    """Rows of many requests in one durable commit."""

    def __init__(self, file: Path) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._waiting: list[tuple[str, bytes, asyncio.Future[None]]] = []
        self._running = False
        self._link = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL"):
            self._link.execute(statement)
        self._link.execute("CREATE TABLE sheets (id TEXT PRIMARY KEY, body BLOB NOT NULL)")

    async def add(self, id: str, body: bytes) -> None:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[None] = loop.create_future()
        self._waiting.append((id, body, future))
        if not self._running:
            self._running = True
            loop.call_soon(self._start)
        await future

    def _start(self) -> None:
        group, self._waiting = self._waiting[:_LARGEST], self._waiting[_LARGEST:]
        loop = asyncio.get_running_loop()
        work = loop.run_in_executor(self._thread, self._commit, [(id, body) for id, body, _ in group])
        work.add_done_callback(lambda done: self._finish(group, done))

    def _finish(
        self, group: list[tuple[str, bytes, asyncio.Future[None]]], done: asyncio.Future[None]
    ) -> None:
        done.result()
        for _, _, future in group:
            future.set_result(None)
        self._running = bool(self._waiting)
        if self._waiting:
            self._start()

    def _commit(self, rows: list[tuple[str, bytes]]) -> None:
        self._link.execute("BEGIN IMMEDIATE")
        self._link.executemany("INSERT OR REPLACE INTO sheets VALUES (?, ?)", rows)
        self._link.execute("COMMIT")


def create(file: Path) -> FastAPI:
    app = FastAPI()
    store = Store(file)

    @app.post("/sheets", status_code=201)
    async def take(request: Request) -> Response:
        body = await request.body()
        sheet = SheetIn.model_validate_json(body)
        await store.add(sheet.id, body)
        return Response(body, 201, media_type="application/json")

    return app


def main() -> None:
    port, file = int(sys.argv[1]), Path(sys.argv[2])
    settings = Settings(secret=make_secret(), port=port)
    uvloop.run(uvicorn.Server(config(create(file), settings)).serve())


if __name__ == "__main__":
    main()
