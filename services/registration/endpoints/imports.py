"""Rosters and units from files."""

import hashlib
from typing import Annotated

from fastapi import APIRouter, File, Query, Request, Response, UploadFile

from services.kit.depends import DoOnce, Reading, Running, SignedIn
from services.kit.language import language_of
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id
from services.kit.tabular import TableUnreadable, read_table
from services.registration.powers import board_for
from services.registration.problems import RosterRefused
from services.registration.resources.boards import UnitsLoaded
from services.registration.resources.entries import Imported, ImportOf
from services.registration.rosters import read_entries, read_units
from services.registration.service import imports
from services.registration.template import roster_template

router = APIRouter(prefix="/api/registration", tags=["imports"])
_REFUSALS = (NotSignedIn, Forbidden, NotFound, TableUnreadable, RosterRefused)
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Upload = Annotated[
    UploadFile, File(description="CSV (UTF-8 or GB 18030) or XLSX; the first row names columns")
]
DryRun = Annotated[bool, Query(description="only tell what is wrong; nothing is stored")]


@router.post("/boards/{board_id}/entries/import", responses=responses(*_REFUSALS))
def import_entries(
    *,
    board_id: Id,
    file: Upload,
    running: Running,
    principal: SignedIn,
    once: DoOnce,
    dry_run: DryRun = True,
    verified: bool = False,
) -> Imported:
    """Import a roster: all rows or none. Faults name row and column, all of them at once."""
    content = file.file.read()
    roster = read_entries(read_table(content))
    if dry_run:
        with running.database.reading() as reading:
            imports.check_entries(reading, running, principal, board_id, roster)
        return Imported(dry_run=True, rows=len(roster.drafts), registered=0)

    command = ImportOf(sha256=hashlib.sha256(content).hexdigest(), verified=verified)
    with running.database.transaction() as session:

        def do() -> Imported:
            made = imports.import_entries(session, running, principal, board_id, roster, verified=verified)
            return Imported(dry_run=False, rows=len(roster.drafts), registered=len(made))

        return once(session, principal, command, do)


@router.get(
    "/boards/{board_id}/entries/template",
    response_class=Response,
    responses=responses(NotFound) | {200: {"content": {_XLSX: {}}}},
)
def template(board_id: Id, session: Reading, principal: SignedIn, request: Request) -> Response:
    """An empty roster as XLSX; its second sheet explains the columns."""
    record = board_for(session, principal, board_id)
    headers = {"Content-Disposition": 'attachment; filename="roster.xlsx"'}
    return Response(roster_template(record, language_of(request)), media_type=_XLSX, headers=headers)


@router.post("/units/import", responses=responses(*_REFUSALS))
def import_units(
    *, file: Upload, running: Running, principal: SignedIn, dry_run: DryRun = True
) -> UnitsLoaded:
    """Load units (columns code, name, parent, level), in any order: all or none."""
    rows, faults = read_units(read_table(file.file.read()))
    if dry_run:
        with running.database.reading() as reading:
            added, unchanged = imports.check_units(reading, principal, rows, faults)
    else:
        with running.database.transaction() as session:
            added, unchanged = imports.import_units(session, principal, rows, faults)
    return UnitsLoaded(added=added, unchanged=unchanged, dry_run=dry_run)
