"""The layout of live boards in Redis: what the projector writes and the leaderboard reads.

A **view** is a fold of its own over the filtered events: `jury` sees everything, `public` what may be
shown. A **generation** is one build of a view; `rebuild` makes the next one beside the live one and swaps.
All keys of a board carry the hash tag `{board}`, so that one step can touch them all.

| key | type | content |
|---|---|---|
| `lt:boards` | hash | board → BoardSummary |
| `lt:feeds`, `lt:feeds:<source>` | hash | which campaign boards take points from which boards |
| `lt:offset`, `lt:dead` | string, stream | embedded host: how far it read; events it could not fold |
| `lt:epoch` | string | cluster: written once into an empty Redis, so that workers notice when it lost all |
| `lt:{board}:live` | hash | view → generation in force; `next:<view>` counts generations |
| `lt:{board}:<view>:feed` | stream | field `frame` = Frame; the stream id is the cursor |
| `…:<generation>:meta` | hash | `head`, `state`, `tally`, `position:<topic>`; `aside`: why it halts |
| `…:rows` | hash | entry → LiveRow |
| `…:entries` | hash | entry → EntryState (`schemas.live_state`) |
| `…:index` | zset, all scores 0 | `order` TAB entry of every row: plain text order is board order |
| `…:guests` | zset, scores 0 | the same, only of rows listed among placed ones that take no place (打星) |
| `…:keys` | zset, scores 0 | distinct keys of placed rows, for places 1,2,2,3; with `…:keycount` |
| `…:stage:<path>` | zset, scores 0 | key of the stage's value (best first) TAB entry, placed rows only |
| `…:unit:<id>` | zset, scores 0 | as `index`, within a unit and below |
| `…:names` | zset, scores 0 | search text TAB entry, every suffix of name, members, number, external id |
| `…:competing` | set | jury view: entries that are to be marked |
| `…:done:<stage>:<attempt>:<judge>` | set | jury view: entries whose sheet the judge has handed in |
| `…:held` | list | events kept back from the public view by a freeze or embargo |

The place of a placed row is 1 + ZLEXCOUNT(index, -, [key) − ZLEXCOUNT(guests, -, [key): a key is the
beginning of its rows' members, so `[key` counts what sorts before all of them (1,2,3,4: up to `order`).
`head` is a BoardHead, `state` a BoardState, `tally` a BoardTally. Search texts are NFKC,
case-folded, blanks single, at most 64 characters. A board that is not public has a public generation
without `head`: there is nothing to show.

The channel `lt:changed` carries `board view` after every step, and LISTED when the list of public boards is
another: one was opened, changed, frozen or published.
"""

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from rules.text import Text
from schemas.objects import Board, UnitRef

View = Literal["jury", "public"]
VIEWS: tuple[View, ...] = ("jury", "public")

BOARDS = "lt:boards"
CHANGED = "lt:changed"

EVERY_BOARD = ""
"""Stands for a board where something is about all of them."""

LISTED = f"{EVERY_BOARD} public"


class BoardKeys:
    """The names of a view's keys in one generation."""

    __slots__ = ("base", "board", "feed", "generation", "view")

    def __init__(self, board: str, view: View, generation: int) -> None:
        self.board, self.view, self.generation = board, view, generation
        self.feed = f"lt:{{{board}}}:{view}:feed"
        self.base = f"lt:{{{board}}}:{view}:{generation}"

    def of(self, part: str) -> str:
        """The key of one part: meta, rows, entries, index, guests, keys, keycount, names, competing, held."""
        return f"{self.base}:{part}"

    def stage(self, path: str) -> str:
        return self.of(stage_part(path))

    def unit(self, unit: str) -> str:
        return self.of(unit_part(unit))

    def done(self, stage: str, attempt: int, judge: str) -> str:
        """What a judge owes is SDIFF(competing, this) without the entries that they are recused from."""
        return self.of(done_part(stage, attempt, judge))

    @staticmethod
    def live(board: str) -> str:
        """The hash that names the generation in force of each view."""
        return f"lt:{{{board}}}:live"


def stage_part(path: str) -> str:
    return f"stage:{path}"


def unit_part(unit: str) -> str:
    return f"unit:{unit}"


def done_part(stage: str, attempt: int, judge: str) -> str:
    return f"done:{stage}:{attempt}:{judge}"


class LiveRow(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """An entry's line as shown. Its place is not stored: it is 1 + the number of smaller keys.

    `values` are the displayed values of the head's columns, `total` the displayed
    total. `name` is the code where the board is blind for this view. `order` sorts rows as plain text;
    rows with equal `key` (a prefix of order) are tied; `placed` is False for rows that take no place.
    """

    entry: str
    name: str
    unit: UnitRef
    key: str
    order: str
    number: int = 0
    external_id: str = ""
    category: str = ""
    members: tuple[str, ...] = ()
    total: Decimal | None = None
    values: dict[str, Decimal | None] = {}
    status: str = "competing"
    placed: bool = True
    complete: bool = False
    band: int = 0
    barred: bool = False
    reason: Text | None = None


class BoardHead(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What a page says above the rows. Times are those of the events that caused them.

    `columns` names the stages and first-level nodes that rows have values for, in scheme order;
    `places` is the place policy; `marked` counts entries with at least one mark, `complete` those with all.
    """

    board: Board
    scheme_version: int = 0
    columns: tuple[tuple[str, Text], ...] = ()
    places: Literal["1224", "1223", "1234"] = "1224"
    digits: int = 2
    entries: int = 0
    marked: int = 0
    complete: int = 0
    started_at: datetime | None = None
    frozen_at: datetime | None = None
    thawed_at: datetime | None = None
    published_at: datetime | None = None
    changed_at: datetime | None = None
    stale_since: datetime | None = None
    stale_reason: str = ""


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One row that changed; `before` is its order before (None: it is new), `row` None: it is gone.

    `was_placed` tells whether it took a place before. A reader keeps every place right from changes alone:
    a placed row whose key went from behind mine to before mine moves me one down, the other way one up.
    """

    entry: str
    before: str | None = None
    was_placed: bool = True
    row: LiveRow | None = None


class Frame(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One step of a board: what changed, and the position that it brought the board to.

    `reset` tells readers to fetch a snapshot (a new generation, a scheme amendment, a thaw).
    """

    position: dict[str, int]
    changes: tuple[Change, ...] = ()
    head: BoardHead | None = None
    reset: bool = False


class BoardSummary(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A line in the list of boards."""

    board: Board
    frozen: bool = False
    published: bool = False
    changed_at: datetime | None = None
