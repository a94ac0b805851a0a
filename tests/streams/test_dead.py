import asyncio

import pytest

from streams.dead import DeadLetters, Headers, TooManyDead


class Grave:
    def __init__(self) -> None:
        self.letters: list[tuple[bytes, bytes, Headers]] = []

    async def send(self, key: bytes, value: bytes, headers: Headers) -> None:
        self.letters.append((key, value, headers))


def bury(dead: DeadLetters, times: int, well_between: int = 0) -> None:
    async def run() -> None:
        for _ in range(times):
            await dead.bury_message(b"b1", b"?", {"ce_id": b"x"}, "no event")
            for _ in range(well_between):
                dead.one_was_well()

    asyncio.run(run())


def test_unreadable_message_is_buried_as_it_came_with_the_reason() -> None:
    grave = Grave()

    bury(DeadLetters(grave.send), 1)

    assert grave.letters == [(b"b1", b"?", [("ce_id", b"x"), ("leitai_reason", b"no event")])]


def test_run_of_unreadable_messages_stops_the_reader() -> None:
    grave = Grave()

    with pytest.raises(TooManyDead):
        bury(DeadLetters(grave.send), 21)

    assert len(grave.letters) == 20


def test_ratio_of_unreadable_messages_stops_the_reader() -> None:
    with pytest.raises(TooManyDead):
        bury(DeadLetters(Grave().send), 60, well_between=5)


def test_few_unreadable_messages_among_many_go_on_for_ever() -> None:
    grave = Grave()

    bury(DeadLetters(grave.send), 200, well_between=50)

    assert len(grave.letters) == 200
