"""What registration keeps: units in a tree, campaigns, boards, entries, and what a new entry brings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

import msgspec

from schemas.objects import Board, Entry, Named, UnitRef

Level = Literal["region", "union", "unit", "team"]
"""地区, 工会, 单位, 班组."""

Required = Literal["external_id", "id_number", "phone", "category", "members"]


@dataclass(frozen=True, slots=True)
class Unit:
    """A place in the unit tree. `path` is `/` + ids from the root down to this unit + `/`."""

    id: str
    code: str
    name: str
    level: Level
    parent: str | None
    path: str

    @property
    def ref(self) -> UnitRef:
        return UnitRef(id=self.id, name=self.name, path=self.path)


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit to be loaded; `parent` is a code, "" at the root; `row` says where it was read, 0 nowhere."""

    code: str
    name: str
    parent: str = ""
    level: Level = "unit"
    row: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Campaign:
    id: str
    code: str
    title: Named
    year: int
    unit: UnitRef
    created_at: datetime


class Eligibility(msgspec.Struct, frozen=True, kw_only=True):
    """Who may enter a board. Ages are full years on `reference_date` (none: on the day of entry).

    An age is checked where an id number is given: at least `min_age`, under the retirement age.
    """

    required: tuple[Required, ...] = ()
    categories: tuple[str, ...] = ()
    min_age: int | None = 16
    retirement_age_male: int | None = 63
    retirement_age_female: int | None = 58
    reference_date: date | None = None
    within_unit: bool = True
    one_event_per_person: bool = True


@dataclass(frozen=True, slots=True)
class BoardRecord:
    """A board, what it asks of entries, and its version, which is raised by every change and draw."""

    board: Board
    campaign_code: str
    eligibility: Eligibility
    version: int


@dataclass(frozen=True, slots=True)
class EntryRecord:
    """An entry as the log tells it, and what the log does not tell: sealed personal data."""

    entry: Entry
    campaign: str
    version: int
    registered_at: datetime
    registered_by: str
    id_number: bytes | None = None
    person: str | None = None
    phone: bytes | None = None
    verified_at: datetime | None = None
    verified_by: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that somebody wants to register. At most one of the three ways to name a unit is used."""

    name: str
    unit_id: str = ""
    unit_code: str = ""
    unit_name: str = ""
    external_id: str = ""
    number: int = 0
    code: str = ""
    category: str = ""
    unranked: bool = False
    id_number: str = ""
    phone: str = ""
    members: tuple[str, ...] = ()
    factors: Mapping[str, Decimal] = field(default_factory=dict)
    times: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draw:
    """A draw as it was made. Anybody can repeat it: `drawing.numbers(seed, entries, first)`."""

    id: str
    board: str
    seed: str
    first: int
    entries: tuple[str, ...]
    redraw: bool
    reason: str
    drawn_at: datetime
    drawn_by: str
