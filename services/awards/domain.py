"""An honour list as a document, and its life: proposed → publicity (公示) → closed → granted. Pure.

The document is whole: every export is made from it alone, so that the same list gives the same bytes.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from rules.text import Text
from schemas.events.awards import AwardWinner
from schemas.objects import BoardKind, Named
from services.awards.problems import (
    DatesWrong,
    NoSuchWinner,
    NotAtThisState,
    ObjectionUpheld,
    PublicityOver,
    PublicityRunning,
)

ListState = Literal["proposed", "publicity", "closed", "granted"]

STATE_NAMES: dict[ListState, Text] = {
    "proposed": Text("拟定", "proposed"),
    "publicity": Text("公示中", "made public"),
    "closed": Text("公示结束", "publicity closed"),
    "granted": Text("已授予", "granted"),
}


class Of(msgspec.Struct, frozen=True, kw_only=True):
    """The board that a list is of."""

    id: str
    code: str
    kind: BoardKind
    campaign: Named
    title: Named
    unit: str


class Column(msgspec.Struct, frozen=True, kw_only=True):
    path: str
    title: Text


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the standings. `awards` are ids of levels; `place` None with the reason why."""

    entry: str
    place: int | None
    tied: bool
    name: str
    members: tuple[str, ...]
    unit: str
    number: int
    external_id: str
    category: str
    total: Decimal | None
    values: dict[str, Decimal | None]
    awards: tuple[str, ...]
    status: str
    reason: Text | None = None


class Prize(msgspec.Struct, frozen=True, kw_only=True):
    """One who wins a level. `members` are a team's, or a proposal's authors; `entry` may be a unit's id."""

    entry: str
    name: str
    members: tuple[str, ...] = ()
    unit: str
    place: int | None
    reason: Text
    moved_up: bool = False


class Level(msgspec.Struct, frozen=True, kw_only=True):
    """One award (一等奖) and who wins it; `proposed` ones are for an authority to approve."""

    id: str
    title: Text
    of: Literal["entries", "persons", "units"]
    proposed: bool
    approval: Text | None
    winners: tuple[Prize, ...]


class Passed(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets nothing though a reader may look for them, and why."""

    entry: str
    name: str
    reason: Text


class UnitRow(msgspec.Struct, frozen=True, kw_only=True):
    unit: str
    name: str
    place: int
    points: Decimal
    entries: int
    average: Decimal


class Units(msgspec.Struct, frozen=True, kw_only=True):
    rule: str
    by: str
    lines: tuple[UnitRow, ...]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """A list as counted.

    `dated` is when the board was published or last changed, never when the list was asked for; `position` is
    how far the ledger was counted, `notes` how the numbers of winners came to be, `ties` why equal rows are
    equal or in order.
    """

    board: Of
    provisional: bool
    dated: datetime | None
    published_at: datetime | None
    scheme_version: int
    digits: int
    position: dict[str, int]
    columns: tuple[Column, ...]
    standings: tuple[Line, ...]
    levels: tuple[Level, ...]
    notes: tuple[Text, ...]
    ties: tuple[Text, ...]
    left_out: tuple[Passed, ...]
    units: tuple[Units, ...]


def winners(document: Document) -> tuple[AwardWinner, ...]:
    """Who wins what, as facts carry it."""
    return tuple(
        AwardWinner(
            entry=prize.entry,
            name=prize.name,
            unit=prize.unit,
            place=prize.place,
            award=level.id,
            title=level.title.zh,
        )
        for level in document.levels
        for prize in level.winners
    )


def winner(document: Document, entry: str, award: str) -> AwardWinner:
    """The winner of one award; raises NoSuchWinner."""
    for found in winners(document):
        if (found.entry, found.award) == (entry, award):
            return found
    raise NoSuchWinner(
        way_out=Text("从名单中选择获奖者和奖项", "Choose winner and award from the list"),
        entry=entry,
        award=award,
    )


def check_state(state: ListState, *wanted: ListState) -> None:
    """Raise NotAtThisState unless the list is in one of these states."""
    if state not in wanted:
        zh = "或".join(STATE_NAMES[each].zh for each in wanted)
        en = " or ".join(STATE_NAMES[each].en for each in wanted)
        raise NotAtThisState(
            Text(f"名单{STATE_NAMES[state].zh}", f"The list is {STATE_NAMES[state].en}"),
            way_out=Text(f"须先为“{zh}”", f"It must be {en} first"),
            state=state,
        )


def check_publicity(begins: datetime, ends: datetime) -> None:
    if begins.tzinfo is None or ends.tzinfo is None or ends <= begins:
        raise DatesWrong(
            way_out=Text(
                "写明带时区的起止时间，止于起之后", "Give both with a time zone, the end after the beginning"
            )
        )


def check_objection(state: ListState, begins: datetime | None, ends: datetime | None, now: datetime) -> None:
    """Raise PublicityOver outside the days in which objections are taken; the server's clock decides."""
    if state != "publicity" or begins is None or ends is None or not begins <= now <= ends:
        raise PublicityOver(
            way_out=Text("请向主办单位反映", "Turn to the organising unit"),
            publicity_from=begins and begins.isoformat(),
            publicity_until=ends and ends.isoformat(),
        )


def check_close(ends: datetime | None, now: datetime) -> None:
    if ends is not None and now < ends:
        raise PublicityRunning(
            way_out=Text(f"{ends:%Y-%m-%d %H:%M} UTC 之后再办理", f"Wait until {ends:%Y-%m-%d %H:%M} UTC"),
            until=ends.isoformat(),
        )


def check_grant(upheld: Iterable[str]) -> None:
    if found := list(upheld):
        raise ObjectionUpheld(
            way_out=Text("更正后重新拟定名单，再次公示", "Correct it, propose a new list, publish that"),
            upheld=found,
        )


def masked(name: str) -> str:
    """A name or contact that tells apart but does not tell: its ends, at most seven characters."""
    if len(name) <= 4:
        return name[:1] + "*" * (len(name) - 1)
    return name[:3] + "****" + name[-4:] if len(name) > 7 else name[:1] + "****" + name[-1:]
