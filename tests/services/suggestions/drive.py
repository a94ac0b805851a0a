"""A drive of a company with two workshops, and people who take part in it."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from starlette.testclient import TestClient

from schemas.envelope import decode
from schemas.events.scores import SheetSubmitted
from schemas.objects import Board, Named, Proposal, Sheet, UnitRef
from schemas.registry import decode_fact
from schemas.topics import Topic
from services.kit import access, log
from services.kit.access import Grant, Role
from services.kit.runtime import Runtime

COMPANY = UnitRef(id="c", name="轮机公司", path="/c/")
UNIT = {"id": "w1", "name": "一车间", "path": "/c/w1/"}
ORGANISER = Grant(Role.ORGANISER, unit="/c/")
WORKER = Grant(Role.CONTESTANT, unit="/c/w1/")
DRAFT: dict[str, Any] = {
    "kind": "proposal",
    "title": "焊接平台加装可调夹具",
    "unit": UNIT,
    "present": "每件翻身要吊两次",
    "measure": "平台加装四个可调夹具，一次装夹完成",
    "effect": "每件省 12 分钟",
}


@dataclass
class Drive:
    """The service over HTTP, with its log and a clock that moves when told."""

    runtime: Runtime
    client: TestClient
    now: list[datetime]
    board: str = "drive"
    tokens: dict[str, str] = field(default_factory=dict)

    def as_(self, name: str, *grants: Grant) -> dict[str, str]:
        """The headers of a signed-in person."""
        if name not in self.tokens:
            with self.runtime.database.transaction() as session:
                self.tokens[name] = access.open_session(
                    session, account=name, name=name, grants=grants, now=self.now[0], hours=10_000
                )
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    @property
    def organiser(self) -> dict[str, str]:
        return self.as_("工会", ORGANISER)

    def worker(self, name: str) -> dict[str, str]:
        return self.as_(name, WORKER)

    def hand_in(self, name: str, **changes: Any) -> dict[str, Any]:
        answer = self.client.post(
            f"/api/suggestions/boards/{self.board}/proposals", json=DRAFT | changes, headers=self.worker(name)
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def post(
        self, id: str, action: str, headers: dict[str, str] | None = None, status: int = 200, **body: Any
    ) -> dict[str, Any]:
        answer = self.client.post(
            f"/api/suggestions/proposals/{id}/{action}",
            json=body if action != "votes" else None,
            headers=headers or self.organiser,
        )
        assert answer.status_code == status, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def get(self, path: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
        answer = self.client.get(f"/api/suggestions{path}", headers=headers or self.organiser)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def mark(self, proposal: str) -> None:
        """What the scoring service would tell: a judge marked the proposal."""
        sheet = Sheet(id=f"s-{proposal}", board=self.board, entry=proposal, judge="j-1", marks={})
        with self.runtime.database.transaction() as session:
            log.append(
                session,
                SheetSubmitted(sheet=sheet),
                board=self.board,
                source="scoring",
                actor="j-1",
                time=self.now[0],
            )

    def wait(self, **time: float) -> None:
        self.now[0] += timedelta(**time)

    def told(self) -> list[tuple[str, Proposal]]:
        """Kind and proposal of every fact of the drive so far."""
        with self.runtime.database.reading() as session:
            events = log.read_board(session, self.board, Topic.SUGGESTIONS)
        facts = [decode_fact(decode(event.body)) for event in events]
        return [(fact.kind, fact.proposal) for fact in facts]  # type: ignore[attr-defined]

    def bodies(self) -> bytes:
        with self.runtime.database.reading() as session:
            return b"\n".join(event.body for event in log.read_board(session, self.board, Topic.SUGGESTIONS))


def a_board(**changes: Any) -> Board:
    title = Named(zh="金点子", en="Golden ideas")
    fields: dict[str, Any] = {
        "id": "drive",
        "code": "jdz",
        "campaign": "2026",
        "campaign_title": title,
        "kind": "drive",
        "title": title,
        "unit": COMPANY,
        "entry_kind": "proposal",
    }
    return Board(**fields | changes)
