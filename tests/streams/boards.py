"""Histories of small boards: facts in, events with their numbers out; and a log kept in a list."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec

from schemas.envelope import Envelope, canonical
from schemas.events import registrations, scores
from schemas.objects import Board, Entry, Named, SchemeVersion, Sheet, UnitRef, Window
from schemas.registry import Fact, dataschema, event_type
from schemas.topics import Topic
from streams.events import Event, unpack

START = datetime(2026, 5, 1, 1, 0, tzinfo=UTC)
TITLE = Named(zh="焊工", en="Welding")
UNIT = UnitRef(id="u1", name="一厂", path="/p/u1/")
Mark = Decimal | str | int | None
JUDGES = ("ja", "jb", "jc")


def scheme(version: int = 1, *, weight: str = "2", last_resort: str = "shared") -> SchemeVersion:
    """Two aspects by panels whose marks are meaned as they come; skill counts `weight` times."""
    panel = {"function": "mean", "min_judges": 1, "missing": "present"}
    aspect = {"kind": "judgement", "scale": {"max": "100"}, "panel": panel}
    return SchemeVersion(
        board="b1",
        version=version,
        data={
            "id": "welding",
            "root": {
                "kind": "group",
                "function": "weighted_sum",
                "then": [{"op": "round", "digits": 2}],
                "children": [
                    {"id": "theory", "weight": "1", **aspect},
                    {"id": "skill", "weight": weight, **aspect},
                ],
            },
            "ranking": {"last_resort": last_resort},
        },
    )


class History:
    """A board's facts in the order in which they happened. Every fact takes one minute."""

    def __init__(self, board: str = "b1") -> None:
        self.board = board
        self.events: list[Event] = []
        self._last: dict[Topic, int] = {}

    def add(self, fact: Fact) -> Event:
        sequence = self._last.get(fact.topic, 0) + 1
        self._last[fact.topic] = sequence
        event = unpack(envelope_of(fact, self.board, sequence, len(self.events)), fact.topic)
        self.events.append(event)
        return event

    def open(self, **changes: Any) -> Event:
        return self.add(registrations.BoardOpened(board=board(self.board, **changes)))

    def scheme(self, version: SchemeVersion | None = None) -> Event:
        return self.add(scores.SchemePublished(scheme=version or scheme()))

    def enter(self, *names: str, **changes: Any) -> list[Event]:
        return [self.add(registrations.EntryRegistered(entry=entry(name, **changes))) for name in names]

    def mark(self, name: str, judge: str = "ja", version: int = 1, **marks: Mark) -> Event:
        return self.add(scores.SheetSubmitted(sheet=sheet(name, judge, version, **marks)))

    def since(self, count: int) -> list[Event]:
        return self.events[count:]

    async def fetch(self, board: str, topic: Topic, after: int) -> Sequence[Event]:
        return [
            event
            for event in self.events
            if board == self.board and event.topic is topic and event.sequence > after
        ]


class GrowingLog:
    """A history's log as it was when the events delivered so far had just been committed."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._end: dict[Topic, int] = {}

    def commit(self, events: Sequence[Event]) -> None:
        for event in events:
            self._end[event.topic] = max(event.sequence, self._end.get(event.topic, 0))

    async def fetch(self, board: str, topic: Topic, after: int) -> Sequence[Event]:
        found = await self._history.fetch(board, topic, after)
        return [event for event in found if event.sequence <= self._end.get(topic, 0)]


def envelope_of(fact: Fact, board: str, sequence: int, minutes: int = 0) -> Envelope:
    return Envelope(
        id=f"{board}-{fact.topic.value}-{sequence}",
        source="/test",
        type=event_type(type(fact)),
        subject=fact.subject,
        time=START + timedelta(minutes=minutes),
        partitionkey=board,
        dataschema=dataschema(type(fact)),
        sequence=sequence,
        actor="test",
        data=msgspec.Raw(canonical(fact)),
    )


def board(id: str = "b1", **changes: Any) -> Board:
    plain: dict[str, Any] = {
        "id": id,
        "code": "weld",
        "campaign": "c1",
        "campaign_title": Named(zh="技能大赛", en="Skills contest"),
        "kind": "contest",
        "title": TITLE,
        "unit": UNIT,
    }
    return Board(**{**plain, **changes})


def entry(id: str, **changes: Any) -> Entry:
    plain: dict[str, Any] = {"id": id, "board": "b1", "kind": "person", "name": f"选手{id}", "unit": UNIT}
    return Entry(**{**plain, **changes})


def sheet(entry: str, judge: str, version: int = 1, **marks: Mark) -> Sheet:
    return Sheet(
        id=f"{entry}-{judge}-{version}",
        board="b1",
        entry=entry,
        judge=judge,
        version=version,
        base=version - 1,
        marks=_decimals(marks),
    )


def small(count: int = 3) -> History:
    """A board with a scheme and `count` entries e1, e2 …, nothing marked."""
    history = History()
    history.open()
    history.scheme()
    history.enter(*(f"e{i}" for i in range(1, count + 1)))
    return history


def _decimals(marks: Mapping[str, Mark]) -> dict[str, Decimal | None]:
    return {path: None if mark is None else Decimal(mark) for path, mark in marks.items()}


def window() -> Window:
    return Window(board="b1", stage="", mode="all")


def voided(sheet: Sheet) -> Sheet:
    return msgspec.structs.replace(sheet, voided=True, reason="作废")


OTHER_SCHEME_FAULT = SchemeVersion(board="b1", version=9, data={"id": "broken", "root": {"kind": "group"}})
"""Scheme data that the rules refuse."""
