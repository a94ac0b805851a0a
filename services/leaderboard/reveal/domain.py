"""The steps of a reveal, and what of them may be seen. Pure."""

from collections.abc import Sequence

from services.leaderboard.resources import PlacedRow
from services.leaderboard.reveal.resources import Plan, Reveal, ScriptAt, ScriptStep, ShownRow, Step

_PODIUM = 3


def steps_of(rows: Sequence[PlacedRow], plan: Plan) -> tuple[ScriptStep, ...]:
    """Rows (best first) from the bottom, with a pause wherever another award, or place 3, 2, 1, begins."""
    awards = {award.entry: award.title for award in plan.awards}
    notes = {note.entry: note.text for note in plan.notes}
    steps: list[ScriptStep] = []
    before: tuple[str, int | None] = ("", None)
    for row in reversed(rows):
        if row.place is None:
            continue
        award = awards.get(row.entry, "")
        podium = row.place if not awards and row.place <= _PODIUM else None
        if (award or podium) and (award, podium) != before:
            steps.append(ScriptStep(kind="pause", award=award, place=podium))
        before = award, podium
        shown = ScriptStep(kind="row", award=award, row=_shown(row, row.place), note=notes.get(row.entry, ""))
        steps.append(shown)
    return tuple(steps)


def seen_of(script: ScriptAt) -> Reveal:
    """What the hall may see of a script: no step that was not shown, and no note."""
    return Reveal(
        board=script.board,
        title_zh=script.title_zh,
        title_en=script.title_en,
        digits=script.digits,
        at=script.at,
        to_come=sum(step.kind == "row" for step in script.steps[script.at :]),
        steps=tuple(
            Step(kind=step.kind, award=step.award, place=step.place, row=step.row)
            for step in script.steps[: script.at]
        ),
    )


def _shown(row: PlacedRow, place: int) -> ShownRow:
    return ShownRow(
        entry=row.entry,
        name=row.name,
        unit=row.unit.name,
        members=row.members,
        place=place,
        tied=row.tied,
        total=row.total,
    )
