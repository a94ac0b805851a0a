"""The judges of the demo, each with a session of their own, as if on a tablet."""

from collections.abc import Mapping

from services.cli.client import Client
from services.cli.package.contest import Package
from services.identity.domain import device_mark

DEVICE = "leitai-demo"
_HOURS = 24
_LIVE = ("open", "in_use")


class Bench:
    """Judges by board and id. Their links are made when the play begins, and revoked when it ends."""

    def __init__(self, organiser: Client, package: Package, boards: Mapping[str, str]) -> None:
        self._organiser, self._package, self._boards = organiser, package, boards
        self._judges: dict[tuple[str, str], Client] = {}

    def sit(self) -> int:
        """Invite every judge of every panel; how many there are. A judge of two boards has two links."""
        for part in self._package.boards:
            for judge in part.judges:
                if (part.code, judge.judge) not in self._judges:
                    self._judges[part.code, judge.judge] = self._invite(
                        part.code, judge.judge, judge.name, chief=judge.chief
                    )
        return len(self._judges)

    def judge(self, board: str, judge: str) -> Client:
        return self._judges[board, judge]

    def leave(self) -> None:
        """Revoke the links of this device, also those of a play that was broken off."""
        for board in self._boards.values():
            for link in list(self._organiser.pages("/api/identity/judge-links", board=board)):
                if link["device"] == device_mark(DEVICE) and link["state"] in _LIVE:
                    self._organiser.delete(f"/api/identity/judge-links/{link['id']}")

    def _invite(self, board: str, judge: str, name: str, *, chief: bool) -> Client:
        role = "chief_judge" if chief else "judge"
        body = {"board": self._boards[board], "judge": judge, "name": name, "role": role, "hours": _HOURS}
        link = self._organiser.post("/api/identity/judge-links", body)
        secret = link["url"].rpartition("#")[2]
        session = self._organiser.post(
            "/api/identity/judge-links/exchange", {"token": secret, "device": DEVICE}
        )
        return self._organiser.signed_in_as(session["token"])
