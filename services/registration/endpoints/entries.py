"""Entries, draws and the start list."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from services.kit.depends import Asking, DoOnce, Reading, Running, SignedIn, Transaction
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id, Line
from services.registration import views
from services.registration.endpoints.boards import Limit, Offset
from services.registration.problems import (
    ChangedMeanwhile,
    EntryRefused,
    EntryTaken,
    EntryWithdrawn,
    NothingToDraw,
    ScoringStarted,
)
from services.registration.resources.entries import (
    DrawBody,
    Drawn,
    Draws,
    Entries,
    EntriesMade,
    EntryBody,
    EntryChange,
    NewDraw,
    NewEntries,
    NewEntry,
    Reason,
    StartList,
    Verification,
    Verified,
)
from services.registration.service import draws, entries

router = APIRouter(prefix="/api/registration", tags=["entries"])
_REFUSALS = (NotSignedIn, Forbidden, NotFound)


@router.post(
    "/boards/{board_id}/entries",
    status_code=201,
    responses=responses(*_REFUSALS, EntryRefused, EntryTaken),
)
def register(
    *,
    board_id: Id,
    body: NewEntry,
    session: Transaction,
    running: Running,
    principal: SignedIn,
    once: DoOnce,
) -> EntryBody:
    def do() -> EntryBody:
        [made] = entries.register(
            session, running, principal, board_id, [body.draft()], verified=body.verified
        )
        return EntryBody.of(made, running)

    return once(session, principal, body, do)


@router.post(
    "/boards/{board_id}/entries/batch",
    status_code=201,
    responses=responses(*_REFUSALS, EntryRefused, EntryTaken),
)
def register_many(
    *,
    board_id: Id,
    body: NewEntries,
    session: Transaction,
    running: Running,
    principal: SignedIn,
    once: DoOnce,
) -> EntriesMade:
    """Register many entries, all or none. Faults name `/entries/<index>/<field>`."""

    def do() -> EntriesMade:
        drafts = [entry.draft() for entry in body.entries]
        made = entries.register(
            session,
            running,
            principal,
            board_id,
            drafts,
            verified=body.verified,
            refuse=views.batch_refusal,
        )
        return EntriesMade(count=len(made), ids=[each.entry.id for each in made])

    return once(session, principal, body, do)


@router.get("/boards/{board_id}/entries", responses=responses(NotFound))
def list_entries(
    *,
    board_id: Id,
    session: Reading,
    running: Running,
    principal: Asking,
    q: Annotated[Line, Query(description="in the name; or the number, code or external id")] = "",
    status: Literal["registered", "verified", "withdrawn"] | None = None,
    unit: Annotated[Id | None, Query(description="this unit and those below it")] = None,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Entries:
    """In draw order. Blind boards show codes until they are published, except to organisers."""
    return views.list_entries(
        session,
        running,
        principal,
        board_id,
        text=q,
        status=status,
        unit=unit,
        offset=offset,
        limit=limit,
    )


@router.get("/entries/{entry_id}", responses=responses(NotFound))
def find_entry(entry_id: Id, session: Reading, running: Running, principal: Asking) -> EntryBody:
    return views.one_entry(session, running, principal, entry_id)


@router.patch(
    "/entries/{entry_id}", responses=responses(*_REFUSALS, EntryRefused, EntryTaken, ChangedMeanwhile)
)
def change_entry(
    entry_id: Id, body: EntryChange, session: Transaction, running: Running, principal: SignedIn
) -> EntryBody:
    changed = entries.change(
        session, running, principal, entry_id, changes=views.changes_of(body), version=body.version
    )
    return EntryBody.of(changed, running)


@router.post("/entries/{entry_id}/verify", responses=responses(*_REFUSALS, EntryWithdrawn))
def verify(entry_id: Id, session: Transaction, running: Running, principal: SignedIn) -> EntryBody:
    return EntryBody.of(entries.verify(session, running, principal, entry_id), running)


@router.post("/boards/{board_id}/entries/verify", responses=responses(*_REFUSALS))
def verify_all(
    board_id: Id, body: Verification, session: Transaction, running: Running, principal: SignedIn
) -> Verified:
    """Verify all registered entries, or those named."""
    return Verified(verified=entries.verify_all(session, running, principal, board_id, body.entries))


@router.post("/entries/{entry_id}/withdraw", responses=responses(*_REFUSALS, EntryWithdrawn))
def withdraw(
    entry_id: Id, body: Reason, session: Transaction, running: Running, principal: SignedIn
) -> EntryBody:
    return EntryBody.of(entries.withdraw(session, running, principal, entry_id, body.reason), running)


@router.post("/entries/{entry_id}/reinstate", responses=responses(*_REFUSALS, EntryRefused, EntryTaken))
def reinstate(
    entry_id: Id, body: Reason, session: Transaction, running: Running, principal: SignedIn
) -> EntryBody:
    return EntryBody.of(entries.reinstate(session, running, principal, entry_id, body.reason), running)


@router.post(
    "/boards/{board_id}/draw",
    status_code=201,
    responses=responses(*_REFUSALS, NothingToDraw, ScoringStarted),
)
def draw(
    *,
    board_id: Id,
    body: NewDraw,
    session: Transaction,
    running: Running,
    principal: SignedIn,
    once: DoOnce,
) -> Drawn:
    """Draw numbers for verified entries that have none; with `redraw`, for all anew."""

    def do() -> Drawn:
        made, numbered = draws.draw(
            session, running, principal, board_id, redraw=body.redraw, reason=body.reason
        )
        return Drawn(
            draw=DrawBody.of(made),
            numbers={each.entry.id: each.entry.number for each in numbered},
            codes={each.entry.id: each.entry.code for each in numbered if each.entry.code},
        )

    return once(session, principal, body, do)


@router.get("/boards/{board_id}/draws", responses=responses(*_REFUSALS))
def list_draws(board_id: Id, session: Reading, principal: SignedIn) -> Draws:
    """Every draw with its seed, the last first, so that each can be repeated."""
    return Draws(items=[DrawBody.of(each) for each in draws.list_draws(session, principal, board_id)])


@router.get("/boards/{board_id}/start-list", responses=responses(NotFound))
def start_list(
    *, board_id: Id, session: Reading, principal: Asking, offset: Offset = 0, limit: Limit = 500
) -> StartList:
    """Numbered entries that take part, in draw order."""
    return views.start_list(session, principal, board_id, offset, limit)
