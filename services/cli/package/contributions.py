"""Points that a package's own boards earn on its campaign boards, by the streams' pure functions.

A candidate gets what is earned in its unit and in the units below it; where candidates' units lie within
each other, the nearest gets it.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal

import msgspec

from schemas import objects
from schemas.envelope import Envelope, canonical
from schemas.events import scores, suggestions
from schemas.events.contributions import ContributionEarned
from schemas.live_state import EntryState, SheetState, status
from schemas.registry import Fact, dataschema, event_type
from services.cli.package import count
from services.cli.package.contest import BoardPart, Package
from streams.contributions.derive import NO_RESULTS, Earner, from_proposal, from_results
from streams.events import Event

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_REACHED: Mapping[objects.ProposalStage, tuple[type[Fact], ...]] = {
    "adopted": (suggestions.ProposalAdopted,),
    "implemented": (suggestions.ProposalAdopted,),
    "verified": (suggestions.ProposalAdopted, suggestions.ProposalVerified),
    "closed": (suggestions.HazardClosed,),
}


def contributed(
    package: Package, part: BoardPart, entries: Mapping[str, EntryState]
) -> dict[str, dict[str, SheetState]]:
    """Candidate → the sheets of what was earned for it; empty for boards without feeds."""
    if not part.about.feeds:
        return {}
    board = count.board_object(package, part)
    found: dict[str, dict[str, SheetState]] = {}
    sums: dict[tuple[str, str], Decimal] = {}
    caps = {feed.id: feed.cap for feed in part.about.feeds}
    for earned in sorted(_earned(package, board), key=lambda earned: earned.id):
        entry = candidate(earned.unit, entries.values())
        if entry is None:
            continue
        cap, before = caps[earned.feed], sums.get((entry, earned.feed), Decimal(0))
        points = earned.points if cap is None else min(earned.points, max(cap - before, Decimal(0)))
        sums[entry, earned.feed] = before + points
        if not points:
            continue
        found.setdefault(entry, {})[earned.id] = _sheet(earned, points)
    return found


def candidate(unit: objects.UnitRef, entries: Iterable[EntryState]) -> str | None:
    """The entry whose unit is this one or the nearest above it; in one unit by draw number, then id."""
    above = [
        (-len(entry.unit.path), entry.number, entry.id)
        for entry in entries
        if entry.unit is not None and unit.path.startswith(entry.unit.path) and status(entry) != "withdrawn"
    ]
    return min(above)[2] if above else None


def _earned(package: Package, campaign: objects.Board) -> Iterator[ContributionEarned]:
    for part in package.boards:
        source = count.board_object(package, part)
        if part.about.published and part.about.kind != "campaign":
            yield from _from_results(package, part, source, campaign)
        for id, state in count.states(package, part).items():
            proposal = state.proposal
            for number, kind in enumerate(_REACHED.get(proposal.stage, ()) if proposal else (), 1):
                fact = kind(proposal=proposal)
                yield from from_proposal([campaign], source, _event(fact, f"{part.code}/{id}", number))


def _from_results(
    package: Package, part: BoardPart, source: objects.Board, campaign: objects.Board
) -> list[ContributionEarned]:
    standings = count.count_board(package, part)
    won: dict[str, tuple[str, ...]] = {}
    for level in count.awards_of(standings).levels:
        for winner in level.winners if level.of != "units" else ():
            won[winner.entry] = (*won.get(winner.entry, ()), level.id)
    fact = scores.ResultsPublished(board=part.code, places=standings.places, awards=won)
    earners = {
        id: Earner(id, standings.names[id], state.unit)
        for id, state in standings.states.items()
        if state.unit is not None
    }
    return from_results([campaign], source, _event(fact, part.code, 1), earners, NO_RESULTS)


def _event(fact: Fact, id: str, number: int) -> Event:
    envelope = Envelope(
        id=id,
        source="/package",
        type=event_type(type(fact)),
        subject=fact.subject,
        time=_BEGINNING,
        partitionkey=id,
        dataschema=dataschema(type(fact)),
        sequence=number,
        actor="",
        data=msgspec.Raw(canonical(fact)),
    )
    return Event(envelope, fact, fact.topic)


def _sheet(earned: ContributionEarned, points: Decimal) -> SheetState:
    return SheetState(
        id=earned.id,
        judge=earned.id,
        stage="",
        attempt=1,
        round=1,
        version=earned.telling,
        source="contribution",
        voided=False,
        marks={earned.aspect: points},
        note=earned.text.zh,
    )
