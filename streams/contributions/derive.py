"""Which points a fact earns on which campaign board. Pure.

A **feed** is a campaign board's wish for points from other boards; the **cause** is the fact that earns them;
the **earner** is the entry or proposal that they are earned by. The id of a contribution is made from feed,
board of the cause and earner, so the same cause told twice is one contribution; `telling` is the cause's
sequence, so a later telling replaces an earlier one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal
from uuid import UUID, uuid5

import msgspec

from rules.text import Text
from schemas.envelope import Envelope, canonical
from schemas.events import scores, suggestions
from schemas.events.contributions import ContributionEarned
from schemas.objects import Board, Feed, Proposal, UnitRef
from schemas.registry import Fact, dataschema, event_type
from schemas.topics import Topic
from streams.events import Event

Cause = Literal["place", "proposal.adopted", "proposal.verified", "hazard.closed"]

_NAMESPACE = UUID("6f2d5a0e-3c52-5d0b-9c1e-6f0e6b8f4a11")
_SOURCE = "/streams/contributions"
_NOTHING = Decimal(0)
_PROPOSAL_CAUSES: dict[type[Fact], Cause] = {
    suggestions.ProposalAdopted: "proposal.adopted",
    suggestions.ProposalVerified: "proposal.verified",
    suggestions.HazardClosed: "hazard.closed",
}
_SAID: dict[Cause, Text] = {
    "proposal.adopted": Text("建议被采纳", "proposal adopted"),
    "proposal.verified": Text("成果经验收", "benefit verified"),
    "hazard.closed": Text("隐患已整改", "hazard closed"),
}


@dataclass(frozen=True, slots=True)
class Earner:
    """Who earned: an entry of the source board."""

    id: str
    name: str
    unit: UnitRef


@dataclass(frozen=True, slots=True)
class Results:
    """Places and awards as published."""

    places: Mapping[str, int]
    awards: Mapping[str, tuple[str, ...]]

    @property
    def earners(self) -> set[str]:
        return {*self.places, *self.awards}


NO_RESULTS = Results({}, {})


def is_cause(fact: Fact) -> bool:
    """Whether the fact may earn points, or take them back."""
    return type(fact) in _PROPOSAL_CAUSES or is_of_results(fact)


def is_of_results(fact: Fact) -> bool:
    """Whether the fact is about the results of the whole board (those of a stage earn nothing)."""
    return isinstance(fact, scores.ResultsWithdrawn) or (
        isinstance(fact, scores.ResultsPublished) and not fact.stage
    )


def results_of(fact: Fact) -> Results:
    """The results that are in force after the fact."""
    if isinstance(fact, scores.ResultsPublished):
        return Results(fact.places, fact.awards)
    return NO_RESULTS


def feeds_on(campaign: Board, source: Board, cause: Cause) -> list[Feed]:
    """The feeds of a campaign board that take points for this cause from this board."""
    return [feed for feed in campaign.feeds if feed.cause == cause and _takes(campaign, feed, source)]


def from_results(
    campaigns: Iterable[Board],
    source: Board,
    event: Event,
    earners: Mapping[str, Earner],
    before: Results,
) -> list[ContributionEarned]:
    """Points for places and awards; who had some `before` and has none now is told 0.

    Raises KeyError for an earner of the results that `earners` does not name.
    """
    now = results_of(event.fact)
    found: list[ContributionEarned] = []
    for campaign in campaigns:
        for feed in feeds_on(campaign, source, "place"):
            for id in sorted(now.earners | before.earners):
                points = _points(feed, now, id)
                if points or _points(feed, before, id):
                    found.append(
                        _earned(
                            campaign,
                            feed,
                            source=source,
                            event=event,
                            earner=earners[id],
                            points=points,
                            text=_place_text(source, earners[id], now),
                        )
                    )
    return found


def from_proposal(campaigns: Iterable[Board], source: Board, event: Event) -> list[ContributionEarned]:
    """Points for a proposal or hazard: by its category where the feed names it, else for each."""
    cause = _PROPOSAL_CAUSES[type(event.fact)]
    proposal = _proposal(event.fact)
    earner = Earner(proposal.id, proposal.title, proposal.unit)
    text = said = _SAID[cause]
    if source.public:
        text = Text(f"{said.zh}：《{proposal.title}》", f"{said.en}: {proposal.title}")
    return [
        _earned(campaign, feed, source=source, event=event, earner=earner, points=points, text=text)
        for campaign in campaigns
        for feed in feeds_on(campaign, source, cause)
        if (points := feed.points.get(proposal.category, feed.points.get("each", _NOTHING)))
    ]


def told(contribution: ContributionEarned, cause: Envelope) -> Event:
    """The event that tells a contribution: its id too is made from the cause, so a repeat is recognised."""
    envelope = Envelope(
        id=str(uuid5(_NAMESPACE, f"{contribution.id}/{contribution.telling}")),
        source=_SOURCE,
        type=event_type(ContributionEarned),
        subject=contribution.id,
        time=cause.time,
        partitionkey=contribution.board,
        dataschema=dataschema(ContributionEarned),
        sequence=0,
        actor="streams",
        data=msgspec.Raw(canonical(contribution)),
        entityversion=contribution.telling,
        causationid=cause.id,
    )
    return Event(envelope, contribution, Topic.CONTRIBUTIONS)


def sources_of(campaign: Board) -> set[str]:
    """The boards that the feeds name: an id, `*kind`, or `*` for any."""
    if campaign.kind != "campaign":
        return set()
    return {feed.source if feed.source != "*" else f"*{feed.source_kind or ''}" for feed in campaign.feeds}


def names_of(source: Board) -> tuple[str, ...]:
    """The names under which feeds may mean this board; the other side of `sources_of`."""
    return (source.id, f"*{source.kind}", "*")


def _takes(campaign: Board, feed: Feed, source: Board) -> bool:
    if campaign.id == source.id:
        return False
    if feed.source != "*":
        return feed.source == source.id
    return feed.source_kind in (None, source.kind) and _same_year(campaign, source)


def _same_year(one: Board, other: Board) -> bool:
    years = {board.opened_at.year for board in (one, other) if board.opened_at is not None}
    return len(years) <= 1


def _points(feed: Feed, results: Results, id: str) -> Decimal:
    """The best of what the entry's place and awards give, so that a place and its award count once."""
    if id not in results.earners:
        return _NOTHING
    names: Sequence[str] = (str(results.places.get(id, "")), *results.awards.get(id, ()))
    given = [feed.points[name] for name in names if name in feed.points]
    return max(given) if given else feed.points.get("each", _NOTHING)


def _place_text(source: Board, earner: Earner, results: Results) -> Text:
    """Which place of whom; of a board that is not public nobody is named."""
    place = results.places.get(earner.id)
    if earner.id not in results.earners:
        what = Text("成绩已撤回", "results withdrawn")
    elif place is None:
        what = Text("获奖", "awarded")
    else:
        what = Text(f"第 {place} 名", f"place {place}")
    zh, en = f"《{source.title.zh}》{what.zh}", f"{source.title.en}: {what.en}"
    return Text(f"{zh}：{earner.name}", f"{en}, {earner.name}") if source.public else Text(zh, en)


def _proposal(fact: Fact) -> Proposal:
    assert isinstance(
        fact, suggestions.ProposalAdopted | suggestions.ProposalVerified | suggestions.HazardClosed
    )
    return fact.proposal


def _earned(
    campaign: Board, feed: Feed, *, source: Board, event: Event, earner: Earner, points: Decimal, text: Text
) -> ContributionEarned:
    return ContributionEarned(
        id=str(uuid5(_NAMESPACE, f"{campaign.id}/{feed.id}/{source.id}/{earner.id}")),
        board=campaign.id,
        feed=feed.id,
        aspect=feed.aspect,
        points=points,
        earner=earner.id,
        earner_name=earner.name,
        unit=earner.unit,
        cause_board=source.id,
        cause_event=event.envelope.id,
        telling=event.sequence,
        text=text,
    )
