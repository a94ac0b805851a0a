"""Any history of a small board, and any way in which its events may reach a reader."""

from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st

from schemas.events import registrations, scores, suggestions
from schemas.objects import Proposal, UnitRef
from schemas.registry import Fact
from streams.events import Event
from tests.streams import boards
from tests.streams.boards import JUDGES, UNIT, History

ENTRIES = ("e1", "e2", "e3", "e4")
OTHER_UNIT = UnitRef(id="u2", name="二厂", path="/p/u2/")
marks = st.integers(0, 4).map(lambda n: Decimal(60 + 10 * n)) | st.none()
entries = st.sampled_from(ENTRIES)


Make = Callable[[History], Fact]
"""Makes the next fact of a history, which knows the versions so far."""


def _sheet(entry: str, judge: str, theory: Decimal | None, skill: Decimal | None) -> Make:
    def fact(history: History) -> Fact:
        version = 1 + sum(
            isinstance(event.fact, scores.SheetSubmitted | scores.SheetVoided)
            and (event.fact.sheet.entry, event.fact.sheet.judge) == (entry, judge)
            for event in history.events
        )
        return scores.SheetSubmitted(sheet=boards.sheet(entry, judge, version, theory=theory, skill=skill))

    return fact


def _voided(entry: str, judge: str) -> Make:
    def fact(history: History) -> Fact:
        made = _sheet(entry, judge, None, None)(history)
        assert isinstance(made, scores.SheetSubmitted)
        return scores.SheetVoided(sheet=boards.voided(made.sheet))

    return fact


def _always(fact: Fact) -> Make:
    return lambda _: fact


def _proposal(id: str, stage: str, votes: int) -> Fact:
    proposal = Proposal(
        id=id,
        board="b1",
        kind="proposal",
        stage=stage,  # type: ignore[arg-type] # drawn from the stages
        title=f"建议{id}",
        unit=UNIT,
        authors=("甲",),
        present="现状",
        measure="措施",
        effect="效果",
        votes=votes,
    )
    return suggestions.ProposalSubmitted(proposal=proposal)


facts = st.one_of(
    st.builds(_sheet, entries, st.sampled_from(JUDGES), marks, marks),
    st.builds(_sheet, entries, st.sampled_from(JUDGES), marks, marks),
    st.builds(_voided, entries, st.sampled_from(JUDGES)),
    st.builds(
        lambda id, unranked, unit: _always(
            registrations.EntryChanged(entry=boards.entry(id, unranked=unranked, unit=unit, name=f"改名{id}"))
        ),
        entries,
        st.booleans(),
        st.sampled_from([UNIT, OTHER_UNIT]),
    ),
    st.builds(
        lambda id: _always(
            registrations.EntryWithdrawn(entry=boards.entry(id, status="withdrawn", reason="病"))
        ),
        entries,
    ),
    st.builds(
        lambda order: _always(
            registrations.NumbersDrawn(board="b1", numbers={id: n for n, id in enumerate(order, 1)})
        ),
        st.permutations(ENTRIES),
    ),
    st.builds(lambda id: _always(scores.EntryDisqualified(board="b1", entry=id, reason="作弊")), entries),
    st.builds(lambda id: _always(scores.EntryReinstated(board="b1", entry=id)), entries),
    st.builds(
        lambda id: _always(scores.VetoRaised(board="b1", entry=id, veto="safety", reason="事故")), entries
    ),
    st.builds(lambda id: _always(scores.VetoLifted(board="b1", entry=id, veto="safety")), entries),
    st.builds(
        lambda order: _always(
            scores.TieDecided(
                board="b1", key="committee", order={id: Decimal(n) for n, id in enumerate(order, 1)}
            )
        ),
        st.permutations(ENTRIES[:2]),
    ),
    st.builds(
        lambda weight: (
            lambda history: scores.SchemePublished(
                scheme=boards.scheme(len(history.events) + 2, weight=weight, last_resort="committee")
            )
        ),
        st.sampled_from(["1", "3"]),
    ),
    st.just(_always(scores.BoardFrozen(board="b1"))),
    st.just(_always(scores.BoardThawed(board="b1"))),
    st.just(_always(scores.ResultsPublished(board="b1"))),
    st.just(_always(scores.ResultsWithdrawn(board="b1"))),
    st.just(_always(registrations.BoardChanged(board=boards.board(blind=True)))),
    st.just(_always(registrations.BoardChanged(board=boards.board(public=False)))),
    st.just(_always(registrations.BoardChanged(board=boards.board()))),
    st.builds(
        lambda id, stage, votes: _always(_proposal(id, stage, votes)),
        st.sampled_from(["p1", "p2"]),
        st.sampled_from(["submitted", "merged", "declined", "adopted"]),
        st.integers(0, 5),
    ),
)


@st.composite
def histories(draw: st.DrawFn) -> History:
    history = History()
    history.open()
    history.scheme()
    history.enter(*ENTRIES[: draw(st.integers(1, 4))])
    for make in draw(st.lists(facts, max_size=14)):
        history.add(make(history))
    return history


@st.composite
def deliveries(draw: st.DrawFn, history: History) -> list[list[Event]]:
    """Batches: topics interleaved in any way, with repeats from anywhere, cut anywhere."""
    topics: dict[str, list[Event]] = {}
    for event in history.events:
        topics.setdefault(event.topic.value, []).append(event)
    rest = {name: list(events) for name, events in topics.items()}
    told: list[Event] = []
    while any(rest.values()):
        name = draw(st.sampled_from(sorted(name for name, events in rest.items() if events)))
        told.append(rest[name].pop(0))
        if draw(st.integers(0, 4)) == 0:
            again = topics[name]
            first = draw(st.integers(0, len(again) - 1))
            last = len(again) - len(rest[name])
            told.extend(again[first:last])
    cuts = sorted(draw(st.sets(st.integers(1, len(told)), max_size=6)) | {len(told)})
    return [told[a:b] for a, b in zip([0, *cuts], cuts, strict=False)]
