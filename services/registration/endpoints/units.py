"""Units."""

from typing import Annotated

from fastapi import APIRouter, Query

from services.kit.depends import DoOnce, Reading, Running, SignedIn, Transaction
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id, Line
from services.registration.problems import CodeTaken
from services.registration.repository import units as repository
from services.registration.resources.boards import NewUnit, UnitBody, UnitChange, Units
from services.registration.service import units

router = APIRouter(prefix="/api/registration", tags=["units"])
_REFUSALS = (NotSignedIn, Forbidden, NotFound)


@router.post("/units", status_code=201, responses=responses(*_REFUSALS, CodeTaken))
def make_unit(body: NewUnit, session: Transaction, principal: SignedIn, once: DoOnce) -> UnitBody:
    def do() -> UnitBody:
        made = units.make(
            session, principal, code=body.code, name=body.name, level=body.level, parent_id=body.parent
        )
        return UnitBody.of(made)

    return once(session, principal, body, do)


@router.get("/units", responses=responses(NotSignedIn))
def list_units(
    *,
    session: Reading,
    principal: SignedIn,
    parent: Annotated[Id | None, Query(description="children of this unit")] = None,
    roots: bool = False,
    mine: Annotated[bool, Query(description="only those that you organise")] = False,
    q: Annotated[Line, Query(description="in the name, or at the start of the code")] = "",
    offset: Annotated[int, Query(ge=0, le=10**9)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> Units:
    below = principal.organised if mine else None
    total, found = repository.page(
        session, parent=parent, roots=roots, below=below, text=q, offset=offset, limit=limit
    )
    return Units(total=total, offset=offset, limit=limit, items=[UnitBody.of(unit) for unit in found])


@router.get("/units/{unit_id}", responses=responses(NotSignedIn, NotFound))
def find_unit(unit_id: Id, session: Reading, _principal: SignedIn) -> UnitBody:
    return UnitBody.of(units.find(session, unit_id))


@router.patch("/units/{unit_id}", responses=responses(*_REFUSALS))
def rename_unit(
    unit_id: Id, body: UnitChange, session: Transaction, running: Running, principal: SignedIn
) -> UnitBody:
    return UnitBody.of(units.rename(session, running.clock, principal, unit_id, body.name))
