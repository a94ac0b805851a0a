"""What tests of registration start from, and people whose id numbers check."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from rules.identity_number import check_character
from schemas.envelope import decode
from schemas.registry import Fact, decode_fact
from schemas.topics import Topic
from services.kit import log
from services.kit.access import Grant
from services.kit.runtime import Runtime
from tests.services.setup import token_for


class Province:
    """A union with two plants, a campaign and a board; `client` is an administrator."""

    def __init__(self, runtime: Runtime, client: TestClient) -> None:
        self.runtime, self.client = runtime, client
        self.union = self.make_unit("44", "广东省总工会")
        self.plant = self.make_unit("4401", "第一机械厂", self.union)
        self.yard = self.make_unit("4402", "第二造船厂", self.union)
        self.campaign: dict[str, Any] = self.posted(
            "campaigns",
            {"code": "2026", "title": {"zh": "技能大赛"}, "year": 2026, "unit": self.union["id"]},
        )
        self.board = self.open_board("welding")

    def make_unit(self, code: str, name: str, parent: dict[str, Any] | None = None) -> dict[str, Any]:
        return self.posted("units", {"code": code, "name": name, "parent": parent and parent["id"]})

    def open_board(self, code: str, **more: object) -> dict[str, Any]:
        body = {"code": code, "kind": "contest", "title": {"zh": "焊工", "en": "Welding"}} | more
        return self.posted(f"campaigns/{self.campaign['id']}/boards", body)

    def enter(self, name: str, board: Mapping[str, Any] | None = None, **more: Any) -> Response:
        body = {"name": name, "unit": self.plant["id"]} | more
        return self.client.post(f"boards/{(board or self.board)['id']}/entries", json=body)

    def entered(self, name: str, **more: Any) -> dict[str, Any]:
        answer = self.enter(name, **more)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def draw(self, board: dict[str, Any] | None = None, **body: object) -> Response:
        return self.client.post(f"boards/{(board or self.board)['id']}/draw", json=body)

    def upload(self, content: bytes, *, dry_run: bool = False, **more: object) -> Response:
        return self.client.post(
            f"boards/{self.board['id']}/entries/import",
            files={"file": ("roster", content)},
            params={"dry_run": dry_run} | more,  # type: ignore[arg-type]  # query values are made text
        )

    def listed(self, board: dict[str, Any] | None = None, **query: str) -> list[dict[str, Any]]:
        answer = self.client.get(f"boards/{(board or self.board)['id']}/entries", params=query)
        found: list[dict[str, Any]] = answer.json()["items"]
        return found

    def facts(self, board: dict[str, Any] | None = None) -> list[Fact]:
        with self.runtime.database.reading() as session:
            events = log.read_board(session, (board or self.board)["id"], Topic.REGISTRATIONS)
        return [decode_fact(decode(event.body)) for event in events]

    def versions(self, subject: str) -> list[int]:
        """The entityversion of each event about a subject, in order."""
        with self.runtime.database.reading() as session:
            events = log.read_board(session, self.board["id"], Topic.REGISTRATIONS)
        envelopes = [decode(event.body) for event in events]
        return [each.entityversion for each in envelopes if each.subject == subject]

    def headers(self, *grants: Grant) -> dict[str, str]:
        """Headers of somebody with these roles; of nobody without any."""
        return {"Authorization": f"Bearer {token_for(self.runtime, *grants)}" if grants else ""}

    def posted(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = self.client.post(path, json=body)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found


def id_number(born: date, serial: int = 1, sex: str = "male") -> str:
    """An id number of somebody who does not exist."""
    last = serial * 2 + (1 if sex == "male" else 0)
    digits = f"440106{born:%Y%m%d}{last:03}"
    return digits + check_character(digits)


def rules_of(answer: Response) -> list[str]:
    return [error["rule"] for error in answer.json()["errors"]]


def places_of(answer: Response) -> list[str]:
    return [error["field"] for error in answer.json()["errors"]]
