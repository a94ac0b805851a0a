import asyncio
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from rules.text import Text
from schemas.events.scores import BoardFrozen
from schemas.topics import Topic
from services.kit import log, tables
from services.kit.clock import utc_now
from services.kit.database import Database
from services.kit.group_commit import GroupCommit
from services.kit.problems import Problem
from services.kit.session import WriteSession


class Refused(Problem):
    slug = "refused"
    title = Text("拒绝", "Refused")


class PoisonedError(Exception):
    pass


class Book:
    """Writes one event per command, refuses "no", fails on "poison", and notes the size of each group."""

    def __init__(self) -> None:
        self.groups: list[int] = []

    def __call__(self, session: WriteSession, commands: Sequence[str]) -> list[str | Problem]:
        self.groups.append(len(commands))
        return [self._one(session, command) for command in commands]

    def _one(self, session: WriteSession, command: str) -> str | Problem:
        if command == "poison":
            raise PoisonedError
        if command == "no":
            return Refused()
        fact = BoardFrozen(board="b", reason=command)
        log.append(session, fact, board="b", source="test", actor="", time=utc_now())
        return command


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/leitai.db")
    tables.METADATA.create_all(database.engine)
    yield database
    database.close()


def submit(database: Database, book: Book, commands: Sequence[str]) -> list[str | BaseException]:
    async def run() -> list[str | BaseException]:
        group = GroupCommit(database, book, largest=8)
        try:
            return await asyncio.gather(*(group(command) for command in commands), return_exceptions=True)
        finally:
            group.close()

    return asyncio.run(run())


def written(database: Database) -> int:
    with database.reading() as session:
        return log.positions(session, "b").get(Topic.SCORES, 0)


def test_concurrent_commands_share_transactions_and_get_their_own_answers(database: Database) -> None:
    book = Book()
    commands = [f"command {n}" for n in range(20)]

    answers = submit(database, book, commands)

    assert answers == commands
    assert book.groups == [8, 8, 4]
    assert written(database) == 20


def test_refusal_does_not_touch_the_others(database: Database) -> None:
    answers = submit(database, Book(), ["yes", "no", "also"])

    assert (answers[0], answers[2]) == ("yes", "also")
    assert isinstance(answers[1], Refused)
    assert written(database) == 2


def test_poisoned_command_fails_alone_and_nothing_is_written_twice(database: Database) -> None:
    answers = submit(database, Book(), ["one", "poison", "two"])

    assert (answers[0], answers[2]) == ("one", "two")
    assert isinstance(answers[1], PoisonedError)
    assert written(database) == 2


def test_who_comes_again_right_after_an_answer_shares_the_transaction_of_those_who_waited(
    database: Database,
) -> None:
    book, both_on_their_way = Book(), threading.Event()

    def handle(session: WriteSession, commands: Sequence[str]) -> list[str | Problem]:
        both_on_their_way.wait(30)
        return book(session, commands)

    async def run() -> list[str]:
        group = GroupCommit(database, handle)

        async def twice() -> str:
            await group("first")
            return await group("again")

        first = asyncio.create_task(twice())
        await asyncio.sleep(0)
        await asyncio.sleep(0)  # the first is in its transaction
        late = asyncio.create_task(group("late"))
        await asyncio.sleep(0)
        both_on_their_way.set()
        try:
            return [*await asyncio.gather(first, late)]
        finally:
            group.close()

    assert asyncio.run(run()) == ["again", "late"]
    assert book.groups == [1, 2]
