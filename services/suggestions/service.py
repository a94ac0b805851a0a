"""The commands of a proposal's life: check who asks, let the domain decide, write, state a fact."""

from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from rules.text import Text
from schemas.events.suggestions import VoteCast
from schemas.objects import Board, Proposal, UnitRef
from schemas.registry import Fact
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.ids import new_id
from services.kit.problems import NotFound
from services.kit.runtime import Runtime
from services.kit.session import WriteSession
from services.suggestions import domain, repository
from services.suggestions.boards import FINDS, drive_board, takes_part
from services.suggestions.domain import Action, DriveRules
from services.suggestions.problems import (
    AlreadyVoted,
    AuthorsMissing,
    HasDuplicates,
    MergeStands,
    NotAnonymous,
    NotEarlier,
    NotMarked,
    OwnProposal,
    UnitOutside,
)
from services.suggestions.resources import AuthorBody, ProposalDraft
from services.suggestions.tables import ProposalRow

SOURCE = "suggestions"
NOBODY = "anonymous"
"""The actor of an anonymous report in events and steps."""


@dataclass(frozen=True)
class Suggestions:
    """The use cases, for one person asking in one transaction."""

    runtime: Runtime
    session: WriteSession
    asking: Principal

    def submit(self, board_id: str, draft: ProposalDraft) -> ProposalRow:
        """Hand in a proposal: as one's own with a contestant's grant over the unit, or for others."""
        board = drive_board(self.session, board_id)
        self._check_submit(board, draft)
        domain.check_gradable(draft.kind, draft.present, draft.measure, draft.effect)
        authors = self._authors(board, draft)
        now = self.runtime.clock()
        proposal = _proposal(board, draft, authors)
        row = ProposalRow(id=proposal.id, version=0, submitted_at=now, stage_before_merge="")
        row.answer_due_at = domain.answer_due(draft.kind, now, repository.drive(self.session, board.id))
        if draft.anonymous:
            names = "\n".join(author.name for author in authors)
            row.sealed_authors = self.runtime.sealer.seal(names)
        repository.keep(row, proposal)
        indexes = [self.runtime.sealer.index(author.account) for author in authors if author.account]
        repository.add(self.session, row, indexes)
        self._state(row, proposal, "submit", actor=NOBODY if draft.anonymous else self.asking.account)
        return row

    def advance(
        self, id: str, action: Action, reason: str = "", benefit: Decimal | None = None
    ) -> ProposalRow:
        """Screen, adopt, decline, implement, verify or close."""
        row = self._take(id)
        proposal = repository.proposal_of(row)
        self._require_organiser(proposal)
        stage = domain.move(proposal, action)
        changed = replace(proposal, stage=stage, reason=reason)
        if benefit is not None:
            changed = replace(changed, benefit=benefit)
        self._state(row, changed, action, reason)
        return row

    def review(self, id: str, reason: str = "") -> ProposalRow:
        """Mark the panel's review as finished; the marks themselves are sheets of the drive's board."""
        row = self._take(id)
        proposal = repository.proposal_of(row)
        board = drive_board(self.session, proposal.board)
        self.asking.require(Role.ORGANISER, Role.CHIEF_JUDGE, unit=board.unit.path, board=board.id)
        stage = domain.move(proposal, "review")
        if not repository.is_marked(self.session, board.id, id):
            raise NotMarked(
                way_out=Text(
                    "请评委先在评分页为此件打分", "Let the panel mark it first, on the marking page"
                ),
                proposal=id,
            )
        self._state(row, replace(proposal, stage=stage, reason=reason), "review", reason)
        return row

    def merge(self, id: str, into: str, reason: str) -> ProposalRow:
        """Merge into an earlier one: authors stay with each; votes move, one each, none for one's own."""
        rows = repository.take(self.session, [id, into])
        row = _found(rows.get(id))
        proposal = repository.proposal_of(row)
        self._require_organiser(proposal)
        stage = domain.move(proposal, "merge")
        target_row = _found(rows.get(into))
        target = repository.proposal_of(target_row)
        self._check_merge(row, target_row, proposal, target)
        allowed = repository.voters(self.session, id) - repository.voters(self.session, into)
        own = repository.author_indexes(self.session, into)
        moving = {voter for voter in allowed if self.runtime.sealer.index(voter) not in own}
        repository.move_votes(self.session, id, into, moving)
        row.stage_before_merge = proposal.stage
        self._state(row, replace(proposal, stage=stage, reason=reason, merged_into=into), "merge", reason)
        self._recount(target_row, target, "take-over", reason)
        return row

    def unmerge(self, id: str, reason: str) -> ProposalRow:
        """Undo a merge, votes too; refused once the one it was merged into is adopted."""
        into = _found(repository.find(self.session, id)).merged_into or ""
        rows = repository.take(self.session, [id, into])
        row = _found(rows.get(id))
        proposal = repository.proposal_of(row)
        self._require_organiser(proposal)
        if proposal.stage != "merged" or proposal.merged_into != into:
            raise domain.not_now(proposal, "unmerge")
        target_row = rows[into]
        target = repository.proposal_of(target_row)
        if target.stage in domain.ADOPTED:
            raise MergeStands(
                way_out=Text("请把意见记入已采纳的建议", "Note it with the adopted proposal"),
                merged_into=into,
            )
        repository.return_votes(self.session, into, id)
        votes = len(repository.voters(self.session, id))
        restored = replace(
            proposal, stage=row.stage_before_merge, reason=reason, merged_into=None, votes=votes
        )
        self._state(row, restored, "unmerge", reason)
        self._recount(target_row, target, "give-back", reason)
        return row

    def vote(self, id: str) -> ProposalRow:
        """One vote per person, never for one's own."""
        row = self._take(id)
        proposal = repository.proposal_of(row)
        board = drive_board(self.session, proposal.board)
        if not takes_part(self.asking, board, Role.CONTESTANT):
            self.asking.require(Role.CONTESTANT, unit=board.unit.path, board=board.id)
        domain.check_vote(proposal)
        if self.runtime.sealer.index(self.asking.account) in repository.author_indexes(self.session, id):
            raise OwnProposal(way_out=Text("可以给别人的建议投票", "Vote for somebody else's"))
        if not repository.add_vote(self.session, id, self.asking.account, self.runtime.clock()):
            raise AlreadyVoted(way_out=Text("每人一票，无需重复", "One vote each; nothing more to do"))
        counted = replace(proposal, votes=len(repository.voters(self.session, id)))
        repository.keep(row, counted)
        row.version += 1
        fact = VoteCast(proposal=domain.told(counted), voter=self.asking.account)
        self._append(row, fact, self.asking.account)
        return row

    def set_drive(self, board_id: str, rules: DriveRules) -> None:
        board = drive_board(self.session, board_id)
        self.asking.require(Role.ORGANISER, unit=board.unit.path, board=board.id)
        repository.set_drive(self.session, board.id, rules)

    def _take(self, id: str) -> ProposalRow:
        return _found(repository.take(self.session, [id]).get(id))

    def _require_organiser(self, proposal: Proposal) -> None:
        board = drive_board(self.session, proposal.board)
        self.asking.require(Role.ORGANISER, unit=board.unit.path, board=board.id)

    def _check_submit(self, board: Board, draft: ProposalDraft) -> None:
        if not self.asking.may(Role.ORGANISER, unit=board.unit.path, board=board.id):
            self.asking.require(Role.CONTESTANT, unit=draft.unit.path)
        path = draft.unit.path
        if not path.startswith(board.unit.path) or path.split("/")[-2] != draft.unit.id:
            raise UnitOutside(
                way_out=Text(
                    f"改为“{board.unit.name}”及其下属单位", f"Choose {board.unit.name} or a unit below it"
                ),
                unit=draft.unit.id,
                path=path,
            )
        if draft.anonymous and draft.kind != "hazard":
            raise NotAnonymous(
                way_out=Text("写上建议人，或作为隐患报告提交", "Name the author, or report it as a hazard")
            )

    def _authors(self, board: Board, draft: ProposalDraft) -> tuple[AuthorBody, ...]:
        """Those named; a worker who hands in is always the first, an organiser only where nobody is named."""
        mine = AuthorBody(name=self.asking.name, account=self.asking.account)
        if self.asking.may(Role.CONTESTANT, unit=draft.unit.path) and not self.asking.may(
            Role.ORGANISER, unit=board.unit.path, board=board.id
        ):
            others = [author for author in draft.authors if author.account != mine.account]
            return (mine, *(author for author in others if author.name != mine.name))
        if not draft.authors:
            raise AuthorsMissing(way_out=Text("写上建议人的姓名", "Name those who proposed it"))
        return draft.authors

    def _check_merge(
        self, row: ProposalRow, target_row: ProposalRow, proposal: Proposal, target: Proposal
    ) -> None:
        hazards = (proposal.kind == "hazard", target.kind == "hazard")
        later = (row.submitted_at, row.id) <= (target_row.submitted_at, target_row.id)
        dead = target.stage in ("merged", "declined")
        if proposal.board != target.board or hazards[0] != hazards[1] or later or dead:
            raise NotEarlier(
                way_out=Text(
                    "选择同一活动中更早提交、仍在办理的同类建议",
                    "Choose one of the same drive and kind that came earlier and is still open",
                ),
                into=target.id,
            )
        if repository.merged_into(self.session, row.id):
            raise HasDuplicates(
                way_out=Text("先撤销那些并案，再并入更早的一件", "Undo those merges, then merge this one")
            )

    def _recount(self, row: ProposalRow, proposal: Proposal, action: str, reason: str) -> None:
        """State the proposal again with the votes that count for it now."""
        votes = len(repository.voters(self.session, row.id))
        self._state(row, replace(proposal, votes=votes), action, reason)

    def _state(
        self, row: ProposalRow, proposal: Proposal, action: str, reason: str = "", actor: str = ""
    ) -> None:
        now, actor = self.runtime.clock(), actor or self.asking.account
        repository.keep(row, proposal)
        row.version += 1
        if domain.answers(proposal.kind, proposal.stage):
            row.answered_at = row.answered_at or now
        elif action == "unmerge":
            row.answered_at = None
        repository.add_step(self.session, row, action, actor=actor, reason=reason, at=now)
        self._append(row, domain.stated(domain.told(proposal)), actor)

    def _append(self, row: ProposalRow, fact: Fact, actor: str) -> None:
        log.append(
            self.session,
            fact,
            board=row.board,
            source=SOURCE,
            actor=actor,
            time=self.runtime.clock(),
            entityversion=row.version,
        )


def _found(row: ProposalRow | None) -> ProposalRow:
    if row is None:
        raise NotFound(way_out=FINDS)
    return row


def _proposal(board: Board, draft: ProposalDraft, authors: tuple[AuthorBody, ...]) -> Proposal:
    return Proposal(
        id=new_id(),
        board=board.id,
        kind=draft.kind,
        stage="submitted",
        title=draft.title,
        unit=UnitRef(id=draft.unit.id, name=draft.unit.name, path=draft.unit.path),
        authors=() if draft.anonymous else tuple(author.name for author in authors),
        present=draft.present,
        measure=draft.measure,
        effect=draft.effect,
        external_id=draft.external_id,
        category=draft.category,
        anonymous=draft.anonymous,
    )
