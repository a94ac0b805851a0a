"""Properties of the decision itself: whatever is sent, versions grow by one and repeats change nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from schemas.objects import Panel, PanelJudge, SchemeVersion, Sheet, Window
from services.kit.problems import Problem
from services.scoring.domain.board import BoardControl
from services.scoring.domain.ruleset import Ruleset
from services.scoring.domain.sheets import decide
from services.scoring.domain.submission import Situation, Submission
from services.scoring.problems import DeadlinePassed, StaleBase
from tests.services.scoring.contest import SCHEME

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
JUDGES = ("j-1", "j-2")
ENTRIES = ("e-1", "e-2")
OPEN = BoardControl(
    "b",
    scheme=SchemeVersion(board="b", version=1, data=SCHEME),
    rules=Ruleset.of(SCHEME),
    panels={"": Panel(board="b", stage="", judges=tuple(PanelJudge(judge=j, name=j) for j in JUDGES))},
    windows={"": Window(board="b", stage="", mode="all")},
)
halves = st.integers(-10, 130).map(lambda n: Decimal(n) / 2)
submissions = st.builds(
    Submission,
    id=st.sampled_from([f"s-{n}" for n in range(6)]),
    board=st.just("b"),
    entry=st.sampled_from((*ENTRIES, "unknown")),
    judge=st.sampled_from((*JUDGES, "stranger")),
    stage=st.sampled_from(("practical", "final")),
    marks=st.fixed_dictionaries({"practical.seam": halves, "practical.size": st.just(Decimal(1))}),
    base=st.integers(0, 4),
)


class Book:
    """The ledger as a dictionary: what a database would know."""

    def __init__(self) -> None:
        self.by_id: dict[str, Sheet] = {}
        self.versions: dict[str, list[Sheet]] = {}

    def send(self, sheet: Submission, board: BoardControl = OPEN) -> Sheet | Problem | None:
        situation = Situation(
            board=board,
            withdrawn=False if sheet.entry in ENTRIES else None,
            current=self.versions.get(sheet.slot, [None])[-1],
            namesake=self.by_id.get(sheet.id),
        )
        try:
            taken = decide(situation, sheet, NOW)
        except Problem as problem:
            return problem
        if taken is not None:
            self.by_id[taken.id] = taken
            self.versions.setdefault(sheet.slot, []).append(taken)
        return taken


@given(st.lists(submissions, max_size=30))
def test_versions_of_every_slot_are_gapless_and_ids_are_used_once(sent: list[Submission]) -> None:
    book = Book()
    for sheet in sent:
        book.send(sheet)

    for versions in book.versions.values():
        assert [sheet.version for sheet in versions] == list(range(1, len(versions) + 1))
        assert [sheet.base for sheet in versions] == list(range(len(versions)))
    assert len(book.by_id) == sum(map(len, book.versions.values()))


@given(st.lists(submissions, max_size=20), st.lists(submissions, max_size=10))
def test_what_was_taken_can_be_sent_again_at_any_time(
    sent: list[Submission], later: list[Submission]
) -> None:
    book = Book()
    taken = [sheet for sheet in sent if isinstance(book.send(sheet), Sheet)]
    for sheet in later:
        book.send(sheet)
    before = dict(book.by_id)
    closed = replace(OPEN, windows={}, panels={}, locked=frozenset({""}), published_at=NOW)

    assert all(book.send(sheet, closed) is None for sheet in taken)
    assert book.by_id == before


@given(submissions, halves)
def test_other_content_under_a_used_id_is_never_taken(sheet: Submission, seam: Decimal) -> None:
    book = Book()
    if not isinstance(book.send(sheet), Sheet):
        return
    other = replace(sheet, marks=dict(sheet.marks) | {"practical.seam": seam})

    answer = book.send(other)

    assert answer is None if other.marks == sheet.marks else isinstance(answer, Problem)


@given(st.permutations(range(5)))
def test_of_writers_on_one_base_the_first_wins_in_any_order(order: list[int]) -> None:
    book = Book()
    sheets = [
        Submission(
            id=f"s-{n}",
            board="b",
            entry="e-1",
            judge="j-1",
            stage="practical",
            marks={"practical.seam": Decimal(n), "practical.size": Decimal(1)},
        )
        for n in order
    ]

    answers = [book.send(sheet) for sheet in sheets]

    assert isinstance(answers[0], Sheet)
    assert all(isinstance(answer, StaleBase) for answer in answers[1:])


@given(st.integers(-100, 100), st.integers(0, 60))
def test_deadline_plus_grace_is_the_last_moment(late: int, grace: int) -> None:
    window = Window(board="b", stage="", mode="all", deadline=NOW - timedelta(seconds=late), grace=grace)
    sheet = Submission(
        id="s",
        board="b",
        entry="e-1",
        judge="j-1",
        stage="practical",
        marks={"practical.seam": Decimal(1), "practical.size": Decimal(1)},
    )

    answer = Book().send(sheet, replace(OPEN, windows={"": window}))

    assert isinstance(answer, DeadlinePassed) == (late > grace)
