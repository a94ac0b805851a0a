"""Contests to measure with: boards of any size, five judges a board, sheets of ten marks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from schemas.events.registrations import BoardOpened, EntryRegistered
from schemas.events.scores import PanelSet, SchemePublished, SheetSubmitted, WindowSet
from schemas.objects import (
    Board,
    Entry,
    Named,
    Panel,
    PanelJudge,
    SchemeVersion,
    Sheet,
    UnitRef,
    Window,
)
from schemas.registry import Fact
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Grant, Role, open_session
from services.kit.clock import utc_now
from services.kit.database import Database

BEGUN = datetime(2026, 5, 1, 8, tzinfo=UTC)
_UNIT = UnitRef(id="bench-unit", name="测量单位", path="/bench-unit/")
_PANEL = {"function": "mean", "min_judges": 1, "missing": "present"}
_GROUP = 5_000


@dataclass(frozen=True)
class Contest:
    """One board: entries `e-<n>`, judges, aspects in two groups, everything open."""

    id: str
    entries: int
    judges: int = 5
    aspects: int = 10

    def entry(self, number: int) -> str:
        return f"{self.id}.e-{number:07d}"

    def judge(self, number: int) -> str:
        return f"{self.id}.j-{number}"

    def opening(self) -> Iterator[Fact]:
        """What registration and the organiser say before the first mark."""
        title = Named(zh=f"测量 {self.id}", en=f"Bench {self.id}")
        campaign = Named(zh="测量", en="Bench")
        yield BoardOpened(
            board=Board(id=self.id, code=self.id, campaign="bench", campaign_title=campaign, kind="contest",
                        title=title, unit=_UNIT, opened_at=BEGUN)
        )  # fmt: skip
        yield SchemePublished(scheme=SchemeVersion(board=self.id, version=1, data=_scheme(self.aspects)))
        judges = tuple(
            PanelJudge(judge=self.judge(n), name=f"裁判{n}", seat=str(n + 1)) for n in range(self.judges)
        )
        yield PanelSet(panel=Panel(board=self.id, stage="", judges=judges))
        yield WindowSet(window=Window(board=self.id, stage="", mode="all"))
        for number in range(self.entries):
            yield EntryRegistered(entry=self.described(number))

    def sheet(self, entry: int, judge: int, version: int = 1) -> Sheet:
        """Marks that differ from sheet to sheet."""
        id = f"{self.entry(entry)}.{judge}.{version}"
        return Sheet(
            id=id, board=self.id, entry=self.entry(entry), judge=self.judge(judge), version=version,
            base=version - 1, marks={path: Decimal(mark) for path, mark in self.marks(entry, judge, version)},
        )  # fmt: skip

    def marks(self, entry: int, judge: int, version: int) -> Iterator[tuple[str, str]]:
        """A mark for every aspect, as a device sends it."""
        serial = entry * 31 + judge * 7 + version
        for place in range(self.aspects):
            step = (serial * 7919 + place * 104729) % 101
            yield _path(place), f"{step // 10}.{step % 10}"

    def described(self, number: int) -> Entry:
        return Entry(
            id=self.entry(number), board=self.id, kind="person", name=f"选手{number}", unit=_UNIT,
            external_id=f"{number:07d}", number=number + 1,
        )  # fmt: skip


def fresh(prefix: str) -> str:
    """An id that no earlier run used: a cluster keeps its boards."""
    return f"bench-{prefix}-{uuid4().hex[:8]}"


def enter(database: Database, contest: Contest) -> None:
    """Write the board's opening into the log, in bulk, as the services' own transactions would."""
    append(database, contest.id, contest.opening())


def mark(database: Database, contest: Contest, *, judges: int | None = None) -> int:
    """Write one sheet of each judge for each entry into the log; how many."""
    count = contest.judges if judges is None else judges
    every = (
        SheetSubmitted(sheet=contest.sheet(entry, judge))
        for entry in range(contest.entries)
        for judge in range(count)
    )
    append(database, contest.id, every)
    return contest.entries * count


def append(database: Database, board: str, facts: Iterator[Fact]) -> None:
    source = {Topic.REGISTRATIONS: "registration", Topic.SCORES: "scoring"}
    more = True
    while more:
        with database.transaction() as session:
            more = False
            for _, fact in zip(range(_GROUP), facts, strict=False):
                more = True
                log.append(
                    session, fact, board=board, source=source[fact.topic], actor="bench", time=utc_now()
                )


def sign_in(database: Database, contest: Contest) -> list[str]:
    """A session of each judge of the board."""
    with database.transaction() as session:
        return [
            open_session(
                session,
                account=contest.judge(number),
                name=f"裁判{number}",
                grants=[Grant(Role.JUDGE, board=contest.id, judge=contest.judge(number))],
                now=utc_now(),
                hours=2,
            )
            for number in range(contest.judges)
        ]


def _path(place: int) -> str:
    return f"{('craft', 'result')[place % 2]}.a{place // 2}"


def _scheme(aspects: int) -> dict[str, Any]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for place in range(aspects):
        group, _, aspect = _path(place).partition(".")
        node = {"kind": "judgement", "id": aspect, "scale": {"max": "10"}, "panel": _PANEL}
        groups.setdefault(group, []).append(node)
    return {
        "id": "bench",
        "root": {
            "kind": "group",
            "function": "sum",
            "then": [{"op": "round", "digits": 2}],
            "children": [{"kind": "group", "id": id, "children": nodes} for id, nodes in groups.items()],
        },
    }
