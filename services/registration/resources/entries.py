"""HTTP bodies of entries, draws and imports."""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from pydantic import Field

from rules.identity_number import mask
from schemas.objects import EntryKind
from services.kit.resources import Id, Line, Number, Page, Plain, Prose, Resource
from services.kit.runtime import Runtime
from services.registration.domain import (
    Draft,
    Draw,
    EntryRecord,
)
from services.registration.resources.boards import UnitRefBody
from services.registration.resources.texts import Category, Exact, Name, Path, Short


class EntryFields(Resource):
    """What an entry brings. Give at most one of `unit` (id), `unit_code` and `unit_name`."""

    unit: Id = ""
    unit_code: Short = ""
    unit_name: Line = ""
    external_id: Short = ""
    number: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    code: Annotated[Plain, Field(max_length=32)] = ""
    category: Category = ""
    unranked: bool = False
    id_number: Annotated[Plain, Field(max_length=32)] = ""
    phone: Annotated[Plain, Field(max_length=32)] = ""
    members: Annotated[tuple[Name, ...], Field(max_length=200)] = ()
    factors: Annotated[dict[Path, Exact], Field(max_length=500)] = {}
    times: Annotated[dict[Path, Exact], Field(max_length=50)] = {}


class NewEntry(EntryFields):
    name: Name
    verified: bool = False

    def draft(self) -> Draft:
        fields = dict(self)
        fields["unit_id"] = fields.pop("unit")
        del fields["verified"]
        return Draft(**fields)


class NewEntries(Resource):
    """Entries that are registered all or none. `verified`: they have been checked already."""

    entries: Annotated[list[NewEntry], Field(min_length=1, max_length=20_000)]
    verified: bool = False


class EntryChange(EntryFields):
    """Only what is given changes. `version`, where given, must be the entry's present one."""

    name: Name | None = None
    version: int | None = None


class EntryBody(Resource):
    """An entry. Id number and phone are masked, and shown to organisers only."""

    id: str
    board: str
    kind: EntryKind
    name: str
    unit: UnitRefBody
    external_id: str
    number: int
    code: str
    category: str
    status: Literal["registered", "verified", "withdrawn"]
    unranked: bool
    reason: str
    factors: dict[str, Number]
    times: dict[str, Number]
    members: list[str]
    version: int
    registered_at: datetime
    verified_at: datetime | None = None
    id_number: str | None = None
    phone: str | None = None

    @classmethod
    def of(cls, record: EntryRecord, runtime: Runtime | None = None) -> "EntryBody":
        """With `runtime` the masked personal data is shown too."""
        fields = msgspec.structs.asdict(record.entry)
        fields["unit"] = msgspec.structs.asdict(record.entry.unit)
        if runtime and record.id_number:
            fields["id_number"] = mask(runtime.sealer.open(record.id_number))
        if runtime and record.phone:
            fields["phone"] = mask(runtime.sealer.open(record.phone))
        return cls(
            **fields,
            version=record.version,
            registered_at=record.registered_at,
            verified_at=record.verified_at,
        )


class Entries(Page):
    items: list[EntryBody]


class EntriesMade(Resource):
    count: int
    ids: list[str]


class ImportOf(Resource):
    """What an idempotency key of an import stands for."""

    sha256: str
    verified: bool


class Imported(Resource):
    dry_run: bool
    rows: int
    registered: int


class Reason(Resource):
    reason: Annotated[Prose, Field(min_length=1)]


class Verification(Resource):
    """Ids to verify; without them, every registered entry."""

    entries: Annotated[list[Id], Field(max_length=100_000)] | None = None


class Verified(Resource):
    verified: int


class NewDraw(Resource):
    redraw: bool = False
    reason: Prose = ""


class DrawBody(Resource):
    """A draw. SHA-256 of `seed:entry`, sorted, gives the numbers from `first` on."""

    id: str
    board: str
    seed: str
    first: int
    entries: list[str]
    redraw: bool
    reason: str
    drawn_at: datetime
    drawn_by: str

    @classmethod
    def of(cls, draw: Draw) -> "DrawBody":
        return cls.model_validate(draw, from_attributes=True)


class Drawn(Resource):
    draw: DrawBody
    numbers: dict[str, int]
    codes: dict[str, str]


class Draws(Resource):
    items: list[DrawBody]


class StartPlace(Resource):
    """A line of the start list. Blind boards show codes in place of names and units."""

    number: int
    code: str
    entry: str
    name: str
    unit: UnitRefBody
    category: str
    unranked: bool
    members: list[str]


class StartList(Page):
    items: list[StartPlace]
