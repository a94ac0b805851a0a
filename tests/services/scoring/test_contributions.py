"""Points earned elsewhere: one sheet for each cause, the last telling holds, nothing is lost."""

from decimal import Decimal
from typing import Any

import pytest

from rules.text import Text
from schemas.events.contributions import ContributionEarned
from schemas.events.registrations import BoardOpened, EntryRegistered, EntryWithdrawn
from schemas.events.scores import ContributionEntered
from schemas.objects import Feed, UnitRef
from services.scoring.consumer import enter_contribution, retry_waiting
from services.scoring.domain.contributions import under_cap
from tests.services.scoring.contest import Contest, a_board, an_entry

CAMPAIGN = "pioneer"
TEAM = UnitRef(id="t-1", name="焊工班", path="/44/u-1/t-1/")
UNION = UnitRef(id="u-1", name="工会", path="/44/u-1/")
SCHEME: dict[str, Any] = {
    "id": "pioneer",
    "root": {
        "kind": "group",
        "children": [{"kind": "bonus", "id": "honours", "panel": {"function": "sum"}}],
    },
}


def earned(id: str = "c-1", telling: int = 1, points: str = "10", **changes: Any) -> ContributionEarned:
    fields: dict[str, Any] = {
        "board": CAMPAIGN,
        "feed": "places",
        "aspect": "honours",
        "earner": "e-1",
        "earner_name": "王芳",
        "unit": TEAM,
        "cause_board": "weld",
        "cause_event": "event-1",
        "text": Text("第 1 名", "place 1"),
    }
    return ContributionEarned(id=id, telling=telling, points=Decimal(points), **fields | changes)


@pytest.fixture
def campaign(contest: Contest) -> Contest:
    """A campaign board that a union stands on; its feed gives at most 25 points."""
    feed = Feed(id="places", cause="place", aspect="honours", points={"1": Decimal(10)}, cap=Decimal(25))
    contest.tell(BoardOpened(board=a_board(id=CAMPAIGN, kind="campaign", feeds=(feed,))), board=CAMPAIGN)
    contest.put(f"/boards/{CAMPAIGN}/scheme", {"data": SCHEME})
    return contest


def stand(contest: Contest, id: str, unit: UnitRef, **changes: Any) -> None:
    entry = an_entry(id, CAMPAIGN, kind="unit", unit=unit, **changes)
    contest.tell(EntryRegistered(entry=entry), board=CAMPAIGN)


def enter(contest: Contest, *facts: ContributionEarned) -> None:
    for fact in facts:
        with contest.runtime.database.transaction() as session:
            enter_contribution(session, fact, contest.runtime.clock)


def sheets(contest: Contest) -> list[tuple[str, str, str, bool]]:
    """Entry, cause, points and whether void, of every fact about contributions."""
    facts = [fact for fact in contest.facts(CAMPAIGN) if isinstance(fact, ContributionEntered)]
    return [
        (fact.sheet.entry, fact.sheet.id, str(fact.sheet.marks["honours"]), fact.sheet.voided)
        for fact in facts
    ]


def test_points_go_to_the_nearest_candidate_above_the_earner(campaign: Contest) -> None:
    stand(campaign, "far", UnitRef(id="44", name="省", path="/44/"))
    stand(campaign, "near", UNION)
    stand(campaign, "beside", UnitRef(id="u-2", name="另一工会", path="/44/u-2/"))

    enter(campaign, earned())

    assert sheets(campaign) == [("near", "c-1", "10", False)]


def test_contribution_told_twice_is_entered_once(campaign: Contest) -> None:
    stand(campaign, "near", UNION)

    enter(campaign, earned(), earned(), earned())

    assert sheets(campaign) == [("near", "c-1", "10", False)]


def test_later_telling_replaces_and_an_earlier_one_that_comes_late_does_nothing(campaign: Contest) -> None:
    stand(campaign, "near", UNION)

    enter(campaign, earned(telling=1), earned(telling=5, points="6"), earned(telling=3, points="8"))
    enter(campaign, earned(telling=7, points="0"))

    assert sheets(campaign) == [
        ("near", "c-1", "10", False),
        ("near", "c-1", "6", False),
        ("near", "c-1", "0", True),
    ]


def test_contribution_without_a_candidate_waits_for_one(campaign: Contest) -> None:
    seen: dict[str, Any] = {}
    enter(campaign, earned())
    retry_waiting(campaign.runtime, seen)
    before = sheets(campaign)

    stand(campaign, "near", UNION)
    retry_waiting(campaign.runtime, seen)
    retry_waiting(campaign.runtime, seen)

    assert before == []
    assert sheets(campaign) == [("near", "c-1", "10", False)]


def test_withdrawn_candidate_gets_nothing(campaign: Contest) -> None:
    stand(campaign, "gone", UNION)
    entry = an_entry("gone", CAMPAIGN, kind="unit", unit=UNION, status="withdrawn")
    campaign.tell(EntryWithdrawn(entry=entry), board=CAMPAIGN)

    enter(campaign, earned())

    assert sheets(campaign) == []


def test_board_that_is_not_known_yet_keeps_its_contributions(contest: Contest) -> None:
    enter(contest, earned())
    seen: dict[str, Any] = {}
    retry_waiting(contest.runtime, seen)

    contest.tell(BoardOpened(board=a_board(id=CAMPAIGN, kind="campaign")), board=CAMPAIGN)
    stand(contest, "near", UNION)
    retry_waiting(contest.runtime, seen)

    assert sheets(contest) == [("near", "c-1", "10", False)]


def test_published_board_takes_contributions_when_its_results_are_withdrawn(campaign: Contest) -> None:
    stand(campaign, "near", UNION)
    campaign.do("publish", board=CAMPAIGN, by=campaign.organiser())
    seen: dict[str, Any] = {}
    enter(campaign, earned())
    retry_waiting(campaign.runtime, seen)
    while_published = sheets(campaign)

    campaign.do("withdraw-results", {"reason": "补录"}, board=CAMPAIGN, by=campaign.organiser())
    retry_waiting(campaign.runtime, seen)

    assert while_published == []
    assert sheets(campaign) == [("near", "c-1", "10", False)]


def test_cap_of_a_feed_holds_whatever_the_order_and_gives_way_again(campaign: Contest) -> None:
    stand(campaign, "near", UNION)

    enter(campaign, earned("c-3"), earned("c-1"), earned("c-2"))
    capped = standing(campaign)
    enter(campaign, earned("c-1", telling=2, points="0"))

    assert capped == {"c-1": "10", "c-2": "10", "c-3": "5"}
    assert standing(campaign) == {"c-1": "0", "c-2": "10", "c-3": "10"}


def test_contributions_count_on_the_board(campaign: Contest) -> None:
    stand(campaign, "near", UNION, number=1)
    stand(campaign, "other", UnitRef(id="u-2", name="另一工会", path="/44/u-2/"), number=2)
    enter(campaign, earned("c-1", points="3"), earned("c-2", points="4"))
    enter(campaign, earned("c-3", points="6", unit=UnitRef(id="u-2", name="另一工会", path="/44/u-2/")))

    answer = campaign.do("publish", board=CAMPAIGN, by=campaign.organiser())

    assert answer.json()["places"] == {"near": 1, "other": 2}


@pytest.mark.parametrize(
    ("cap", "earned_points", "expected"),
    [
        (None, {"a": 5, "b": 9}, {"a": 5, "b": 9}),
        (10, {"a": 5, "b": 9}, {"a": 5, "b": 5}),
        (4, {"a": 5, "b": 9}, {"a": 4, "b": 0}),
        (4, {"a": -3, "b": 9}, {"a": -3, "b": 4}),
    ],
)
def test_under_cap(cap: int | None, earned_points: dict[str, int], expected: dict[str, int]) -> None:
    limit = None if cap is None else Decimal(cap)

    assert under_cap({id: Decimal(points) for id, points in earned_points.items()}, limit) == expected


def standing(contest: Contest) -> dict[str, str]:
    """The points that stand for each cause."""
    return {cause: points for _, cause, points, _ in sheets(contest)}


def test_contributions_are_listed_with_their_cause_also_while_they_wait(campaign: Contest) -> None:
    stand(campaign, "near", UNION)
    elsewhere = UnitRef(id="x", name="外单位", path="/11/x/")
    enter(campaign, earned("c-1"), earned("c-2", unit=elsewhere))

    answer = campaign.send("GET", f"/boards/{CAMPAIGN}/contributions", by=campaign.organiser()).json()

    assert answer["total"] == 2
    assert [(each["id"], each["entry"], each["entered"], each["settled"]) for each in answer["items"]] == [
        ("c-1", "near", "10", True),
        ("c-2", "", "0", False),
    ]
    assert answer["items"][0]["text"]["zh"] == "第 1 名"
