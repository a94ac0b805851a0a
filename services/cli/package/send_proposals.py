"""The proposals of a drive: handed in, and after their marks brought to the stage that the package says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.objects import ProposalStage
from services.cli.client import Client
from services.cli.package.contest import BoardPart, Package, Proposal, course
from services.kit.resources import plain

ACTIONS: Mapping[ProposalStage, str] = {
    "screened": "screen",
    "reviewed": "review",
    "adopted": "adopt",
    "implemented": "implement",
    "verified": "verify",
    "closed": "close",
    "declined": "decline",
    "merged": "merge",
}


@dataclass(slots=True)
class Proposals:
    """The proposals of a board on the platform: ids and present stages by external id."""

    client: Client
    part: BoardPart
    ids: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)

    def advance(self) -> None:
        """Bring every proposal to its stage; one that has got there stays."""
        for proposal in sorted(self.part.proposals, key=_merged_last):
            present = self.stages[proposal.external_id]
            stages = course(proposal)
            if present not in stages:
                continue
            for stage in stages[stages.index(present) + 1 :]:
                path = f"/api/suggestions/proposals/{self.ids[proposal.external_id]}/{ACTIONS[stage]}"
                self.client.post(path, self._body(proposal, stage))

    def _body(self, proposal: Proposal, stage: ProposalStage) -> dict[str, Any]:
        body: dict[str, Any] = {"reason": proposal.reason if stage == proposal.stage else ""}
        if stage == "merged":
            body["into"] = self.ids[proposal.merged_into]
        if stage == "verified" and proposal.benefit is not None:
            body["benefit"] = plain(proposal.benefit)
        return body


def send_proposals(
    client: Client, package: Package, part: BoardPart, board: str, units: Mapping[str, str]
) -> Proposals:
    """Hand in the proposals that are not there yet; those that others merge into come first."""
    found = Proposals(client, part)
    if not part.proposals:
        return found
    path = f"/api/suggestions/boards/{board}/proposals"
    for each in client.pages(path):
        if each["external_id"]:
            found.ids[each["external_id"]], found.stages[each["external_id"]] = each["id"], each["stage"]
    refs: dict[str, Any] = {}
    for proposal in sorted(part.proposals, key=_merged_last):
        if proposal.external_id in found.ids:
            continue
        unit = units[package.unit_of(part, proposal.unit)]
        if unit not in refs:
            body = client.get(f"/api/registration/units/{unit}")
            refs[unit] = {name: body[name] for name in ("id", "name", "path")}
        made = client.post(path, _draft(proposal, refs[unit]))
        found.ids[proposal.external_id], found.stages[proposal.external_id] = made["id"], made["stage"]
    return found


def _merged_last(proposal: Proposal) -> tuple[bool, str]:
    return (proposal.stage == "merged", proposal.external_id)


def _draft(proposal: Proposal, unit: Mapping[str, str]) -> dict[str, Any]:
    return {
        "kind": proposal.kind,
        "title": proposal.title,
        "unit": unit,
        "present": proposal.present,
        "measure": proposal.measure,
        "effect": proposal.effect,
        # Whoever reported in secret is not told by an export; the platform asks for a name all the same.
        "authors": [{"name": name} for name in proposal.authors or ("匿名",)],
        "external_id": proposal.external_id,
        "category": proposal.category,
        "anonymous": proposal.anonymous,
    }
