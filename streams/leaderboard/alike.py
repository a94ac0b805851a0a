"""A view may mostly see what the jury sees: a step of the jury's view is then its own too. Pure."""

from collections.abc import Sequence

from schemas.live import View
from schemas.live_state import BoardState
from streams.events import Event
from streams.leaderboard.fold import touched
from streams.leaderboard.step import Shown, Step
from streams.leaderboard.visibility import Pass, releases, visible


def is_alike(view: View, mine: Shown, jury: Shown, events: Sequence[Event], step: Step) -> bool:
    """Whether `view`, standing as `mine`, becomes by `events` what `step` makes of the jury's.

    `jury` is where the jury's view stood before the step; both hold the entries that the step was given.
    """
    return (
        mine.position == jury.position
        and not step.amended
        and _shows_alike(mine, jury)
        and all(_is_shown(view, mine.board, event) for event in events)
        and _holds_alike(mine, jury, events, step)
    )


def _shows_alike(mine: Shown, jury: Shown) -> bool:
    return (
        mine.tally == jury.tally
        and (mine.head is jury.head or mine.head == jury.head)
        and (mine.board is jury.board or mine.board == jury.board)
    )


def _is_shown(view: View, board: BoardState, event: Event) -> bool:
    """Whether the view takes the event as it is; `board` is as before, but for its times."""
    if releases(event.fact):
        return False
    verdict = visible(view, board, event)
    return isinstance(verdict, Pass) and verdict.event is event


def _holds_alike(mine: Shown, jury: Shown, events: Sequence[Event], step: Step) -> bool:
    if step.rules.field_wide:
        return mine.entries == jury.entries and mine.rows == jury.rows
    return all(
        mine.entries.get(id) == jury.entries.get(id) and mine.rows.get(id) == jury.rows.get(id)
        for id in touched(events)
    )
