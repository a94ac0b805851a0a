"""The sweep: boards that no event will bring up any more come up by themselves, others are left alone."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from schemas.events import registrations, scores
from schemas.registry import Fact
from services.kit.database import Database
from streams.events import Event
from streams.log import LogReader
from streams.pipeline import Pipeline
from streams.sweep import Sweep
from tests.streams import boards
from tests.streams.conftest import Connect
from tests.streams.hosts import append, make_tables
from tests.streams.live import LiveBoard


class Scene:
    """A log, an empty Redis, and a worker's pipeline with its sweep."""

    def __init__(self, redis: Any, database: Database, mine: Callable[[str], bool]) -> None:
        self.redis, self.database = redis, database
        reader = LogReader(database)
        self.told: list[Event] = []
        self.pipeline = Pipeline(redis, reader, _bury)
        self.sweep = Sweep(redis, reader, self._take, lambda some: _those(some, mine))

    async def _take(self, board: str, events: Sequence[Event]) -> None:
        self.told += events
        await self.pipeline.retake(board, events)

    async def places(self, board: str = "b1") -> dict[str, int | None]:
        return await LiveBoard(self.redis, board, "public").places()


def _those(some: Iterable[str], mine: Callable[[str], bool]) -> list[str]:
    return [board for board in some if mine(board)]


async def _bury(event: Event, reason: str) -> None:
    raise AssertionError(f"{event.envelope.id}: {reason}")


def staged(
    connect: Connect, folder: Path, play: Callable[[Scene], Awaitable[None]], mine: Callable[[str], bool]
) -> None:
    async def run() -> None:
        database = Database(f"sqlite:///{folder / 'leitai.db'}")
        make_tables(database)
        try:
            async with connect() as redis:
                await play(Scene(redis, database, mine))
        finally:
            database.close()

    asyncio.run(run())


def opened(board: str = "b1") -> list[Fact]:
    entries = [registrations.EntryRegistered(entry=boards.entry(f"e{i}", board=board)) for i in range(1, 4)]
    scheme = msgspec.structs.replace(boards.scheme(), board=board)
    return [
        registrations.BoardOpened(board=boards.board(board)),
        scores.SchemePublished(scheme=scheme),
        *entries,
    ]


def marked(entry: str, theory: int, board: str = "b1") -> Fact:
    sheet = boards.sheet(entry, "ja", 1, theory=theory, skill=70)
    return scores.SheetSubmitted(sheet=msgspec.structs.replace(sheet, board=board))


def test_board_that_redis_does_not_have_is_there_after_the_first_look(
    connect: Connect, tmp_path: Path
) -> None:
    async def play(scene: Scene) -> None:
        append(scene.database, "b1", *opened(), marked("e1", 80), marked("e2", 90))

        assert await scene.sweep.once() == 1
        assert await scene.places() == {"e2": 1, "e1": 2, "e3": None}

    staged(connect, tmp_path, play, lambda _: True)


def test_boards_that_redis_lost_come_back_without_an_event(connect: Connect, tmp_path: Path) -> None:
    async def play(scene: Scene) -> None:
        append(scene.database, "b1", *opened(), marked("e1", 80))
        await scene.sweep.once()
        await scene.redis.flushdb()

        assert await scene.sweep.once() == 1
        assert await scene.places() == {"e1": 1, "e2": None, "e3": None}

    staged(connect, tmp_path, play, lambda _: True)


def test_board_that_is_behind_is_given_time_and_then_brought_up(connect: Connect, tmp_path: Path) -> None:
    async def play(scene: Scene) -> None:
        append(scene.database, "b1", *opened(), marked("e1", 80))
        await scene.sweep.once()
        append(scene.database, "b1", marked("e2", 90), marked("e3", 85))
        scene.told.clear()

        assert await scene.sweep.once() == 0
        assert await scene.sweep.once() == 1
        assert await scene.places() == {"e2": 1, "e3": 2, "e1": 3}
        assert [event.sequence for event in scene.told] == [3, 4]

    staged(connect, tmp_path, play, lambda _: True)


def test_board_that_moves_is_left_to_its_events(connect: Connect, tmp_path: Path) -> None:
    async def play(scene: Scene) -> None:
        append(scene.database, "b1", *opened(), marked("e1", 80))
        await scene.sweep.once()
        for entry in ("e2", "e3"):
            append(scene.database, "b1", marked(entry, 90))
            assert await scene.sweep.once() == 0
            reader = LogReader(scene.database)
            await scene.pipeline.take("b1", await reader("b1", scores.SheetSubmitted.topic, 1))

        assert await scene.sweep.once() == 0

    staged(connect, tmp_path, play, lambda _: True)


def test_boards_of_others_are_left_alone(connect: Connect, tmp_path: Path) -> None:
    async def play(scene: Scene) -> None:
        for board in ("b1", "b2"):
            append(scene.database, board, *opened(board), marked("e1", 80, board))

        assert await scene.sweep.once() == 1
        assert await scene.places("b1") == {}
        assert await scene.places("b2") == {"e1": 1, "e2": None, "e3": None}

    staged(connect, tmp_path, play, lambda board: board == "b2")


def test_board_that_was_set_aside_is_not_told_again(connect: Connect, tmp_path: Path) -> None:
    async def play(scene: Scene) -> None:
        append(scene.database, "b1", *opened(), marked("e1", 80))
        await scene.sweep.once()
        keys = await LiveBoard(scene.redis, "b1", "jury").keys()
        await scene.redis.hset(keys.of("meta"), "aside", "because")
        append(scene.database, "b1", marked("e2", 90))

        assert [await scene.sweep.once() for _ in range(3)] == [0, 0, 0]

    staged(connect, tmp_path, play, lambda _: True)
