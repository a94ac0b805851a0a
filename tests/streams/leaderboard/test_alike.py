"""A step of the jury's view is taken over only where the view would have made the same by itself."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from schemas.events import scores
from streams.events import Event
from streams.leaderboard.alike import is_alike
from streams.leaderboard.step import Shown, Step, step
from streams.leaderboard.visibility import VisibilityChanged
from tests.streams.boards import History, sheet, small, window
from tests.streams.histories import histories


class Views:
    """The jury's view and the public one, each folded by itself."""

    def __init__(self, history: History) -> None:
        self.jury, self.public = Shown.empty(history.board), Shown.empty(history.board)
        self.held: tuple[Event, ...] = ()

    def take(self, events: Sequence[Event]) -> tuple[bool, Step, Step]:
        """Whether the steps are told to be alike, and both. Raises VisibilityChanged."""
        jury = step("jury", self.jury, events)
        public = step("public", self.public, events, self.held)
        alike = is_alike("public", self.public, self.jury, events, jury)
        self.jury.take(jury)
        self.public.take(public)
        self.held = public.held if public.released else (*self.held, *public.held)
        return alike, jury, public


def last_step_is_alike(history: History, last: int) -> bool:
    """Whether the step of the `last` events, after all before them, is told to be alike."""
    views = Views(history)
    views.take(history.events[:-last])
    alike, _, _ = views.take(history.events[-last:])
    return alike


@given(histories(), st.integers(1, 6))
def test_step_told_to_be_alike_is_what_the_view_makes_by_itself(history: History, size: int) -> None:
    views = Views(history)
    for begin in range(0, len(history.events), size):
        try:
            alike, jury, public = views.take(history.events[begin : begin + size])
        except VisibilityChanged:
            return
        assert not alike or public == jury


def test_marks_on_an_open_board_are_alike() -> None:
    history = small()
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "ja", theory="80", skill="70")))
    history.add(scores.SheetSubmitted(sheet=sheet("e2", "ja", theory="81", skill="71")))

    assert last_step_is_alike(history, 2)
    assert last_step_is_alike(history, 1)


def test_marks_behind_a_freeze_are_not() -> None:
    history = small()
    history.add(scores.BoardFrozen(board="b1"))
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "ja", theory="80", skill="70")))

    assert not last_step_is_alike(history, 1)
    assert not last_step_is_alike(history, 2)


def test_marks_after_a_thaw_are_alike_again() -> None:
    history = small()
    history.add(scores.BoardFrozen(board="b1"))
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "ja", theory="80", skill="70")))
    history.add(scores.BoardThawed(board="b1"))
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "jb", theory="82", skill="72")))

    views = Views(history)
    alike = [views.take([event])[0] for event in history.events]
    assert alike[-3:] == [False, False, True]


def test_marks_of_a_shown_stage_are_not_where_others_of_the_entry_are_held() -> None:
    history = small()
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "ja", theory="80", skill="70")))
    history.add(scores.BoardFrozen(board="b1"))
    history.add(scores.ResultsPublished(board="b1", stage="theory"))
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "ja", 2, theory="90", skill="90")))
    for judge in ("jb", "jc"):
        shown = replace(sheet("e1", judge, theory="82"), stage="theory")
        history.add(scores.SheetSubmitted(sheet=shown))

    assert not last_step_is_alike(history, 1)


def test_view_that_is_behind_makes_its_own_step() -> None:
    history = small()
    history.add(scores.WindowSet(window=window()))
    history.add(scores.SheetSubmitted(sheet=sheet("e1", "ja", theory="80", skill="70")))
    *before, unseen, last = history.events
    behind, jury = Shown.empty(history.board), Shown.empty(history.board)
    behind.take(step("public", behind, before))
    jury.take(step("jury", jury, [*before, unseen]))

    assert not is_alike("public", behind, jury, [last], step("jury", jury, [last]))
    behind.take(step("public", behind, [unseen]))
    assert is_alike("public", behind, jury, [last], step("jury", jury, [last]))
