"""The stage over a real server: who feeds on what, and who the earners are."""

from decimal import Decimal

from schemas.events import registrations, scores
from schemas.events.contributions import ContributionEarned
from schemas.objects import Feed
from streams.contributions.stage import Contributions
from streams.events import Event, unpack
from streams.leaderboard.rebuild import rebuild
from tests.streams import boards
from tests.streams.boards import History
from tests.streams.stage import Stage, staged

FEED = Feed(id="f1", cause="place", aspect="contests", points={"1": Decimal(5)}, source="b1")


class Told:
    def __init__(self, stage: Stage) -> None:
        self.facts: list[ContributionEarned] = []
        self.contributions = Contributions(stage.redis, stage.log.fetch, self._tell)

    async def opened(self, *feeds: Feed) -> None:
        fact = registrations.BoardOpened(board=boards.board("c9", kind="campaign", feeds=feeds))
        await self.contributions.take("c9", [unpack(boards.envelope_of(fact, "c9", 1), fact.topic)])

    async def of(self, stage: Stage) -> list[tuple[str, Decimal]]:
        """What the events since the last time earned, by earner's name."""
        self.facts.clear()
        await self.contributions.take("b1", await stage.tell())
        return [(fact.earner_name, fact.points) for fact in self.facts]

    async def _tell(self, event: Event) -> None:
        assert isinstance(event.fact, ContributionEarned)
        self.facts.append(event.fact)


def published(**places: int) -> scores.ResultsPublished:
    return scores.ResultsPublished(board="b1", places=places)


@staged
async def test_published_places_are_told_to_the_campaigns_that_feed_on_the_board(stage: Stage) -> None:
    told = Told(stage)
    await told.opened(FEED)
    stage.history.add(published(e1=1, e2=2))

    assert await told.of(stage) == [("选手e1", Decimal(5))]
    assert told.facts[0].unit == boards.UNIT


@staged
async def test_campaign_that_opens_after_the_results_gets_what_they_earned(stage: Stage) -> None:
    told = Told(stage)
    stage.history.add(published(e1=1, e2=2))
    before = await told.of(stage)

    await told.opened(FEED)

    assert before == []
    assert [(fact.earner_name, fact.points) for fact in told.facts] == [("选手e1", Decimal(5))]


@staged
async def test_feed_that_was_removed_is_told_nothing(stage: Stage) -> None:
    told = Told(stage)
    await told.opened(FEED)
    await told.opened()
    stage.history.add(published(e1=1))

    assert await told.of(stage) == []


@staged
async def test_later_publication_takes_back_what_the_log_says_was_earned(stage: Stage) -> None:
    told = Told(stage)
    await told.opened(FEED)
    stage.history.add(published(e1=1))
    await told.of(stage)
    stage.history.add(published(e2=1))

    assert await told.of(stage) == [("选手e1", Decimal(0)), ("选手e2", Decimal(5))]


@staged
async def test_withdrawal_is_told_once_not_again_by_what_follows(stage: Stage) -> None:
    told = Told(stage)
    await told.opened(FEED)
    stage.history.add(published(e1=1))
    await told.of(stage)
    stage.history.add(scores.ResultsWithdrawn(board="b1"))

    assert await told.of(stage) == [("选手e1", Decimal(0))]

    stage.history.add(published(e2=1))
    assert await told.of(stage) == [("选手e2", Decimal(5))]


@staged
async def test_earner_whom_redis_does_not_know_yet_is_found_in_the_log(stage: Stage) -> None:
    told = Told(stage)
    await told.opened(FEED)
    keys = await stage.jury.keys()
    await stage.redis.hdel(keys.of("entries"), "e1")
    stage.history.add(published(e1=1))

    assert await told.of(stage) == [("选手e1", Decimal(5))]


@staged
async def test_rebuild_of_a_campaign_board_notes_its_feeds_again(stage: Stage) -> None:
    campaign = History("c9")
    campaign.open(kind="campaign", feeds=(FEED,))
    told = Told(stage)

    await rebuild(stage.redis, "c9", "jury", campaign.fetch)

    stage.history.add(published(e1=1))
    assert await told.of(stage) == [("选手e1", Decimal(5))]
