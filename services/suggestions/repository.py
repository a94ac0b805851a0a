"""Proposals, votes and drives in the database."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from schemas.envelope import canonical, decode
from schemas.events.scores import SheetConfirmed, SheetCorrected, SheetSubmitted
from schemas.objects import Proposal
from schemas.registry import event_type
from schemas.topics import Topic
from services.kit import log
from services.kit.session import ReadSession, WriteSession
from services.suggestions.domain import DriveRules
from services.suggestions.problems import NumberTaken
from services.suggestions.tables import AuthorRow, DriveRow, MarkedRow, ProposalRow, StepRow, VoteRow

_decoder = msgspec.json.Decoder(Proposal)
_CHUNK = 5_000
_MARKS = frozenset(event_type(kind) for kind in (SheetSubmitted, SheetConfirmed, SheetCorrected))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which proposals of a board a list asks for."""

    board: str
    text: str = ""
    authors_too: bool = False
    stage: str | None = None
    kind: str | None = None
    unit_path: str = ""
    overdue_at: datetime | None = None


def proposal_of(row: ProposalRow) -> Proposal:
    return _decoder.decode(row.body)


def keep(row: ProposalRow, proposal: Proposal) -> None:
    """Write the proposal into its row, with the columns that lists filter by."""
    row.board, row.kind, row.stage = proposal.board, proposal.kind, proposal.stage
    row.unit_path, row.external_id = proposal.unit.path, proposal.external_id or None
    row.merged_into = proposal.merged_into
    row.search = _folded(f"{proposal.title}\n{proposal.external_id}")
    row.author_search = _folded("\n".join((*proposal.authors, proposal.unit.name)))
    row.body = canonical(proposal)


def add(session: WriteSession, row: ProposalRow, account_indexes: Iterable[str]) -> None:
    """A new proposal with its authors; raises NumberTaken."""
    try:
        with session.begin_nested():
            session.add(row)
            session.flush()
    except IntegrityError as error:
        raise NumberTaken(number=row.external_id) from error
    session.add_all([AuthorRow(proposal=row.id, account_index=each) for each in sorted(set(account_indexes))])


def find(session: ReadSession, id: str) -> ProposalRow | None:
    return session.get(ProposalRow, id)


def take(session: WriteSession, ids: Sequence[str]) -> dict[str, ProposalRow]:
    """These rows, locked until the transaction ends; in one order, so that two commands never deadlock."""
    found = session.scalars(
        select(ProposalRow)
        .where(ProposalRow.id.in_(ids))
        .order_by(ProposalRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


def page(session: ReadSession, wanted: Wanted, offset: int, limit: int) -> tuple[int, list[ProposalRow]]:
    """How many there are, and one page, newest first."""
    conditions = _conditions(wanted)
    total = session.scalar(select(func.count()).select_from(ProposalRow).where(*conditions)) or 0
    rows = (
        select(ProposalRow)
        .where(*conditions)
        .order_by(ProposalRow.submitted_at.desc(), ProposalRow.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return total, list(session.scalars(rows))


def merged_into(session: ReadSession, id: str) -> list[ProposalRow]:
    return list(
        session.scalars(select(ProposalRow).where(ProposalRow.merged_into == id).order_by(ProposalRow.id))
    )


def add_step(
    session: WriteSession, row: ProposalRow, action: str, *, actor: str, reason: str, at: datetime
) -> None:
    session.add(
        StepRow(
            proposal=row.id,
            version=row.version,
            action=action,
            stage=row.stage,
            actor=actor,
            reason=reason,
            at=at,
        )
    )


def steps(session: ReadSession, id: str) -> list[StepRow]:
    return list(session.scalars(select(StepRow).where(StepRow.proposal == id).order_by(StepRow.version)))


def authored(session: ReadSession, ids: Sequence[str], account_index: str) -> set[str]:
    """Which of these proposals are this account's own."""
    return set(
        session.scalars(
            select(AuthorRow.proposal).where(
                AuthorRow.proposal.in_(ids), AuthorRow.account_index == account_index
            )
        )
    )


def author_indexes(session: ReadSession, id: str) -> set[str]:
    return set(session.scalars(select(AuthorRow.account_index).where(AuthorRow.proposal == id)))


def add_vote(session: WriteSession, id: str, voter: str, at: datetime) -> bool:
    """False where this person's vote is there already."""
    try:
        with session.begin_nested():
            session.execute(insert(VoteRow).values(proposal=id, voter=voter, cast_for=id, cast_at=at))
    except IntegrityError:
        return False
    return True


def voted(session: ReadSession, ids: Sequence[str], voter: str) -> set[str]:
    return set(
        session.scalars(select(VoteRow.proposal).where(VoteRow.proposal.in_(ids), VoteRow.voter == voter))
    )


def voters(session: ReadSession, id: str) -> set[str]:
    return set(session.scalars(select(VoteRow.voter).where(VoteRow.proposal == id)))


def move_votes(session: WriteSession, source: str, target: str, people: Iterable[str]) -> None:
    """Let the votes of these people count for `target`; the others stay where they were cast."""
    session.execute(
        update(VoteRow)
        .where(VoteRow.proposal == source, VoteRow.voter.in_(sorted(people)))
        .values(proposal=target)
    )


def return_votes(session: WriteSession, target: str, source: str) -> None:
    session.execute(
        update(VoteRow).where(VoteRow.proposal == target, VoteRow.cast_for == source).values(proposal=source)
    )


def drive(session: ReadSession, board: str) -> DriveRules:
    row = session.get(DriveRow, board)
    return DriveRules(row.answer_days, row.hazard_hours, row.upper_inclusive) if row else DriveRules()


def set_drive(session: WriteSession, board: str, rules: DriveRules) -> None:
    row = _take_drive(session, board)
    row.answer_days, row.hazard_hours = rules.answer_days, rules.hazard_hours
    row.upper_inclusive = rules.upper_inclusive


def is_marked(session: WriteSession, board: str, proposal: str) -> bool:
    """Whether a panel has marked it; reads on in the log to its present end first."""
    row = _take_drive(session, board)
    found: set[str] = set()
    while events := log.read_board(session, board, Topic.SCORES, row.scores_read, _CHUNK):
        envelopes = [decode(event.body) for event in events]
        found.update(each.subject for each in envelopes if each.type in _MARKS)
        row.scores_read = events[-1].sequence
    known = set(session.scalars(select(MarkedRow.proposal).where(MarkedRow.board == board)))
    session.add_all([MarkedRow(board=board, proposal=each) for each in sorted(found - known)])
    return proposal in known | found


def _take_drive(session: WriteSession, board: str) -> DriveRow:
    row = session.get(DriveRow, board, with_for_update=True, populate_existing=True)
    if row is not None:
        return row
    try:
        with session.begin_nested():
            session.add(DriveRow(board=board))
            session.flush()
    except IntegrityError:
        pass  # another transaction made it meanwhile
    return session.get_one(DriveRow, board, with_for_update=True, populate_existing=True)


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    exact: Mapping[str, str | None] = {"board": wanted.board, "stage": wanted.stage, "kind": wanted.kind}
    found: list[ColumnElement[bool]] = [
        getattr(ProposalRow, column) == value for column, value in exact.items() if value is not None
    ]
    if wanted.unit_path:
        found.append(ProposalRow.unit_path.startswith(wanted.unit_path, autoescape=True))
    if words := _folded(wanted.text):
        searched = [ProposalRow.search, *([ProposalRow.author_search] if wanted.authors_too else [])]
        found.append(or_(*(column.contains(words, autoescape=True) for column in searched)))
    if wanted.overdue_at is not None:
        found += [ProposalRow.answered_at.is_(None), ProposalRow.answer_due_at < wanted.overdue_at]
    return found


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold()
