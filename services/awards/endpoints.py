"""HTTP routes of the awards service."""

from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Query, Request, Response

from services.awards import csv_file, problems, repository, views, words, xlsx_file
from services.awards.counting import READERS, board_of, count
from services.awards.domain import Document
from services.awards.problems import BoardBehind, BoardDiffers, LedgerUnreadable, NotPublished, RulesRefused
from services.awards.recount import Recount
from services.awards.resources import (
    CloseBody,
    FiledBody,
    Format,
    GrantBody,
    ListBody,
    ListPage,
    ObjectionBody,
    Objections,
    ProposeBody,
    PublicityBody,
    PublicList,
    PublicPage,
    RevokeBody,
)
from services.awards.service import Lists
from services.awards.tables import HonourList
from services.kit.access import Principal, Role
from services.kit.depends import Asking, DoOnce, Reading, Running, SignedIn, Transaction
from services.kit.language import language_of
from services.kit.problems import Forbidden, NotFound, NotSignedIn, responses
from services.kit.resources import Id, Resource
from services.kit.session import ReadSession

_REFUSALS = (NotSignedIn, Forbidden, NotFound)
_COUNTING = (*_REFUSALS, BoardDiffers, BoardBehind, NotPublished, LedgerUnreadable, RulesRefused)
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"content": {csv_file.MEDIA_TYPE: {}, xlsx_file.MEDIA_TYPE: {}, "application/json": {}}}
}
lists = APIRouter(prefix="/api/awards", tags=["lists"], responses=responses(*_REFUSALS))
public = APIRouter(prefix="/api/awards/public", tags=["public"], responses=responses(NotFound))

BoardId = Annotated[Id, Path()]
ListId = Annotated[Id, Path()]
Offset = Annotated[int, Query(ge=0, le=10_000_000)]
Limit = Annotated[int, Query(ge=1, le=500)]


def _counted(
    board: BoardId, runtime: Running, session: Reading, asking: SignedIn
) -> tuple[Recount, Document]:
    return count(runtime, session, asking, board)


Counted = Annotated[tuple[Recount, Document], Depends(_counted, scope="function")]
"""The board's list, counted before the command's transaction opens: it holds up no writer."""


class Asked:
    """A command on a list: done once, answered with the list after it."""

    def __init__(
        self, request: Request, runtime: Running, session: Transaction, asking: SignedIn, once: DoOnce
    ) -> None:
        self._request, self._session, self._asking, self._once = request, session, asking, once
        self._lists = Lists(runtime, session, asking)

    def do(self, body: Resource, command: Callable[[Lists], HonourList]) -> ListBody:
        return self._once(
            self._session,
            self._asking,
            body,
            lambda: _said(self._request, self._session, command(self._lists)),
        )


Command = Annotated[Asked, Depends()]


@lists.get("/boards/{board}/list", response_class=Response, responses={**responses(*_COUNTING), **_FILE})
def get_list(
    *,
    board: BoardId,
    runtime: Running,
    session: Reading,
    asking: SignedIn,
    format: Format = "json",
    provisional: Annotated[bool, Query(description="a draft of results that are not published yet")] = False,
) -> Response:
    """The award list counted from the ledger; refused with the difference where the board has another."""
    _, document = count(runtime, session, asking, board, provisional)
    return _file(document, format)


@lists.post("/boards/{board}/lists", status_code=201, responses=responses(*_COUNTING, problems.BoardMoved))
def propose(
    *,
    board: BoardId,  # noqa: ARG001 (the list was counted from it)
    body: ProposeBody,
    counted: Counted,
    request: Request,
    runtime: Running,
    session: Transaction,
    asking: SignedIn,
    once: DoOnce,
) -> ListBody:
    """Put the list forward: its winners are frozen in this version."""
    return once(
        session,
        asking,
        body,
        lambda: _said(request, session, Lists(runtime, session, asking).propose(*counted)),
    )


@lists.get("/boards/{board}/lists")
def list_lists(
    *,
    board: BoardId,
    request: Request,
    session: Reading,
    asking: SignedIn,
    offset: Offset = 0,
    limit: Limit = 20,
) -> ListPage:
    asking.require(*READERS, unit=board_of(session, board).unit.path, board=board)
    total, found = repository.of_board(session, board, offset, limit)
    bodies = views.list_bodies(session, found, language_of(request))
    return ListPage(total=total, offset=offset, limit=limit, lists=bodies)


@lists.get("/lists/{id}")
def get_proposed(id: ListId, request: Request, session: Reading, asking: SignedIn) -> ListBody:
    return _said(request, session, _readable(session, asking, id))


@lists.get("/lists/{id}/export", response_class=Response, responses=_FILE)
def export_list(id: ListId, session: Reading, asking: SignedIn, format: Format = "xlsx") -> Response:
    """The list as it was counted when it was proposed: the same bytes every time."""
    return _file(repository.document_of(_readable(session, asking, id)), format)


@lists.post("/lists/{id}/publicity", responses=responses(problems.NotAtThisState, problems.Superseded))
def open_publicity(id: ListId, body: PublicityBody, asked: Command) -> ListBody:
    """Begin 公示: objections are taken between the two moments given."""
    return asked.do(body, lambda service: service.open_publicity(id, body.begins, body.ends))


@lists.post("/lists/{id}/publicity/close", responses=responses(problems.PublicityRunning))
def close_publicity(id: ListId, body: CloseBody, asked: Command) -> ListBody:
    return asked.do(body, lambda service: service.close_publicity(id, body.upheld))


@lists.get("/lists/{id}/objections")
def list_objections(id: ListId, runtime: Running, session: Reading, asking: SignedIn) -> Objections:
    """Who filed them is masked; auditors see it in full."""
    found = _readable(session, asking, id)
    in_full = asking.may(Role.AUDITOR, unit=found.unit_path, board=found.board)
    lines = (
        views.objection_line(each, runtime.sealer, in_full=in_full)
        for each in repository.objections(session, id)
    )
    return Objections(objections=tuple(lines))


@lists.post("/lists/{id}/grant", responses=responses(problems.ObjectionUpheld))
def grant(id: ListId, body: GrantBody, asked: Command) -> ListBody:
    return asked.do(body, lambda service: service.grant(id, body.document_number))


@lists.post("/lists/{id}/revoke", responses=responses(problems.NotAtThisState))
def revoke(id: ListId, body: RevokeBody, asked: Command) -> ListBody:
    """Take one winner's honour back, with the reason."""
    return asked.do(body, lambda service: service.revoke(id, body.entry, body.award, body.reason))


@public.get("/boards/{board}/lists")
def public_lists(
    *, board: BoardId, request: Request, session: Reading, offset: Offset = 0, limit: Limit = 20
) -> PublicPage:
    """The lists of a board whose publicity has opened, newest first."""
    total, found = repository.of_board(session, board, offset, limit, views.PUBLIC)
    bodies = views.public_lists(session, found, language_of(request))
    return PublicPage(total=total, offset=offset, limit=limit, lists=bodies)


@public.get("/lists/{id}")
def public_list(id: ListId, request: Request, session: Reading) -> PublicList:
    found = repository.find(session, id)
    if found.state not in views.PUBLIC:
        raise NotFound(way_out=repository.WAY)
    [body] = views.public_lists(session, [found], language_of(request))
    return body


@public.post("/lists/{id}/objections", status_code=201, responses=responses(problems.PublicityOver))
def file_objection(
    *, id: ListId, body: ObjectionBody, runtime: Running, session: Transaction, asking: Asking, once: DoOnce
) -> FiledBody:
    """Anybody may object while publicity runs; name and contact are sealed."""
    return once(session, asking, body, lambda: views.filed(Lists(runtime, session, asking).object(id, body)))


def _said(request: Request, session: ReadSession, found: HonourList) -> ListBody:
    session.flush()
    [body] = views.list_bodies(session, [found], language_of(request))
    return body


def _readable(session: ReadSession, asking: Principal, id: str) -> HonourList:
    found = repository.find(session, id)
    asking.require(*READERS, unit=found.unit_path, board=found.board)
    return found


def _file(document: Document, format: Format) -> Response:
    body, media_type = views.export(document, format)
    name = quote(f"{words.title(document)}.{format}")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"} if format != "json" else {}
    return Response(body, media_type=media_type, headers=headers)
