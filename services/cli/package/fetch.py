"""A campaign of a running platform as a package, from its boards' ledgers.

Personal data never leaves the platform this way, and contributions are left out: who imports the package gets
them from the boards that they came from.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rules.text import Text
from schemas import objects
from schemas.live_state import EntryState
from schemas.objects import Sheet as LedgerSheet
from services.cli.client import Client
from services.cli.package import model
from services.cli.package.contest import (
    BoardPart,
    Decision,
    Disqualification,
    Entry,
    Judge,
    Package,
    Proposal,
    Sheet,
    SheetKey,
    Source,
    Unit,
    Veto,
)
from services.cli.package.flaws import NOWHERE, Flaw, PackageRefused
from services.cli.package.ledger import Ledger, read_ledger

_SOURCES: Mapping[objects.SheetSource, Source] = {
    "judge": "judge",
    "imported": "judge",
    "self": "self",
    "checker": "checker",
}


def fetch(client: Client, code: str) -> Package:
    """The campaign with this code or id. Raises PackageRefused (none), Refused, Unreachable, Broken."""
    campaign = _campaign(client, code)
    boards = list(client.pages("/api/registration/boards", campaign=campaign["id"]))
    codes = {board["id"]: board["code"] for board in boards}
    ledgers = {
        board["id"]: read_ledger(client.lines(f"/api/scoring/boards/{board['id']}/ledger.ndjson"))
        for board in boards
    }
    units = _Units(client, campaign["unit"]["path"])
    units.add(campaign["unit"]["path"])
    for board in boards:
        units.add(board["unit"]["path"])
        for state in ledgers[board["id"]].entries.values():
            units.add(state.unit.path if state.unit else "/")
    owner = units.codes[campaign["unit"]["id"]]
    return Package(
        campaign=model.Campaign(
            code=campaign["code"], title=_title(campaign["title"]), year=campaign["year"], unit=owner
        ),
        units=units.units(),
        boards=tuple(
            _Part(board, ledgers[board["id"]], units.codes, codes).part()
            for board in sorted(boards, key=lambda board: str(board["code"]))
        ),
    )


class _Units:
    """The units that a package names, and those between them and the campaign's own."""

    def __init__(self, client: Client, owner: str) -> None:
        self._client, self._owner = client, owner
        self._found: dict[str, dict[str, Any]] = {}

    @property
    def codes(self) -> dict[str, str]:
        return {id: unit["code"] for id, unit in self._found.items()}

    def add(self, path: str) -> None:
        """A unit and what is above it, up to the campaign's unit if it lies on the way."""
        above = self._owner.rstrip("/").rpartition("/")[0] if path.startswith(self._owner) else ""
        for id in path.removeprefix(above).strip("/").split("/"):
            if id and id not in self._found:
                self._found[id] = self._client.get(f"/api/registration/units/{id}")

    def units(self) -> tuple[Unit, ...]:
        codes = self.codes
        return tuple(
            Unit(unit["code"], unit["name"], codes.get(unit["parent"], ""), unit["level"])
            for unit in self._found.values()
        )


class _Part:
    """One board's part of the package."""

    def __init__(
        self, board: Mapping[str, Any], ledger: Ledger, units: Mapping[str, str], boards: Mapping[str, str]
    ) -> None:
        self._board, self._ledger, self._units, self._boards = board, ledger, units, boards
        self._entries = {id: state for id, state in ledger.entries.items() if state.known}
        self._ids = {id: _external_id(state) for id, state in self._entries.items()}

    def part(self) -> BoardPart:
        state = self._ledger.state
        return BoardPart(
            about=self._about(),
            scheme=state.scheme.data if state.scheme else None,
            entries=tuple(self._entry_rows()),
            judges=tuple(self._judges()),
            sheets=tuple(self._sheets()),
            proposals=tuple(self._proposals()),
            vetoes=tuple(self._vetoes()),
            disqualifications=tuple(
                Disqualification(self._ids[id], entry.disqualified)
                for id, entry in self._entries.items()
                if entry.disqualified is not None
            ),
            decisions=tuple(
                Decision(key, self._ids[id], place)
                for id, entry in self._entries.items()
                for key, place in entry.decisions.items()
            ),
        )

    def _about(self) -> model.Board:
        board, windows = self._board, sorted(self._ledger.windows.items())
        return model.Board(
            code=board["code"],
            kind=board["kind"],
            title=_title(board["title"]),
            trade=board["trade"],
            entry_kind=board["entry_kind"],
            unit=self._units[board["unit"]["id"]],
            blind=board["blind"],
            public=board["public"],
            scheme=f"{board['code']}.yaml" if self._ledger.state.scheme else None,
            windows=tuple(
                model.Window(stage=stage, editable=window.editable)
                for stage, window in windows
                if window.mode == "all"
            ),
            feeds=tuple(self._feed(feed) for feed in board["feeds"]),
            eligibility=model.Eligibility.model_validate(board["eligibility"]),
            published=self._ledger.state.published_at is not None,
        )

    def _feed(self, feed: Mapping[str, Any]) -> model.Feed:
        source = feed["source"] if feed["source"] == "*" else self._boards.get(feed["source"])
        if source is None:
            text = Text(
                f"榜 {self._board['code']} 的来源 {feed['id']} 是另一活动的榜",
                f"the feed {feed['id']} of {self._board['code']} comes from a board of another campaign",
            )
            way_out = Text("改为 * 或本活动的榜", "make it * or a board of this campaign")
            raise PackageRefused([Flaw("", NOWHERE, "foreign_feed", text, way_out, feed["source"])])
        return model.Feed.model_validate({**feed, "source": source})

    def _entry_rows(self) -> Iterator[Entry]:
        for id, state in self._entries.items():
            if state.entry is None:
                continue
            entry = state.entry
            yield Entry(
                external_id=self._ids[id],
                name=entry.name,
                unit=self._units[entry.unit.id],
                category=entry.category,
                number=state.number,
                code=state.code,
                unranked=entry.unranked,
                withdrawn=(entry.reason or "-") if entry.status == "withdrawn" else "",
                members=entry.members,
                factors=entry.factors,
                times=entry.times,
            )

    def _judges(self) -> Iterator[Judge]:
        for stage, panel in self._ledger.state.panels.items():
            for each in panel.judges:
                recused = tuple(self._ids[entry] for entry in each.recused if entry in self._ids)
                yield Judge(each.judge, each.name, stage, each.seat, each.chief, recused)

    def _sheets(self) -> Iterator[Sheet]:
        for rounds in self._ledger.sheets.values():
            for sheet in rounds.values():
                if sheet.entry in self._ids:
                    yield self._sheet(sheet)

    def _sheet(self, sheet: LedgerSheet) -> Sheet:
        key = SheetKey(self._ids[sheet.entry], sheet.stage, sheet.attempt, sheet.round, sheet.judge)
        return Sheet(key, sheet.marks, _SOURCES[sheet.source], sheet.notes)

    def _proposals(self) -> Iterator[Proposal]:
        for id, state in self._entries.items():
            if state.entry is not None or state.proposal is None:
                continue
            proposal = state.proposal
            yield Proposal(
                external_id=self._ids[id],
                kind=proposal.kind,
                title=proposal.title,
                stage=proposal.stage,
                authors=proposal.authors,
                unit=self._units[proposal.unit.id],
                category=proposal.category,
                present=proposal.present,
                measure=proposal.measure,
                effect=proposal.effect,
                reason=proposal.reason,
                benefit=proposal.benefit,
                votes=proposal.votes,
                merged_into=self._ids.get(proposal.merged_into or "", ""),
                anonymous=proposal.anonymous,
            )

    def _vetoes(self) -> Iterator[Veto]:
        for id, state in self._entries.items():
            for veto, reason in state.vetoes.items():
                yield Veto(self._ids[id], veto, reason, self._ledger.vetoes[id, veto].source)


def _campaign(client: Client, code: str) -> dict[str, Any]:
    found = [*client.pages("/api/registration/campaigns", code=code)]
    if not found:
        found = [each for each in client.pages("/api/registration/campaigns") if each["id"] == code]
    if found:
        return found[0]
    known = ", ".join(_codes(client.pages("/api/registration/campaigns")))
    text = Text("平台上没有这个活动", "the platform has no such campaign")
    raise PackageRefused(
        [Flaw("", NOWHERE, "unknown_campaign", text, Text(f"可用：{known}", f"use one of: {known}"), code)]
    )


def _codes(campaigns: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    return (str(campaign["code"]) for campaign in campaigns)


def _title(body: Mapping[str, str]) -> Text:
    return Text(body["zh"], body["en"])


def _external_id(state: EntryState) -> str:
    """The organiser's own number; without one, the platform's id."""
    holder = state.entry or state.proposal
    return (holder.external_id if holder else "") or state.id
