"""Entries: registered, changed, verified, withdrawn."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

import msgspec

from rules.text import Text
from schemas.events.registrations import EntryChanged, EntryRegistered, EntryVerified, EntryWithdrawn
from schemas.objects import UnitRef
from services.kit.access import Principal
from services.kit.problems import NotFound
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession
from services.registration import problems
from services.registration.domain import BoardRecord, Draft, EntryRecord
from services.registration.powers import board_for, organises, require_entering, require_organiser, take_turn
from services.registration.repository import boards as board_rows
from services.registration.repository import entries as repository
from services.registration.service.drafts import Checker, Label, Placed
from services.registration.service.telling import tell
from services.registration.tables import entries

Refuse = Callable[[list[Placed]], Exception]


def register(
    session: WriteSession,
    runtime: Runtime,
    principal: Principal,
    board_id: str,
    drafts: Sequence[Draft],
    *,
    verified: bool = False,
    refuse: Refuse | None = None,
    label: Label | None = None,
) -> list[EntryRecord]:
    """Register all drafts, or none and raise what `refuse` makes of the faults. One turn of the board.

    `verified` registers them as already checked, which only the board's organiser may do.
    """
    record = _turn(session, principal, board_id, with_persons=any(draft.id_number for draft in drafts))
    if verified:
        require_organiser(principal, record.board)
    checker = Checker(session, runtime.sealer, record, runtime.clock())
    units, faults = checker.check(drafts, label=label)
    _require_entering(principal, record, drafts, units)
    if faults:
        raise (refuse or refusal)(faults)
    made = [
        checker.record_of(draft, unit or record.board.unit, principal.account, verified)
        for draft, unit in zip(drafts, units, strict=True)
    ]
    if made:
        repository.add_all(session, made)
    now = runtime.clock()
    for each in made:
        tell(session, EntryRegistered(entry=each.entry), board_id, principal, now=now, version=1)
    return made


def check(
    session: ReadSession,
    runtime: Runtime,
    principal: Principal,
    board_id: str,
    drafts: Sequence[Draft],
    *,
    label: Label | None = None,
) -> list[Placed]:
    """Every fault that `register` would raise, without registering (a dry run)."""
    record = board_for(session, principal, board_id)
    checker = Checker(session, runtime.sealer, record, runtime.clock())
    units, faults = checker.check(drafts, label=label)
    _require_entering(principal, record, drafts, units)
    return faults


def find(session: ReadSession, principal: Principal, entry_id: str) -> tuple[BoardRecord, EntryRecord]:
    """An entry and its board, where this person may see the board."""
    found = repository.find(session, entry_id)
    if found is None:
        raise NotFound(Text("没有这个报名", "There is no such entry"))
    return board_for(session, principal, found.entry.board), found


def change(
    session: WriteSession,
    runtime: Runtime,
    principal: Principal,
    entry_id: str,
    *,
    changes: Mapping[str, Any],
    version: int | None,
) -> EntryRecord:
    """Change fields of an entry (those of Draft). `version`, where given, must be the present one."""
    record, before = _turn_of(session, principal, entry_id, with_persons=True)
    require_entering(principal, record.board, before.entry.unit)
    if version is not None and version != before.version:
        raise problems.ChangedMeanwhile(
            way_out=Text("重新读取后再改", "Read it again, then change it"), version=before.version
        )
    if before.entry.status == "verified" and not organises(principal, record.board):
        require_organiser(principal, record.board)
    checker = Checker(session, runtime.sealer, record, runtime.clock())
    draft = replace(_draft(runtime, before), **changes)
    units, faults = checker.check([draft], apart_from=entry_id)
    if faults:
        raise refusal(faults)
    unit = units[0] or record.board.unit
    _require_entering(principal, record, [replace(Draft(draft.name), **changes)], [unit])
    made = checker.record_of(draft, unit, before.registered_by, verified=False, entry_id=entry_id)
    kept = msgspec.structs.replace(made.entry, status=before.entry.status, reason=before.entry.reason)
    after = replace(before, entry=kept, id_number=made.id_number, person=made.person, phone=made.phone)
    return _store(session, runtime, principal, after, EntryChanged)


def verify(session: WriteSession, runtime: Runtime, principal: Principal, entry_id: str) -> EntryRecord:
    """Note that the board's organiser checked the entry. Verifying again changes nothing."""
    record, before = _turn_of(session, principal, entry_id)
    require_organiser(principal, record.board)
    if before.entry.status == "verified":
        return before
    _require_taking_part(before)
    return _store(session, runtime, principal, _verified(runtime, principal, before), EntryVerified)


def verify_all(
    session: WriteSession, runtime: Runtime, principal: Principal, board_id: str, only: Sequence[str] | None
) -> int:
    """Verify the registered entries of a board, or those of them that are named; how many."""
    record = take_turn(session, principal, board_id)
    require_organiser(principal, record.board)
    found = repository.all_where(session, entries.c.board == board_id, entries.c.status == "registered")
    wanted = found if only is None else [each for each in found if each.entry.id in set(only)]
    after = [replace(_verified(runtime, principal, each), version=each.version + 1) for each in wanted]
    if after:
        repository.set_verified(session, after)
    now = runtime.clock()
    for each in after:
        fact = EntryVerified(entry=each.entry)
        tell(session, fact, board_id, principal, now=now, version=each.version)
    return len(after)


def withdraw(
    session: WriteSession, runtime: Runtime, principal: Principal, entry_id: str, reason: str
) -> EntryRecord:
    """Take an entry out; it keeps its row, number and reason."""
    record, before = _turn_of(session, principal, entry_id)
    require_entering(principal, record.board, before.entry.unit)
    _require_taking_part(before)
    after = _with_status(before, "withdrawn", reason)
    return _store(session, runtime, principal, after, EntryWithdrawn)


def reinstate(
    session: WriteSession, runtime: Runtime, principal: Principal, entry_id: str, reason: str
) -> EntryRecord:
    """Take a withdrawn entry back; it needs to be verified again."""
    record, before = _turn_of(session, principal, entry_id, with_persons=True)
    require_organiser(principal, record.board)
    if before.entry.status != "withdrawn":
        return before
    checker = Checker(session, runtime.sealer, record, runtime.clock())
    faults = checker.check([_draft(runtime, before)], apart_from=entry_id)[1]
    if faults:
        raise refusal(faults)
    after = replace(_with_status(before, "registered", reason), verified_at=None, verified_by=None)
    return _store(session, runtime, principal, after, EntryChanged)


def refusal(faults: list[Placed]) -> Exception:
    """The problem of one entry: taken (409) where only other entries are in the way, else wrong (422)."""
    said = [replace(placed.fault, field=f"/{placed.fault.field}") for placed in faults]
    existing = next((placed.existing for placed in faults if placed.existing), None)
    if all(placed.existing for placed in faults):
        way_out = Text("修改已有的报名", "Change the entry that is there")
        return problems.EntryTaken(faults=said, way_out=way_out, existing=existing)
    return problems.EntryRefused(faults=said)


def _turn(session: WriteSession, principal: Principal, board_id: str, *, with_persons: bool) -> BoardRecord:
    """Take the board's turn; where persons are compared within the campaign, the campaign's before it."""
    record = board_for(session, principal, board_id)
    if with_persons and record.eligibility.one_event_per_person:
        board_rows.hold_campaign(session, record.board.campaign)
    return take_turn(session, principal, board_id)


def _turn_of(
    session: WriteSession, principal: Principal, entry_id: str, *, with_persons: bool = False
) -> tuple[BoardRecord, EntryRecord]:
    """The same for the board of an entry."""
    record, _ = find(session, principal, entry_id)
    _turn(session, principal, record.board.id, with_persons=with_persons)
    return find(session, principal, entry_id)


def _require_entering(
    principal: Principal, record: BoardRecord, drafts: Sequence[Draft], units: Sequence[UnitRef | None]
) -> None:
    """Units enter their own people; what bears on the order or the score is the board's organiser's."""
    for unit in {unit.path: unit for unit in units if unit}.values():
        require_entering(principal, record.board, unit)
    if any(draft.number or draft.code or draft.unranked or draft.factors or draft.times for draft in drafts):
        require_organiser(principal, record.board)


def _store(
    session: WriteSession,
    runtime: Runtime,
    principal: Principal,
    after: EntryRecord,
    fact: type[EntryChanged] | type[EntryVerified] | type[EntryWithdrawn],
) -> EntryRecord:
    raised = replace(after, version=after.version + 1)
    repository.change(session, raised)
    tell(
        session,
        fact(entry=raised.entry),
        raised.entry.board,
        principal,
        now=runtime.clock(),
        version=raised.version,
    )
    return raised


def _verified(runtime: Runtime, principal: Principal, before: EntryRecord) -> EntryRecord:
    entry = msgspec.structs.replace(before.entry, status="verified")
    return replace(before, entry=entry, verified_at=runtime.clock(), verified_by=principal.account)


def _with_status(before: EntryRecord, status: Literal["registered", "withdrawn"], reason: str) -> EntryRecord:
    return replace(before, entry=msgspec.structs.replace(before.entry, status=status, reason=reason))


def _require_taking_part(record: EntryRecord) -> None:
    if record.entry.status == "withdrawn":
        raise problems.EntryWithdrawn(
            way_out=Text("先恢复该报名", "Reinstate the entry first"), reason=record.entry.reason
        )


def _draft(runtime: Runtime, record: EntryRecord) -> Draft:
    """An entry as the draft that would give it."""
    entry = record.entry
    return Draft(
        name=entry.name,
        unit_id=entry.unit.id,
        external_id=entry.external_id,
        number=entry.number,
        code=entry.code,
        category=entry.category,
        unranked=entry.unranked,
        id_number=runtime.sealer.open(record.id_number) if record.id_number else "",
        phone=runtime.sealer.open(record.phone) if record.phone else "",
        members=entry.members,
        factors=entry.factors,
        times=entry.times,
    )
