"""A package into a running platform, over its HTTP API.

Everything is known by its code or external id, and sheets get ids made from them: what is there already
stays as it is, so that a second import changes nothing and an interrupted one can be sent again.
"""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from rules.text import Text
from services.cli.client import Client, Refused
from services.cli.package.contest import BoardPart, Package
from services.cli.package.flaws import Flaw, PackageRefused, key
from services.cli.package.send_board import BoardSending, Sent, Tell
from services.cli.package.source import CONTEST
from services.kit.resources import plain


@dataclass(slots=True)
class Import:
    """What became of a package."""

    campaign: str
    boards: dict[str, Sent] = field(default_factory=dict)


def send(client: Client, package: Package, tell: Tell = lambda _what, _done, _total: None) -> Import:
    """Bring a checked package into a platform. Raises Refused, Unreachable, PackageRefused."""
    return _Sending(client, package, tell).send()


class _Sending:
    def __init__(self, client: Client, package: Package, tell: Tell) -> None:
        self._client, self._package, self._tell = client, package, tell
        self._units: dict[str, str] = {}

    def send(self) -> Import:
        package = self._package
        self._send_units()
        campaign = self._make(
            "/api/registration/campaigns",
            code=package.campaign.code,
            title=_title(package.campaign.title),
            year=package.campaign.year,
            unit=self._units[package.campaign.unit_code],
        )
        self._require_same_campaign(campaign)
        found = Import(campaign)
        boards = [self._board(part, found) for part in _campaigns_last(package)]
        for board in boards:
            board.prepare()
        for board in boards:
            board.fill()
        for board in boards:
            board.publish()
        return found

    def _board(self, part: BoardPart, found: Import) -> BoardSending:
        sent = found.boards[part.code] = Sent(self._make_board(part, found))
        return BoardSending(self._client, self._package, part, sent, self._units, self._tell)

    def _send_units(self) -> None:
        """All in one request, which refuses a code that another unit has."""
        units = self._package.units
        self._tell("units", 0, len(units))
        lines = io.StringIO()
        table = csv.writer(lines, lineterminator="\n")
        table.writerow(("code", "name", "parent", "level"))
        table.writerows((unit.code, unit.name, unit.parent, unit.level) for unit in units)
        path = "/api/registration/units"
        self._client.upload(f"{path}/import", "units.csv", lines.getvalue().encode(), dry_run="false")
        codes = {unit.code for unit in units}
        self._units = {each["code"]: each["id"] for each in self._client.pages(path) if each["code"] in codes}
        self._tell("units", len(units), len(units))

    def _require_same_campaign(self, id: str) -> None:
        """A campaign that has the code already must be this one."""
        owner = self._client.get(f"/api/registration/campaigns/{id}")["unit"]["id"]
        if owner != self._units[self._package.campaign.unit_code]:
            text = Text(
                "平台上已有这个代码的活动，属于另一单位", "another unit's campaign has this code already"
            )
            way_out = Text("换一个活动代码", "choose another code for the campaign")
            code = self._package.campaign.code
            raise PackageRefused([Flaw(CONTEST, key("campaign.code"), "code_taken", text, way_out, code)])

    def _make_board(self, part: BoardPart, found: Import) -> str:
        about = part.about
        feeds = [
            {
                "id": feed.id,
                "cause": feed.cause,
                "aspect": feed.aspect,
                "points": {name: plain(points) for name, points in feed.points.items()},
                "source": "*" if feed.source == "*" else found.boards[feed.source].id,
                "source_kind": feed.source_kind,
                "cap": None if feed.cap is None else plain(feed.cap),
            }
            for feed in about.feeds
        ]
        return self._make(
            f"/api/registration/campaigns/{found.campaign}/boards",
            code=about.code,
            kind=about.kind,
            title=_title(about.title),
            unit=self._units[self._package.unit_of(part)],
            entry_kind=about.entry_kind,
            trade=about.trade,
            blind=about.blind,
            public=about.public,
            feeds=feeds,
            eligibility=about.eligibility.model_dump(mode="json"),
        )

    def _make(self, path: str, **body: Any) -> str:
        """The id of what has this code, made now if it is not there."""
        try:
            made: str = self._client.post(path, body)["id"]
        except Refused as refused:
            if refused.slug != "code-taken":
                raise
            made = refused.body["existing"]
        return made


def _title(title: Text) -> dict[str, str]:
    return {"zh": title.zh, "en": title.en}


def _campaigns_last(package: Package) -> list[BoardPart]:
    """Campaign boards name the boards that feed them, and their points come from published ones."""
    return sorted(package.boards, key=lambda part: part.about.kind == "campaign")
