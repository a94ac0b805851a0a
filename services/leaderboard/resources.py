"""The HTTP bodies of this service. They are msgspec structs: a page is made for thousands of readers.

`cursor` is the id of the last frame that an answer contains: diffs after it bring the answer up to date.
`stale_since` is None while the answer is live; else the time since when it may be out of date.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

import msgspec

from rules.text import Text
from schemas.live import BoardHead, Change, LiveRow, View
from schemas.objects import Board


class PlacedRow(LiveRow, frozen=True, kw_only=True, omit_defaults=True):
    """A row with its place (absent: it takes none). `equals` rows share its key, itself among them.

    On a page by stage, `stage_place` and `stage_tied` are the place by that stage's value alone.
    """

    place: int | None = None
    tied: bool = False
    equals: int = 0
    stage_place: int | None = None
    stage_tied: bool = False


class BoardPage(msgspec.Struct, frozen=True, kw_only=True):
    """Rows `offset` to `offset + limit` of a board, or of a unit and all below it, or by a stage's value.

    Places are always those of the whole board.
    """

    stale_since: datetime | None = None
    board: str
    view: View
    cursor: str
    head: BoardHead
    total: int
    offset: int
    limit: int
    unit: str | None = None
    stage: str | None = None
    rows: tuple[PlacedRow, ...] = ()


class StagePlace(msgspec.Struct, frozen=True, kw_only=True):
    """An entry's place by the value of one stage alone, 1,2,2,4."""

    path: str
    value: Decimal
    place: int
    tied: bool


class EntryPage(msgspec.Struct, frozen=True, kw_only=True):
    """One entry: its row, who stands around it, and how far it is to the next better place.

    `index` is the row's number from the top, from 0. `ahead` is the nearest row with a better place and
    `distance` its total minus mine.
    """

    stale_since: datetime | None = None
    board: str
    view: View
    cursor: str
    head: BoardHead
    index: int
    row: PlacedRow
    ahead: PlacedRow | None = None
    distance: Decimal | None = None
    around: tuple[PlacedRow, ...] = ()
    stages: tuple[StagePlace, ...] = ()


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search found, best match first; `more` says that there is more than is listed."""

    stale_since: datetime | None = None
    board: str
    view: View
    cursor: str
    q: str
    more: bool
    rows: tuple[PlacedRow, ...] = ()


class ShownMark(msgspec.Struct, frozen=True, kw_only=True):
    """One mark that a cell used or dropped. Names of judges are only in the jury's view.

    `note` says what earned a contribution.
    """

    seat: str
    mark: Decimal
    used: bool
    judge: str | None = None
    name: str | None = None
    note: str = ""


class ShownStep(msgspec.Struct, frozen=True, kw_only=True):
    op: str
    value: Decimal
    text: Text


class ShownCell(msgspec.Struct, frozen=True, kw_only=True):
    """One node of the scheme for this entry: its value and how it came to be."""

    path: str
    attempt: int
    title: Text
    value: Decimal | None
    missing: str | None
    complete: bool
    marks: tuple[ShownMark, ...] = ()
    steps: tuple[ShownStep, ...] = ()


class ShownGate(msgspec.Struct, frozen=True, kw_only=True):
    gate: str
    passed: bool
    effect: str
    text: Text


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """How an entry's total was made, cell by cell in the order of the scheme."""

    stale_since: datetime | None = None
    board: str
    view: View
    entry: str
    name: str
    scheme_version: int
    total: Decimal | None
    complete: bool
    barred: bool
    cells: tuple[ShownCell, ...] = ()
    gates: tuple[ShownGate, ...] = ()
    refusals: tuple[Text, ...] = ()


class Above(msgspec.Struct, frozen=True, kw_only=True):
    """Why the row above stands above; `above` is None for the first row."""

    stale_since: datetime | None = None
    board: str
    view: View
    cursor: str
    row: PlacedRow
    above: PlacedRow | None = None
    why: Text | None = None


class BoardLine(msgspec.Struct, frozen=True, kw_only=True):
    """A board in the list, with what its head counts."""

    board: Board
    frozen: bool
    published: bool
    entries: int
    marked: int
    complete: int
    changed_at: datetime | None = None


class BoardList(msgspec.Struct, frozen=True, kw_only=True):
    stale_since: datetime | None = None
    total: int
    offset: int
    limit: int
    boards: tuple[BoardLine, ...] = ()


class Diff(msgspec.Struct, frozen=True, kw_only=True):
    """What changed between the frames `since` and `cursor`: each entry once, first `before`, last row."""

    since: str
    cursor: str
    position: dict[str, int]
    changes: tuple[Change, ...] = ()
    head: BoardHead | None = None


class FeedStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the feed is live (None) or since when it stands still because its source is away."""

    stale_since: datetime | None


FeedEvent = Literal["snapshot", "diff", "reset", "status", "end"]

BODIES: tuple[type[Any], ...] = (BoardPage, EntryPage, Found, Explanation, Above, BoardList, Diff, FeedStatus)
