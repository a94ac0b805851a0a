"""The demo year as a script: nothing is lost between what is loaded and what is played."""

from typing import Any

import pytest

from services.cli.demo.load import demo_year
from services.cli.demo.script import Act, Decide, Mark, Move, acts, beginning
from services.cli.demo.stage import BoardThere, Stage
from services.cli.package.contest import Package


@pytest.fixture(scope="module")
def year() -> Package:
    return demo_year()


def empty_stage(year: Package) -> Stage:
    control: dict[str, Any] = {"vetoes": {}}
    return Stage({part.code: BoardThere(part.code, {}, {}, {}, control) for part in year.boards}, {})


def after(year: Package, played: list[Act]) -> Stage:
    """A platform on which these acts were played; entries have their external ids as ids."""
    boards = {}
    for part in year.boards:
        sheets = {
            (act.sheet.key.entry, act.sheet.key.judge, act.sheet.key.stage, act.sheet.key.attempt): "judge"
            for act in played
            if isinstance(act, Mark) and act.board == part.code
        }
        stages = {
            act.proposal.external_id: str(act.proposal.stage)
            for act in played
            if isinstance(act, Move) and act.board == part.code
        }
        entries = {entry: entry for entry in part.known}
        boards[part.code] = BoardThere(part.code, entries, sheets, stages, {"vetoes": {}})
    return Stage(boards, {})


def test_year_has_two_trades_a_league_a_drive_and_a_campaign_with_awards(year: Package) -> None:
    assert [part.about.kind for part in year.boards] == ["contest", "contest", "league", "drive", "campaign"]
    assert all(part.scheme is not None and part.scheme["awards"] for part in year.boards)
    assert [len(year.board(code).entries) for code in ("welding", "electrician", "league")] == [47, 36, 6]


def test_every_sheet_is_either_loaded_or_played(year: Package) -> None:
    for part in year.boards:
        loaded = {sheet.key for sheet in beginning(year).board(part.code).sheets}
        played = [act.sheet.key for act in acts(year) if isinstance(act, Mark) and act.board == part.code]

        assert len(played) == len(set(played))
        assert loaded | set(played) == {sheet.key for sheet in part.sheets}
        assert not loaded & set(played)


def test_every_proposal_ends_at_the_stage_of_the_package(year: Package) -> None:
    last = {act.proposal.external_id: act.proposal for act in acts(year) if isinstance(act, Move)}

    assert last == {each.external_id: each for part in year.boards for each in part.proposals}


def test_a_proposal_is_marked_between_screening_and_review(year: Package) -> None:
    of_one = [act for act in acts(year) if _proposal_of(act) == "P01"]

    kinds = [act.proposal.stage if isinstance(act, Move) else "mark" for act in of_one]
    assert kinds == [
        *("submitted", "screened", "mark", "mark", "mark"),
        *("reviewed", "adopted", "implemented", "verified"),
    ]


def test_frozen_board_thaws_after_its_last_mark(year: Package) -> None:
    of_board = [act for act in acts(year) if act.board == "welding"]
    decided = [number for number, act in enumerate(of_board) if isinstance(act, Decide)]

    assert [act.what for act in of_board if isinstance(act, Decide)] == ["freeze", "thaw"]
    assert 0 < decided[0] < decided[1] == len(of_board) - 1


def test_a_new_platform_has_everything_to_play(year: Package) -> None:
    assert empty_stage(year).left(acts(year)) == acts(year)


@pytest.mark.parametrize("played", [1, 100, 250, 400])
def test_play_goes_on_where_it_was(year: Package, played: int) -> None:
    script = acts(year)

    left = after(year, script[:played]).left(script)

    missing = [act for act in script[played:] if act not in left]
    assert missing == []
    assert [act for act in left if isinstance(act, Mark | Move)] == [
        act for act in script[played:] if isinstance(act, Mark | Move)
    ]


def test_a_year_that_was_played_stays_as_people_left_it(year: Package) -> None:
    assert after(year, acts(year)).left(acts(year)) == []


def test_a_proposal_that_people_declined_is_not_taken_further(year: Package) -> None:
    script = acts(year)
    stage = after(year, script[:1])
    stages = {"P01": "declined"}
    ideas = stage.boards["ideas"]
    boards = {**stage.boards, "ideas": BoardThere("ideas", ideas.entries, {}, stages, ideas.control)}

    left = Stage(boards, {}).left(script)

    assert not any(isinstance(act, Move) and act.proposal.external_id == "P01" for act in left)


def _proposal_of(act: Act) -> str:
    if isinstance(act, Move):
        return act.proposal.external_id
    return act.sheet.key.entry if isinstance(act, Mark) else ""
