"""What of the demo year is on a platform already: ids by code, and what was played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.cli.client import Client
from services.cli.demo.script import Act, Mark, Move, Raise
from services.cli.package.contest import Package, Proposal, course

Slot = tuple[str, str, str, int]


@dataclass(frozen=True, slots=True)
class BoardThere:
    """A board of the platform: entry ids and proposals' stages by external id, sheets by what they are of."""

    id: str
    entries: Mapping[str, str]
    sheets: Mapping[Slot, str]
    stages: Mapping[str, str]
    control: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """The platform as the play finds it. `units` are ids by code."""

    boards: Mapping[str, BoardThere]
    units: Mapping[str, str]

    @property
    def is_played_on(self) -> bool:
        """Whether somebody marked already: from then on people may have changed what was loaded."""
        return any(source != "imported" for board in self.boards.values() for source in board.sheets.values())

    def left(self, acts: Sequence[Act]) -> list[Act]:
        """What is still to be played. What the jury decides comes back only where something follows it."""
        recorded = [number for number, act in enumerate(acts) if isinstance(act, Mark | Move)]
        undone = [number for number in recorded if not self._is_done(acts[number])]
        if not undone:
            return []
        before = [number for number in recorded if number < undone[0]]
        begin = before[-1] + 1 if before else 0
        return [act for act in acts[begin:] if not self._is_done(act)]

    def _is_done(self, act: Act) -> bool:
        board = self.boards[act.board]
        match act:
            case Mark(sheet=sheet):
                key = sheet.key
                entry = board.entries.get(key.entry, "")
                return (entry, key.judge, key.stage, key.attempt) in board.sheets
            case Move(proposal=proposal):
                return _has_reached(proposal, board.stages.get(proposal.external_id))
            case Raise(veto=veto):
                raised = board.control["vetoes"].get(board.entries.get(veto.entry, ""), {})
                return veto.veto in raised
            case _:
                return False


def find(client: Client, package: Package) -> Stage | None:
    """What is there; None where the campaign or one of its boards is missing."""
    campaigns = list(client.pages("/api/registration/campaigns", code=package.campaign.code))
    if not campaigns:
        return None
    boards = {
        each["code"]: each["id"]
        for each in client.pages("/api/registration/boards", campaign=campaigns[0]["id"])
    }
    if not all(part.code in boards for part in package.boards):
        return None
    found = {part.code: _board(client, boards[part.code], part.about.kind) for part in package.boards}
    units = {each["code"]: each["id"] for each in client.pages("/api/registration/units")}
    return Stage(found, units)


def _board(client: Client, id: str, kind: str) -> BoardThere:
    entries = {
        each["external_id"]: each["id"] for each in client.pages(f"/api/registration/boards/{id}/entries")
    }
    proposals = list(client.pages(f"/api/suggestions/boards/{id}/proposals")) if kind == "drive" else []
    entries |= {each["external_id"]: each["id"] for each in proposals}
    sheets = {
        (each["entry"], each["judge"], each["stage"], each["attempt"]): str(each["source"])
        for each in client.pages(f"/api/scoring/boards/{id}/sheets")
    }
    return BoardThere(
        id=id,
        entries=entries,
        sheets=sheets,
        stages={each["external_id"]: each["stage"] for each in proposals},
        control=client.get(f"/api/scoring/boards/{id}/control"),
    )


def _has_reached(proposal: Proposal, present: str | None) -> bool:
    """Also where people have taken it another way than the script."""
    if present is None:
        return False
    stages = [str(stage) for stage in course(proposal)]
    return present not in stages or present == proposal.stage
