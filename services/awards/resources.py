"""What goes in and out over HTTP besides the document itself."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from services.awards.domain import ListState
from services.kit.resources import Id, Line, Page, Prose, Resource

Named = Annotated[Line, Field(min_length=1)]
Said = Annotated[Prose, Field(min_length=1)]
Format = Literal["json", "csv", "xlsx"]


class ProposeBody(Resource):
    """Nothing to say: the list is counted."""


class PublicityBody(Resource):
    """From when until when objections are taken, with time zone."""

    begins: datetime
    ends: datetime


class ObjectionBody(Resource):
    """Against which winner, why, and who says so. Name and contact are sealed."""

    entry: Annotated[Id, Field(min_length=1)]
    text: Said
    name: Named
    contact: Named


class CloseBody(Resource):
    """The objections found right."""

    upheld: Annotated[tuple[Id, ...], Field(max_length=1000)] = ()


class GrantBody(Resource):
    document_number: Line = ""


class RevokeBody(Resource):
    entry: Annotated[Id, Field(min_length=1)]
    award: Named
    reason: Said


class WinnerBody(Resource):
    entry: str
    name: str
    members: tuple[str, ...]
    unit: str
    place: int | None
    award: str
    title: str
    revoked: bool = False


class ListBody(Resource):
    """A proposed list and where it stands."""

    id: str
    board: str
    title: str
    version: int
    state: ListState
    state_name: str
    digest: str
    proposed_at: datetime
    publicity_from: datetime | None
    publicity_until: datetime | None
    upheld: tuple[str, ...]
    document_number: str
    granted_at: datetime | None
    winners: tuple[WinnerBody, ...]


class ListPage(Page):
    lists: tuple[ListBody, ...]


class PublicList(Resource):
    """A list as anybody may see it once publicity has opened: names, units and awards, nothing else."""

    id: str
    board: str
    title: str
    version: int
    state: ListState
    state_name: str
    publicity_from: datetime | None
    publicity_until: datetime | None
    document_number: str
    winners: tuple[WinnerBody, ...]


class PublicPage(Page):
    lists: tuple[PublicList, ...]


class FiledBody(Resource):
    """What the objector is told."""

    id: str
    list: str
    entry: str
    filed_at: datetime


class ObjectionLine(FiledBody):
    """An objection as those see it who decide; name and contact masked unless an auditor asks."""

    text: str
    name: str
    contact: str


class Objections(Resource):
    objections: tuple[ObjectionLine, ...]
