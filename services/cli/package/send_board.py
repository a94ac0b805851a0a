"""One board of a package on its way into a platform."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from rules.text import Text
from services.cli.client import Client, Refused
from services.cli.package import count
from services.cli.package.contest import BoardPart, Package, Sheet, SheetKey
from services.cli.package.contributions import contributed
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused
from services.cli.package.send_proposals import Proposals, send_proposals
from services.cli.package.send_rows import at_rows, bases, chunks, entry_body, panels, require_same
from services.kit.resources import plain

ENTRIES_AT_ONCE = 1_000
SHEETS_AT_ONCE = 500
CONTRIBUTIONS_WAIT_SECONDS = 60
_SHEETS = UUID("d1a3a7c6-2f3d-5d0c-9a63-52d1f4f0c9e7")

Tell = Callable[[str, int, int], None]
"""Called with what is being sent (`board: what`), how much of it is done, and how much there is."""


@dataclass(slots=True)
class Sent:
    """What became of a board: its id, entry ids by external id, and how much was new."""

    id: str
    entries: dict[str, str] = field(default_factory=dict)
    entries_made: int = 0
    sheets_made: int = 0
    sheets_repeated: int = 0
    published: bool = False


def sheet_id(package: Package, board: BoardPart, key: SheetKey) -> str:
    """The id of a sheet: the same each time the package is sent."""
    return str(uuid5(_SHEETS, "\t".join(map(str, (package.campaign.code, board.code, *key)))))


@dataclass(slots=True)
class BoardSending:
    """First `prepare` every board, then `fill` them, then `publish`: points that one board earns on another
    find it there."""

    client: Client
    package: Package
    part: BoardPart
    sent: Sent
    units: Mapping[str, str]
    tell: Tell
    proposals: Proposals | None = None

    def prepare(self) -> None:
        """Scheme, entries, panels and windows."""
        board, part = f"/api/scoring/boards/{self.sent.id}", self.part
        if part.scheme is not None:
            self.client.put(f"{board}/scheme", {"data": dict(part.scheme)})
        self._send_entries()
        self.proposals = send_proposals(self.client, self.package, part, self.sent.id, self.units)
        self.sent.entries |= self.proposals.ids
        for stage, judges in panels(part, self.sent.entries):
            self.client.put(f"{board}/panels", {"stage": stage, "judges": judges})
        for window in part.about.windows:
            self.client.put(f"{board}/window", {**window.model_dump(), "mode": "all"})

    def fill(self) -> None:
        """Marks, and what was decided."""
        self._send_sheets()
        if self.proposals:
            self.proposals.advance()
        self._send_jury()
        self._withdraw()

    def publish(self) -> None:
        """Make the results final, once all points from other boards are there."""
        if not self.part.about.published:
            return
        board = f"/api/scoring/boards/{self.sent.id}"
        if self.client.get(f"{board}/control")["published_at"] is None:
            self._await_contributions()
            self.client.post(f"{board}/publish", {})
        self.sent.published = True

    def _send_entries(self) -> None:
        path = f"/api/registration/boards/{self.sent.id}/entries"
        there = {each["external_id"]: each for each in self.client.pages(path) if each["external_id"]}
        bodies = {
            entry.external_id: entry_body(entry, self.units[self.package.unit_of(self.part, entry.unit)])
            for entry in self.part.entries
        }
        require_same(self.part, bodies, there)
        missing = [entry.external_id for entry in self.part.entries if entry.external_id not in there]
        self.sent.entries = {id: each["id"] for id, each in there.items() if id in bodies}
        for done, some in chunks(missing, ENTRIES_AT_ONCE):
            self.tell(f"{self.part.code}: entries", done, len(missing))
            body = {"entries": [bodies[id] for id in some], "verified": True}
            try:
                made = self.client.post(f"{path}/batch", body)
            except Refused as refused:
                rows = {entry.external_id: entry.row for entry in self.part.entries}
                raise at_rows(refused, "entries", [rows[id] for id in some]) from refused
            self.sent.entries |= dict(zip(some, made["ids"], strict=True))
            self.sent.entries_made += len(some)
        self.tell(f"{self.part.code}: entries", len(missing), len(missing))

    def _send_sheets(self) -> None:
        path = f"/api/scoring/boards/{self.sent.id}"
        sheets = sorted(
            (each for each in self.part.sheets if each.source == "judge"), key=lambda each: each.key
        )
        versions = bases(self.part.sheets)
        for done, some in chunks(sheets, SHEETS_AT_ONCE):
            self.tell(f"{self.part.code}: sheets", done, len(sheets))
            bodies = [self._sheet(each, versions) for each in some]
            try:
                answer = self.client.post(f"{path}/sheets/import", {"sheets": bodies})
            except Refused as refused:
                rows = [min(each.rows.values(), default=0) for each in some]
                raise at_rows(refused, "sheets", rows) from refused
            self.sent.sheets_made += answer["created"]
            self.sent.sheets_repeated += answer["repeated"]
        self.tell(f"{self.part.code}: sheets", len(sheets), len(sheets))
        self._send_indicators(versions)

    def _send_indicators(self, versions: Mapping[SheetKey, int]) -> None:
        """What units report is taken while the board is open only: it is opened if need be, then set back."""
        board = f"/api/scoring/boards/{self.sent.id}"
        opened: set[str] = set()
        for each in self.part.sheets:
            if each.source == "judge":
                continue
            body = self._sheet(each, versions) | {"source": each.source, "period": each.key.attempt}
            for name in ("judge", "round", "attempt"):
                del body[name]
            try:
                self.client.post(f"{board}/indicators", body)
            except Refused as refused:
                if refused.slug != "window-closed":
                    raise
                opened.add(each.key.stage)
                self.client.put(f"{board}/window", {"stage": each.key.stage, "mode": "all"})
                self.client.post(f"{board}/indicators", body)
        for stage in sorted(opened):
            self.client.put(f"{board}/window", {"stage": stage, "mode": "closed"})

    def _sheet(self, sheet: Sheet, versions: Mapping[SheetKey, int]) -> dict[str, Any]:
        key = sheet.key
        return {
            "id": sheet_id(self.package, self.part, key),
            "entry": self.sent.entries[key.entry],
            "judge": key.judge,
            "stage": key.stage,
            "attempt": key.attempt,
            "round": key.round,
            "base": versions[key],
            "marks": {path: None if mark is None else plain(mark) for path, mark in sheet.marks.items()},
            "notes": dict(sheet.notes),
        }

    def _send_jury(self) -> None:
        board = f"/api/scoring/boards/{self.sent.id}"
        if not (self.part.vetoes or self.part.disqualifications or self.part.decisions):
            return
        control = self.client.get(f"{board}/control")
        for out in self.part.disqualifications:
            entry = self.sent.entries[out.entry]
            if entry not in control["disqualified"]:
                self.client.post(f"{board}/disqualifications", {"entry": entry, "reason": out.reason})
        for veto in self.part.vetoes:
            entry = self.sent.entries[veto.entry]
            if control["vetoes"].get(entry, {}).get(veto.veto) != veto.reason:
                body = {"entry": entry, "veto": veto.veto, "source": veto.source, "reason": veto.reason}
                self.client.post(f"{board}/vetoes", body)
        orders: dict[str, dict[str, str]] = {}
        for each in self.part.decisions:
            orders.setdefault(each.key, {})[self.sent.entries[each.entry]] = plain(each.place)
        for key, order in orders.items():
            decided = {entry: control["decisions"].get(entry, {}).get(key) for entry in order}
            if decided != order:
                self.client.post(f"{board}/tie-decisions", {"key": key, "order": order})

    def _withdraw(self) -> None:
        for entry in self.part.entries:
            if entry.withdrawn:
                path = f"/api/registration/entries/{self.sent.entries[entry.external_id]}"
                if self.client.get(path)["status"] != "withdrawn":
                    self.client.post(f"{path}/withdraw", {"reason": entry.withdrawn})

    def _await_contributions(self) -> None:
        """Points from other boards come by the streams, a moment after those were published."""
        states = count.states(self.package, self.part)
        wanted: dict[tuple[str, str], Decimal] = {}
        for entry, sheets in contributed(self.package, self.part, states).items():
            _add(wanted, self.sent.entries[entry], (sheet.marks for sheet in sheets.values()))
        deadline = time.monotonic() + CONTRIBUTIONS_WAIT_SECONDS
        while True:
            there: dict[tuple[str, str], Decimal] = {}
            for each in self.client.pages(f"/api/scoring/boards/{self.sent.id}/sheets") if wanted else ():
                if each["source"] == "contribution":
                    _add(there, each["entry"], [{p: Decimal(m) for p, m in each["marks"].items() if m}])
            if all(there.get(each) == points for each, points in wanted.items()):
                return
            if time.monotonic() > deadline:
                raise PackageRefused([_late(self.part)])
            time.sleep(0.2)


def _add(
    sums: dict[tuple[str, str], Decimal], entry: str, marks: Iterable[Mapping[str, Decimal | None]]
) -> None:
    for each in marks:
        for aspect, points in each.items():
            sums[entry, aspect] = sums.get((entry, aspect), Decimal(0)) + (points or 0)


def _late(part: BoardPart) -> Flaw:
    text = Text(
        f"榜 {part.code} 应得的贡献分还没有全部到达，未公布",
        f"not all points that {part.code} should get have arrived; it was not published",
    )
    way_out = Text("确认流处理在运行，再导入一次", "see that the streams are running, then import again")
    return Flaw("", NOWHERE, "contributions_late", text, way_out)
