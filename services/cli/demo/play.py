"""Plays the demo year into a platform, one act after another, as judges and organisers would."""

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from rules.text import Text
from services.cli.client import Client, Refused
from services.cli.demo import words
from services.cli.demo.bench import Bench
from services.cli.demo.script import Act, Decide, Mark, Move, Raise
from services.cli.demo.stage import Stage
from services.cli.package.contest import BoardPart, Package
from services.cli.package.send_board import sheet_id
from services.cli.package.send_proposals import send_proposals
from services.kit.resources import plain

Tell = Callable[[Text], None]


class Player:
    """Plays acts. What the platform refuses, because people have changed something, is said and left out."""

    def __init__(self, organiser: Client, package: Package, stage: Stage, tell: Tell) -> None:
        self._organiser, self._package, self._stage, self._tell = organiser, package, stage, tell
        self._bench = Bench(organiser, package, {code: board.id for code, board in stage.boards.items()})
        self._entries = {code: dict(board.entries) for code, board in stage.boards.items()}

    def play(self, acts: list[Act], pace: float) -> None:
        """All acts, `pace` of them a second."""
        self._bench.leave()
        self._tell(words.seated(self._bench.sit()))
        begin = time.monotonic()
        for number, act in enumerate(acts):
            time.sleep(max(0.0, begin + number / pace - time.monotonic()))
            self._do(act)
        self._bench.leave()

    def _do(self, act: Act) -> None:
        part = self._package.board(act.board)
        said = words.said(self._package, act)
        try:
            match act:
                case Mark() if act.sheet.source == "judge":
                    self._mark(part, act)
                case Mark():
                    self._report(part, act)
                case Move():
                    self._move(part, act)
                case Raise(veto=veto):
                    body = {"veto": veto.veto, "source": veto.source, "reason": veto.reason}
                    self._control(part, "vetoes", {"entry": self._entries[part.code][veto.entry], **body})
                case Decide():
                    self._control(part, act.what, {})
        except Refused as refused:
            said = words.left_out(said, refused)
        self._tell(said)

    def _mark(self, part: BoardPart, act: Mark) -> None:
        key = act.sheet.key
        body = {"board": self._stage.boards[part.code].id, "attempt": key.attempt, **self._marks(part, act)}
        self._bench.judge(part.code, key.judge).post("/api/scoring/sheets", body)

    def _report(self, part: BoardPart, act: Mark) -> None:
        body = {"period": act.sheet.key.attempt, "source": act.sheet.source, **self._marks(part, act)}
        self._control(part, "indicators", body)

    def _marks(self, part: BoardPart, act: Mark) -> dict[str, Any]:
        key = act.sheet.key
        return {
            "id": sheet_id(self._package, part, key),
            "entry": self._entries[part.code][key.entry],
            "stage": key.stage,
            "marks": {path: None if mark is None else plain(mark) for path, mark in act.sheet.marks.items()},
        }

    def _move(self, part: BoardPart, act: Move) -> None:
        known = tuple(each for each in part.proposals if each.external_id == act.proposal.merged_into)
        shown = replace(part, proposals=(*(replace(each, stage="submitted") for each in known), act.proposal))
        board = self._stage.boards[part.code].id
        found = send_proposals(self._organiser, self._package, shown, board, self._stage.units)
        self._entries[part.code] |= found.ids
        found.advance()

    def _control(self, part: BoardPart, what: str, body: dict[str, Any]) -> None:
        self._organiser.post(f"/api/scoring/boards/{self._stage.boards[part.code].id}/{what}", body)
