"""What single facts make of an entry, worked by hand."""

from decimal import Decimal

import pytest
from msgspec.structs import replace

from schemas.events import registrations, scores, suggestions
from schemas.live_state import EntryState, contender, entry_input, status
from schemas.objects import Proposal, Sheet
from schemas.registry import Fact
from streams.events import Unreadable, unpack
from streams.leaderboard.fold import CannotFold, apply
from streams.leaderboard.step import Shown
from tests.streams import boards


def entry_after(*facts: Fact, id: str = "e1") -> EntryState:
    board, entries = Shown.empty("b1").board, dict[str, EntryState]()
    for sequence, fact in enumerate(facts, 1):
        board, changed = apply(board, entries, unpack(boards.envelope_of(fact, "b1", sequence), fact.topic))
        entries |= changed
    return entries[id]


def submitted(judge: str, version: int = 1, **marks: str) -> Fact:
    return scores.SheetSubmitted(sheet=boards.sheet("e1", judge, version, **marks))


def marks_of(state: EntryState) -> list[tuple[str, dict[str, Decimal | None]]]:
    return [(sheet.judge, dict(sheet.marks)) for sheet in entry_input(state).sheets]


def test_latest_version_of_each_judges_sheet_counts() -> None:
    state = entry_after(
        submitted("ja", 1, skill="70"), submitted("jb", 1, skill="80"), submitted("ja", 2, skill="75")
    )

    assert marks_of(state) == [("ja", {"skill": Decimal(75)}), ("jb", {"skill": Decimal(80)})]


def test_older_version_that_comes_late_changes_nothing() -> None:
    state = entry_after(submitted("ja", 2, skill="75"), submitted("ja", 1, skill="70"))

    assert marks_of(state) == [("ja", {"skill": Decimal(75)})]


def test_voided_sheet_counts_no_more() -> None:
    sheet = boards.sheet("e1", "ja", 2, skill="70")

    state = entry_after(submitted("ja", 1, skill="70"), scores.SheetVoided(sheet=boards.voided(sheet)))

    assert marks_of(state) == []
    assert not state.marked


def test_contribution_is_replaced_by_its_id_and_others_stand_beside_it() -> None:
    def earned(id: str, version: int, points: str) -> Fact:
        sheet: Sheet = boards.sheet("e1", "streams", version, contests=points)
        return scores.ContributionEntered(sheet=replace(sheet, id=id, source="contribution"))

    state = entry_after(earned("c1", 1, "5"), earned("c2", 1, "3"), earned("c1", 2, "0"))

    assert marks_of(state) == [("c1", {"contests": Decimal(0)}), ("c2", {"contests": Decimal(3)})]


def test_what_a_checker_marked_replaces_what_the_unit_said_of_itself() -> None:
    said = replace(boards.sheet("e1", "unit", safety="100", output="90"), source="self")
    checked = replace(boards.sheet("e1", "inspector", safety="80"), source="checker")

    state = entry_after(scores.IndicatorReported(sheet=said), scores.IndicatorReported(sheet=checked))

    assert marks_of(state) == [("inspector", {"safety": Decimal(80)}), ("unit", {"output": Decimal(90)})]


def test_draw_stays_when_the_entry_is_corrected() -> None:
    state = entry_after(
        registrations.EntryRegistered(entry=boards.entry("e1")),
        registrations.NumbersDrawn(board="b1", numbers={"e1": 7}, codes={"e1": "K7"}),
        registrations.EntryChanged(entry=boards.entry("e1", name="改名")),
    )

    assert (state.number, state.code, contender(state).number) == (7, "K7", 7)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([], "competing"),
        ([registrations.EntryChanged(entry=boards.entry("e1", unranked=True))], "unranked"),
        ([registrations.EntryWithdrawn(entry=boards.entry("e1", status="withdrawn"))], "withdrawn"),
        ([scores.EntryDisqualified(board="b1", entry="e1", reason="作弊")], "disqualified"),
        (
            [
                scores.EntryDisqualified(board="b1", entry="e1", reason="作弊"),
                scores.EntryReinstated(board="b1", entry="e1"),
            ],
            "competing",
        ),
    ],
)
def test_status_follows_the_strongest_decision(facts: list[Fact], expected: str) -> None:
    state = entry_after(registrations.EntryRegistered(entry=boards.entry("e1")), *facts)

    assert status(state) == expected


@pytest.mark.parametrize(
    ("stage", "expected"), [("submitted", "competing"), ("declined", "unranked"), ("merged", "withdrawn")]
)
def test_proposal_is_an_entry_of_its_drive(stage: str, expected: str) -> None:
    proposal = Proposal(
        id="p1",
        board="b1",
        kind="proposal",
        stage=stage,  # type: ignore[arg-type] # a parameter
        title="省电",
        unit=boards.UNIT,
        authors=("甲",),
        present="现状",
        measure="措施",
        effect="效果",
        votes=3,
        benefit=Decimal(12000),
    )

    state = entry_after(suggestions.ProposalSubmitted(proposal=proposal), id="p1")

    assert (state.known, status(state)) == (True, expected)
    assert contender(state).times == {"votes": Decimal(3), "benefit": Decimal(12000)}


def test_fact_that_nobody_can_read_is_refused() -> None:
    event = unpack(boards.envelope_of(submitted("ja", skill="70"), "b1", 1), scores.SheetSubmitted.topic)

    with pytest.raises(CannotFold, match="newer"):
        apply(Shown.empty("b1").board, {}, replace(event, fact=Unreadable(error="newer")))
