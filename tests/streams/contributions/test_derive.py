"""Which points a fact earns: sums worked by hand, and the same however often it is told."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from schemas.events import scores, suggestions
from schemas.events.contributions import ContributionEarned
from schemas.objects import Board, Feed, Proposal, UnitRef
from schemas.registry import Fact
from streams.contributions.derive import (
    NO_RESULTS,
    Earner,
    Results,
    from_proposal,
    from_results,
    names_of,
    sources_of,
    told,
)
from streams.events import Event, unpack
from tests.streams import boards

UNIT = UnitRef(id="u1", name="一厂", path="/p/u1/")
EARNERS = {id: Earner(id, f"选手{id}", UNIT) for id in ("e1", "e2", "e3")}
SOURCE = boards.board("b1", opened_at=datetime(2026, 3, 1, tzinfo=UTC))


def campaign(*feeds: Feed, **changes: Any) -> Board:
    return boards.board("c9", **{"kind": "campaign", "feeds": feeds, **changes})


def feed(points: dict[str, int], **changes: Any) -> Feed:
    plain: dict[str, Any] = {"id": "f1", "cause": "place", "aspect": "contests", "source": "b1"}
    return Feed(points={name: Decimal(value) for name, value in points.items()}, **{**plain, **changes})


def happened(fact: Fact, sequence: int = 7) -> Event:
    return unpack(boards.envelope_of(fact, "b1", sequence), fact.topic)


def published(places: dict[str, int], sequence: int = 7, **awards: tuple[str, ...]) -> Event:
    return happened(scores.ResultsPublished(board="b1", places=places, awards=awards), sequence)


def points(found: list[ContributionEarned]) -> dict[str, Decimal]:
    return {each.earner: each.points for each in found}


def test_places_earn_the_points_of_the_feed() -> None:
    event = published({"e1": 1, "e2": 2, "e3": 3})

    found = from_results([campaign(feed({"1": 5, "2": 3}))], SOURCE, event, EARNERS, NO_RESULTS)

    assert points(found) == {"e1": Decimal(5), "e2": Decimal(3)}


@pytest.mark.parametrize(("public", "said"), [(True, "第 1 名：选手e1"), (False, "第 1 名")])
def test_reason_names_the_winner_only_of_a_public_board(public: bool, said: str) -> None:
    source = msgspec.structs.replace(SOURCE, public=public)

    [earned] = from_results([campaign(feed({"1": 5}))], source, published({"e1": 1}), EARNERS, NO_RESULTS)

    assert earned.text.zh == f"《{SOURCE.title.zh}》{said}"


def test_place_and_its_award_earn_once_the_better() -> None:
    event = published({"e1": 1, "e2": 2}, e1=("gold",), e2=("silver",))

    found = from_results([campaign(feed({"1": 5, "gold": 8, "2": 3}))], SOURCE, event, EARNERS, NO_RESULTS)

    assert points(found) == {"e1": Decimal(8), "e2": Decimal(3)}


def test_each_earns_where_no_place_is_named() -> None:
    found = from_results(
        [campaign(feed({"1": 5, "each": 1}))], SOURCE, published({"e1": 1, "e2": 2}), EARNERS, NO_RESULTS
    )

    assert points(found) == {"e1": Decimal(5), "e2": Decimal(1)}


def test_correction_replaces_points_and_takes_back_lost_ones() -> None:
    before = Results({"e1": 1, "e2": 2}, {})
    to = [campaign(feed({"1": 5, "2": 3}))]
    first = from_results(to, SOURCE, published({"e1": 1, "e2": 2}), EARNERS, NO_RESULTS)

    again = from_results(to, SOURCE, published({"e2": 1, "e3": 2}, sequence=9), EARNERS, before)

    assert points(again) == {"e1": Decimal(0), "e2": Decimal(5), "e3": Decimal(3)}
    ids = {each.earner: each.id for each in first}
    assert {each.earner: each.id for each in again if each.earner in ids} == ids
    assert {each.telling for each in first} == {7}
    assert {each.telling for each in again} == {9}


def test_withdrawn_results_take_everything_back() -> None:
    event = happened(scores.ResultsWithdrawn(board="b1"))

    found = from_results([campaign(feed({"1": 5}))], SOURCE, event, EARNERS, Results({"e1": 1, "e2": 2}, {}))

    assert points(found) == {"e1": Decimal(0)}


def test_same_cause_told_twice_is_the_same_event() -> None:
    event = published({"e1": 1})
    to = [campaign(feed({"1": 5}))]

    one, two = (from_results(to, SOURCE, event, EARNERS, NO_RESULTS)[0] for _ in range(2))

    assert told(one, event.envelope) == told(two, event.envelope)
    assert told(one, event.envelope).envelope.causationid == event.envelope.id


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"source": "*"}, 1),
        ({"source": "*", "source_kind": "contest"}, 1),
        ({"source": "*", "source_kind": "drive"}, 0),
        ({"source": "b2"}, 0),
        ({"cause": "hazard.closed"}, 0),
    ],
)
def test_feed_takes_only_what_it_names(changes: dict[str, Any], expected: int) -> None:
    to = campaign(feed({"1": 5}, **changes))

    found = from_results([to], SOURCE, published({"e1": 1}), EARNERS, NO_RESULTS)

    assert len(found) == expected
    if expected:
        assert sources_of(to) & set(names_of(SOURCE))


def test_feed_on_any_board_takes_only_those_of_its_year() -> None:
    to = campaign(feed({"1": 5}, source="*"), opened_at=datetime(2025, 1, 1, tzinfo=UTC))

    assert from_results([to], SOURCE, published({"e1": 1}), EARNERS, NO_RESULTS) == []


def test_campaign_does_not_feed_on_itself() -> None:
    to = campaign(feed({"1": 5}, source="*"))

    assert from_results([to], to, published({"e1": 1}), EARNERS, NO_RESULTS) == []


@pytest.mark.parametrize(
    ("kind", "cause"),
    [
        (suggestions.ProposalAdopted, "proposal.adopted"),
        (suggestions.ProposalVerified, "proposal.verified"),
        (suggestions.HazardClosed, "hazard.closed"),
    ],
)
def test_proposal_earns_by_category_else_for_each(kind: Any, cause: str) -> None:
    to = [campaign(feed({"each": 2, "safety": 4}, cause=cause))]

    plain, safety = (
        from_proposal(to, SOURCE, happened(kind(proposal=proposal(category)))) for category in ("", "safety")
    )

    assert points(plain) == {"p1": Decimal(2)}
    assert points(safety) == {"p1": Decimal(4)}
    assert plain[0].unit == UNIT


def proposal(category: str) -> Proposal:
    return Proposal(
        id="p1",
        board="b1",
        kind="proposal",
        stage="adopted",
        title="省电",
        unit=UNIT,
        authors=("甲",),
        present="现状",
        measure="措施",
        effect="效果",
        category=category,
    )
