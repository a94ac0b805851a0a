"""A contest as tests set it up: a board with entries, a panel, an open window, and people signed in."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from schemas.envelope import decode
from schemas.events.registrations import BoardOpened, EntryRegistered
from schemas.objects import Board, Entry, Named, UnitRef
from schemas.registry import Fact, decode_fact
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Grant, Role, open_session
from services.kit.runtime import Runtime

NOW = datetime(2026, 5, 1, 8, tzinfo=UTC)
UNIT = UnitRef(id="44", name="广东省总工会", path="/44/")
BOARD = "weld"

SCHEME: dict[str, Any] = {
    "id": "weld",
    "root": {
        "kind": "group",
        "function": "weighted_sum",
        "children": [
            {"kind": "imported", "id": "theory", "weight": "0.3", "scale": {"max": "100"}},
            {
                "kind": "group",
                "id": "practical",
                "stage": True,
                "weight": "0.7",
                "children": [
                    {
                        "kind": "judgement",
                        "id": "seam",
                        "title": {"zh": "焊缝", "en": "seam"},
                        "scale": {"max": "60", "step": "0.5"},
                        "panel": {"judges": 2, "max_spread": "10"},
                    },
                    {
                        "kind": "measurement",
                        "id": "size",
                        "scale": {"max": "40"},
                        "panel": {"judges": 2},
                    },
                    {"kind": "deduction", "id": "late", "scale": {"max": "5"}, "panel": {"judges": 2}},
                ],
            },
        ],
    },
}


def a_board(**changes: Any) -> Board:
    title = Named(zh="焊接", en="Welding")
    fields: dict[str, Any] = {
        "id": BOARD,
        "code": "weld",
        "campaign": "2026",
        "campaign_title": Named(zh="技能大比武", en="Skills contest"),
        "kind": "contest",
        "title": title,
        "unit": UNIT,
    }
    return Board(**fields | changes)


def an_entry(id: str, board: str = BOARD, **changes: Any) -> Entry:
    fields: dict[str, Any] = {"kind": "person", "name": f"选手{id}", "unit": UNIT}
    return Entry(**{"id": id, "board": board} | fields | changes)


@dataclass
class Contest:
    """The service with one board, and helpers that read like what people do."""

    runtime: Runtime
    client: TestClient
    now: list[datetime]
    tokens: dict[str, str] = field(default_factory=dict)

    def tell(self, *facts: Fact, board: str = BOARD) -> None:
        """Append facts of other services."""
        with self.runtime.database.transaction() as session:
            for fact in facts:
                log.append(session, fact, board=board, source="registration", actor="o-1", time=self.now[0])

    def sign_in(self, account: str, *grants: Grant) -> str:
        if account not in self.tokens:
            with self.runtime.database.transaction() as session:
                self.tokens[account] = open_session(
                    session, account=account, name=account, grants=grants, now=self.now[0], hours=1000
                )
        return self.tokens[account]

    def organiser(self) -> str:
        return self.sign_in("o-1", Grant(Role.ORGANISER, unit="/44/"))

    def chief(self, board: str = BOARD) -> str:
        return self.sign_in(f"chief-{board}", Grant(Role.CHIEF_JUDGE, board=board, judge=f"chief-{board}"))

    def judge(self, judge: str = "j-1", board: str = BOARD) -> str:
        return self.sign_in(judge, Grant(Role.JUDGE, board=board, judge=judge))

    def send(self, method: str, path: str, body: Any = None, *, by: str = "", **headers: str) -> Response:
        if by:
            headers["Authorization"] = f"Bearer {by}"
        return self.client.request(method, f"/api/scoring{path}", json=body, headers=headers)

    def put(self, path: str, body: Any) -> Response:
        answer = self.send("PUT", path, body, by=self.organiser())
        assert answer.status_code == 200, answer.text
        return answer

    def set_up(self, board: str = BOARD, judges: Sequence[str] = ("j-1", "j-2"), scheme: Any = None) -> None:
        """A scheme, a panel for all stages and an open window."""
        self.put(f"/boards/{board}/scheme", {"data": scheme or SCHEME})
        self.put(
            f"/boards/{board}/panels", {"stage": "", "judges": [{"judge": j, "name": j} for j in judges]}
        )
        self.put(f"/boards/{board}/window", {"mode": "all"})

    def submit(self, sheet: dict[str, Any], judge: str = "j-1", **headers: str) -> Response:
        return self.send("POST", "/sheets", sheet, by=self.judge(judge), **headers)

    def taken(self, sheet: dict[str, Any], judge: str = "j-1") -> dict[str, Any]:
        answer = self.submit(sheet, judge)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def do(self, verb: str, body: Any = None, *, by: str = "", board: str = BOARD) -> Response:
        """A command of the jury."""
        return self.send("POST", f"/boards/{board}/{verb}", body or {}, by=by or self.chief(board))

    def facts(self, board: str = BOARD, topic: Topic = Topic.SCORES) -> list[Fact]:
        with self.runtime.database.reading() as session:
            events = log.read_board(session, board, topic)
        return [decode_fact(decode(event.body)) for event in events]

    def kinds(self, board: str = BOARD) -> list[str]:
        return [fact.kind for fact in self.facts(board)]

    def wait(self, **time: float) -> None:
        self.now[0] += timedelta(**time)


def a_sheet(id: str = "s-1", entry: str = "e-1", **changes: Any) -> dict[str, Any]:
    marks = {"practical.seam": "50.5", "practical.size": "31"}
    return {"id": id, "board": BOARD, "entry": entry, "stage": "practical", "marks": marks} | changes


def opening() -> list[Fact]:
    """The facts of registration that every test starts from: a board with three entries."""
    entries = [EntryRegistered(entry=an_entry(f"e-{n}", number=n, code=f"K{n}")) for n in (1, 2, 3)]
    return [BoardOpened(board=a_board()), *entries]


def problem(answer: Response) -> str:
    """The slug of a problem."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    kind: str = answer.json()["type"]
    return kind.removeprefix("urn:leitai:problem:")
