"""What the jury decides: locks, publication, vetoes, ties; and that nothing is told twice."""

import pytest

from schemas.events.registrations import EntryWithdrawn
from schemas.events.scores import ResultsPublished
from tests.services.scoring.contest import SCHEME, Contest, a_sheet, an_entry, problem


def mark_all(contest: Contest, **totals: str) -> None:
    for entry, seam in totals.items():
        for judge in ("j-1", "j-2"):
            marks = {"practical.seam": seam, "practical.size": "30"}
            contest.taken(a_sheet(f"{entry}-{judge}", entry.replace("_", "-"), marks=marks), judge)


def results(contest: Contest) -> ResultsPublished:
    return [fact for fact in contest.facts() if isinstance(fact, ResultsPublished)][-1]


def test_results_are_counted_from_the_ledger(open_contest: Contest) -> None:
    mark_all(open_contest, e_1="40", e_2="50", e_3="40")

    answer = open_contest.do("publish")

    assert answer.status_code == 200, answer.text
    assert answer.json()["places"] == {"e-2": 1, "e-1": 2, "e-3": 2}
    assert results(open_contest).places == {"e-2": 1, "e-1": 2, "e-3": 2}


def test_awards_are_published_with_the_places(contest: Contest) -> None:
    awards = [{"id": "medals", "rule": "counts", "levels": [{"id": "gold", "count": 1}]}]
    contest.set_up(scheme=SCHEME | {"awards": awards})
    mark_all(contest, e_1="40", e_2="50")

    answer = contest.do("publish")

    assert answer.json()["awards"] == {"e-2": ["medals.gold"]}


def test_published_board_takes_no_sheet_until_its_results_are_withdrawn(open_contest: Contest) -> None:
    mark_all(open_contest, e_1="40")
    open_contest.do("publish")

    refused = open_contest.submit(a_sheet("late", "e-2"))
    withdrawn = open_contest.do("withdraw-results", {"reason": "录入有误"})
    taken = open_contest.submit(a_sheet("late", "e-2"))

    assert problem(refused) == "board-published"
    assert withdrawn.json()["published_at"] is None
    assert taken.status_code == 201


def test_stage_can_be_published_by_itself_and_is_sealed_then(open_contest: Contest) -> None:
    mark_all(open_contest, e_1="40", e_2="50")

    answer = open_contest.do("publish", {"stage": "practical"})

    assert answer.json()["places"] == {"e-2": 1, "e-1": 2}
    assert answer.json()["published_at"] is None
    assert problem(open_contest.submit(a_sheet("late", "e-3"))) == "stage-sealed"


def test_locked_stage_takes_nothing_until_it_is_unlocked_with_a_reason(open_contest: Contest) -> None:
    open_contest.do("lock", {"stage": "practical"})

    refused = open_contest.submit(a_sheet())
    without_reason = open_contest.do("unlock", {"stage": "practical"})
    open_contest.do("unlock", {"stage": "practical", "reason": "漏录一人"})
    taken = open_contest.submit(a_sheet())

    assert problem(refused) == "stage-sealed"
    assert without_reason.status_code == 422
    assert taken.status_code == 201


@pytest.mark.parametrize(
    ("verb", "body", "kind"),
    [
        ("freeze", {}, "board.frozen"),
        ("lock", {"stage": "practical"}, "stage.locked"),
        ("disqualifications", {"entry": "e-1", "reason": "替考"}, "entry.disqualified"),
        ("vetoes", {"entry": "e-1", "veto": "safety", "reason": "安全事故"}, "veto.raised"),
    ],
)
def test_decision_taken_twice_is_told_once(
    open_contest: Contest, verb: str, body: dict[str, str], kind: str
) -> None:
    first, again = open_contest.do(verb, body), open_contest.do(verb, body)

    assert first.status_code == again.status_code
    assert first.json() == again.json()
    assert open_contest.kinds().count(kind) == 1


def test_thaw_of_a_board_that_moves_tells_nothing(open_contest: Contest) -> None:
    assert open_contest.do("thaw").json()["frozen"] is False
    assert "board.thawed" not in open_contest.kinds()


def test_vetoed_and_disqualified_entries_take_no_place(open_contest: Contest) -> None:
    mark_all(open_contest, e_1="40", e_2="50", e_3="45")
    open_contest.do("vetoes", {"entry": "e-2", "veto": "safety", "reason": "安全事故"})
    open_contest.do("disqualifications", {"entry": "e-3", "reason": "替考"})

    barred = open_contest.do("publish").json()["places"]
    open_contest.do("withdraw-results", {"reason": "复核"})
    lifted = open_contest.send(
        "DELETE", "/boards/weld/vetoes/e-2/safety?reason=误报", by=open_contest.chief()
    )
    reinstated = open_contest.send("DELETE", "/boards/weld/disqualifications/e-3", by=open_contest.chief())

    assert barred == {"e-1": 1}
    assert (lifted.status_code, reinstated.json()["disqualified"]) == (200, {})
    assert open_contest.do("publish").json()["places"] == {"e-2": 1, "e-3": 2, "e-1": 3}


def test_veto_that_was_not_raised_cannot_be_lifted(open_contest: Contest) -> None:
    answer = open_contest.send("DELETE", "/boards/weld/vetoes/e-2/safety", by=open_contest.chief())

    assert (answer.status_code, problem(answer)) == (404, "unknown-veto")


def test_ties_must_be_decided_before_publication_where_the_scheme_says_so(contest: Contest) -> None:
    contest.set_up(scheme=SCHEME | {"ranking": {"last_resort": "committee"}})
    mark_all(contest, e_1="40", e_2="40")

    refused = contest.do("publish")
    unknown = contest.do("tie-decisions", {"key": "playoff", "order": {"e-1": "1"}})
    contest.do("tie-decisions", {"key": "committee", "order": {"e-2": "1", "e-1": "2"}})
    published = contest.do("publish")

    assert problem(refused) == "ties-undecided"
    assert [each["entry"] for each in refused.json()["ties"][0]] == ["e-1", "e-2"]
    assert problem(unknown) == "unknown-tie-key"
    assert published.json()["places"] == {"e-2": 1, "e-1": 2}


def test_withdrawn_entry_takes_no_place(open_contest: Contest) -> None:
    mark_all(open_contest, e_1="40", e_2="50")
    open_contest.tell(EntryWithdrawn(entry=an_entry("e-2", status="withdrawn")))

    assert open_contest.do("publish").json()["places"] == {"e-1": 1}


def test_decisions_need_their_role(open_contest: Contest) -> None:
    judge = open_contest.judge()

    for verb in ("freeze", "thaw", "lock", "publish"):
        assert open_contest.do(verb, by=judge).status_code == 403
    assert open_contest.send("POST", "/boards/weld/publish", {}).status_code == 401
