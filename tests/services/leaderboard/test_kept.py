import asyncio
import gzip
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest
from redis.exceptions import ConnectionError as RedisIsAway

from schemas.live import BoardHead
from services.leaderboard.kept import CONFLATED, Answer, Kept, Outage
from services.leaderboard.problems import NothingKept
from services.leaderboard.resources import BoardPage
from tests.streams.boards import board

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)


def page(cursor: str) -> BoardPage:
    head = BoardHead(board=board())
    return BoardPage(board="b1", view="public", cursor=cursor, head=head, total=0, offset=0, limit=50)


class Source:
    """Counts how often it was read; away while `away`."""

    def __init__(self) -> None:
        self.built = 0
        self.away = False

    async def build(self) -> BoardPage:
        await asyncio.sleep(0.01)
        if self.away:
            raise RedisIsAway
        self.built += 1
        return page(f"{self.built}-0")


def kept(most_bytes: int = 1 << 20) -> Kept:
    return Kept(Outage(lambda: NOW), most_bytes)


def run(work: Callable[[], Awaitable[None]]) -> None:
    async def main() -> None:
        await work()

    asyncio.run(main())


def test_thousands_who_ask_for_the_same_page_cost_one_build() -> None:
    source, answers = Source(), kept()

    async def work() -> None:
        found = await asyncio.gather(
            *(answers.get("b1", "public", "page", source.build) for _ in range(2000))
        )
        assert {answer.value.cursor for answer in found} == {"1-0"}

    run(work)

    assert source.built == 1


def test_change_costs_one_more_build_and_only_of_its_board() -> None:
    source, answers = Source(), kept()

    async def work() -> None:
        await answers.get("b1", "public", "page", source.build)
        await answers.get("b2", "public", "page", source.build)
        answers.changed("b1", "public")
        await asyncio.sleep(CONFLATED)
        for name in ("b1", "b2", "b1", "b2"):
            await answers.get(name, "public", "page", source.build)

    run(work)

    assert source.built == 3


def test_board_that_changes_all_the_time_is_built_at_most_once_in_a_while() -> None:
    source, answers = Source(), kept()

    async def work() -> None:
        for _ in range(100):
            answers.changed("b1", "public")
            await answers.get("b1", "public", "page", source.build)
            await asyncio.sleep(0.002)

    run(work)

    assert 2 <= source.built <= 15


def test_reader_who_leaves_does_not_take_the_build_away_from_others() -> None:
    source, answers = Source(), kept()

    async def work() -> None:
        first = asyncio.create_task(answers.get("b1", "public", "page", source.build))
        await asyncio.sleep(0)
        second = asyncio.create_task(answers.get("b1", "public", "page", source.build))
        await asyncio.sleep(0)
        first.cancel()
        assert (await second).value.cursor == "1-0"

    run(work)


def test_last_answer_is_given_with_the_time_since_when_it_may_be_out_of_date() -> None:
    source, answers = Source(), kept()

    async def work() -> None:
        live = await answers.get("b1", "public", "page", source.build)
        source.away = True
        answers.all_changed()
        stale = await answers.get("b1", "public", "page", source.build)

        assert stale.body == live.body.replace(
            b'"stale_since":null', b'"stale_since":"2026-05-01T08:00:00Z"', 1
        )
        assert stale.tag != live.tag

    run(work)


def test_what_was_never_built_is_refused_while_redis_is_away() -> None:
    source, answers = Source(), kept()
    source.away = True

    async def work() -> None:
        with pytest.raises(NothingKept):
            await answers.get("b1", "public", "page", source.build)

    run(work)


def test_least_wanted_answers_are_forgotten_first() -> None:
    source = Source()
    size = len(Answer(page("1-0"), 0, 0).body)
    answers = kept(most_bytes=2 * size)

    async def work() -> None:
        for what in ("one", "two", "one", "three", "one"):
            await answers.get("b1", "public", what, source.build)
        source.away = True
        answers.all_changed()
        assert (await answers.get("b1", "public", "one", source.build)).value.cursor == "1-0"
        with pytest.raises(NothingKept):
            await answers.get("b1", "public", "two", source.build)

    run(work)


def test_compressed_form_is_the_same_body() -> None:
    answer = Answer(page("1-0"), 0, 0)

    small = Answer({"stale_since": None}, 0, 0)

    assert answer.compressed is None or gzip.decompress(answer.compressed) == answer.body
    assert small.compressed is None
