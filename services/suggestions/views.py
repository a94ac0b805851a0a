"""Proposals as a reader may see them: who wrote them stays hidden where the board is blind or the report
anonymous."""

from dataclasses import dataclass
from datetime import datetime

from rules.text import Language
from schemas.objects import Board, Proposal
from services.kit.access import Principal, Role
from services.kit.problems import NotFound
from services.kit.sealed import Sealer
from services.kit.session import ReadSession
from services.suggestions import domain, repository
from services.suggestions.boards import drive_board, takes_part
from services.suggestions.domain import STAGE_NAMES, DriveRules
from services.suggestions.repository import Wanted
from services.suggestions.resources import (
    DuplicateBody,
    GradeBody,
    ProposalBody,
    ProposalDetail,
    ProposalPage,
    StepBody,
    UnitBody,
)
from services.suggestions.tables import ProposalRow


@dataclass(frozen=True)
class Reader:
    """One person reading the proposals of one board."""

    session: ReadSession
    asking: Principal
    board: Board
    rules: DriveRules
    sealer: Sealer
    language: Language
    now: datetime

    @property
    def runs_it(self) -> bool:
        return self.asking.may(Role.ORGANISER, unit=self.board.unit.path, board=self.board.id)

    @property
    def sees_authors(self) -> bool:
        oversees = self.asking.may(Role.AUDITOR, unit=self.board.unit.path, board=self.board.id)
        return not self.board.blind or self.runs_it or oversees

    def page(self, wanted: Wanted, offset: int, limit: int) -> ProposalPage:
        total, rows = repository.page(self.session, wanted, offset, limit)
        return ProposalPage(total=total, offset=offset, limit=limit, proposals=tuple(self._bodies(rows)))

    def detail(self, row: ProposalRow) -> ProposalDetail:
        duplicates = [repository.proposal_of(each) for each in repository.merged_into(self.session, row.id)]
        steps = repository.steps(self.session, row.id)
        [body] = self._bodies([row])
        return ProposalDetail(
            **body.model_dump(),
            steps=tuple(
                StepBody(
                    action=step.action,
                    stage=step.stage,
                    stage_name=STAGE_NAMES[step.stage].say(self.language),  # type: ignore[index]  # text in the table
                    reason=step.reason,
                    at=step.at,
                )
                for step in steps
            ),
            duplicates=tuple(
                DuplicateBody(id=each.id, title=each.title, authors=self._authors(each, False))
                for each in duplicates
            ),
        )

    def _bodies(self, rows: list[ProposalRow]) -> list[ProposalBody]:
        ids = [row.id for row in rows]
        mine = repository.authored(self.session, ids, self.sealer.index(self.asking.account))
        voted = repository.voted(self.session, ids, self.asking.account)
        return [self._body(row, row.id in mine, row.id in voted) for row in rows]

    def _body(self, row: ProposalRow, mine: bool, voted: bool) -> ProposalBody:
        proposal = repository.proposal_of(row)
        unit = proposal.unit
        return ProposalBody(
            id=row.id,
            board=row.board,
            kind=proposal.kind,
            stage=proposal.stage,
            stage_name=STAGE_NAMES[proposal.stage].say(self.language),
            version=row.version,
            title=proposal.title,
            unit=UnitBody(id=unit.id, name=unit.name, path=unit.path) if self.sees_authors or mine else None,
            authors=self._authors(proposal, mine),
            anonymous=proposal.anonymous,
            mine=mine,
            present=proposal.present,
            measure=proposal.measure,
            effect=proposal.effect,
            external_id=proposal.external_id if self.sees_authors or mine else "",
            category=proposal.category,
            reason=proposal.reason,
            benefit=proposal.benefit,
            grade=self._grade(proposal),
            votes=proposal.votes,
            voted=voted,
            merged_into=proposal.merged_into,
            submitted_at=row.submitted_at,
            answer_due_at=row.answer_due_at,
            answered_at=row.answered_at,
            overdue=row.answered_at is None and row.answer_due_at < self.now,
            possible=domain.possible_actions(proposal) if self.runs_it else (),
        )

    def _authors(self, proposal: Proposal, mine: bool) -> tuple[str, ...]:
        return proposal.authors if mine or self.sees_authors else ()

    def _grade(self, proposal: Proposal) -> GradeBody | None:
        if proposal.benefit is None or proposal.kind == "hazard":
            return None
        found = domain.grade(proposal.benefit, self.rules.upper_inclusive)
        return GradeBody(
            grade=found.grade,
            bonus_from=found.least,
            bonus_to=found.most,
            honour=found.honour.say(self.language),
        )


def reader(
    session: ReadSession,
    asking: Principal,
    board_id: str,
    *,
    sealer: Sealer,
    language: Language,
    now: datetime,
) -> Reader:
    """A reader of this board; raises Forbidden for people who have nothing to do with it."""
    board = drive_board(session, board_id)
    if not takes_part(asking, board):
        asking.require(*Role, unit=board.unit.path, board=board.id)
    rules = repository.drive(session, board.id)
    return Reader(session, asking, board, rules, sealer, language, now)


def find(session: ReadSession, id: str) -> ProposalRow:
    row = repository.find(session, id)
    if row is None:
        raise NotFound
    return row
