"""Draw numbers and blind codes: drawn by the server, recorded so that the draw can be repeated."""

import secrets
from dataclasses import replace

import msgspec

from rules.text import Text
from schemas.events.registrations import NumbersDrawn
from schemas.events.scores import SheetSubmitted
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.ids import new_id
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession
from services.registration import drawing
from services.registration.domain import Draw, EntryRecord
from services.registration.powers import board_for, require_organiser, take_turn
from services.registration.problems import NothingToDraw, ScoringStarted
from services.registration.repository import boards as board_rows
from services.registration.repository import entries as repository
from services.registration.service.telling import tell
from services.registration.tables import entries


def draw(
    session: WriteSession,
    runtime: Runtime,
    principal: Principal,
    board_id: str,
    *,
    redraw: bool = False,
    reason: str = "",
) -> tuple[Draw, list[EntryRecord]]:
    """Draw numbers for the verified entries that have none: late entries get the next numbers.

    `redraw` draws all numbers and codes anew; once scoring has started that needs a reason.
    """
    record = take_turn(session, principal, board_id)
    require_organiser(principal, record.board)
    if redraw and not reason and log.has(session, board_id, SheetSubmitted):
        raise ScoringStarted(
            way_out=Text("写明原因再抽签，原因会公开", "Give the reason; it is kept with the draw")
        )
    verified = repository.all_where(session, entries.c.board == board_id, entries.c.status == "verified")
    waiting = verified if redraw else [each for each in verified if not each.entry.number]
    if not waiting:
        raise NothingToDraw(
            way_out=Text(
                "先审核报名；重新抽签请选“全部重抽”", "Verify entries first, or draw all anew (redraw)"
            )
        )
    made = Draw(
        id=new_id(),
        board=board_id,
        seed=secrets.token_hex(16),
        first=1 if redraw else repository.last_number(session, board_id) + 1,
        entries=tuple(sorted(each.entry.id for each in waiting)),
        redraw=redraw,
        reason=reason,
        drawn_at=runtime.clock(),
        drawn_by=principal.account,
    )
    after = _numbered(session, made, waiting, record.board.blind)
    if redraw:
        numbered = repository.all_where(session, entries.c.board == board_id, entries.c.number > 0)
        after += [_without_number(each) for each in numbered if each.entry.status != "verified"]
    _record(session, principal, made, after)
    numbered_now = [each for each in after if each.entry.number]
    return made, sorted(numbered_now, key=lambda each: each.entry.number)


def list_draws(session: ReadSession, principal: Principal, board_id: str) -> list[Draw]:
    """All draws of a board, the last first, with their seeds."""
    record = board_for(session, principal, board_id)
    principal.require(Role.ORGANISER, Role.AUDITOR, unit=record.board.unit.path, board=board_id)
    return board_rows.draws_of(session, board_id)


def _record(session: WriteSession, principal: Principal, made: Draw, after: list[EntryRecord]) -> None:
    repository.set_numbers(session, after)
    board_rows.add_draw(session, made)
    fact = NumbersDrawn(
        board=made.board,
        numbers={each.entry.id: each.entry.number for each in after},
        codes={each.entry.id: each.entry.code for each in after if each.entry.code},
    )
    version = board_rows.raise_version(session, made.board)
    tell(session, fact, made.board, principal, now=made.drawn_at, version=version)


def _without_number(record: EntryRecord) -> EntryRecord:
    """A number drawn anew may be the one of an entry that no longer takes part: that one loses it."""
    entry = msgspec.structs.replace(record.entry, number=0)
    return replace(record, version=record.version + 1, entry=entry)


def _numbered(session: ReadSession, made: Draw, waiting: list[EntryRecord], blind: bool) -> list[EntryRecord]:
    numbers = drawing.numbers(made.seed, made.entries, made.first)
    without = [each.entry.id for each in waiting if made.redraw or not each.entry.code]
    taken = repository.codes_of(session, made.board)
    codes = drawing.codes(made.seed, without, taken) if blind else {}
    return [
        replace(
            each,
            version=each.version + 1,
            entry=msgspec.structs.replace(
                each.entry,
                number=numbers[each.entry.id],
                code=codes.get(each.entry.id, each.entry.code),
            ),
        )
        for each in waiting
    ]
