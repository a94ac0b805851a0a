"""The embedded platform as a process, with its built pages; and a contest in it, made through the API."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from services.cli.client import TOKEN_FILE
from tests.parts.processes import wait_until
from tests.whole.platforms import Embedded

SCHEME: dict[str, Any] = {
    "id": "weld",
    "root": {
        "kind": "group",
        "function": "weighted_sum",
        "children": [
            {
                "kind": "imported",
                "id": "theory",
                "title": {"zh": "理论", "en": "Theory"},
                "weight": "0.3",
                "scale": {"max": "100"},
            },
            {
                "kind": "group",
                "id": "practical",
                "stage": True,
                "title": {"zh": "实际操作", "en": "Practical"},
                "weight": "0.7",
                "children": [
                    {
                        "kind": "judgement",
                        "id": "seam",
                        "title": {"zh": "焊缝外观（平焊、立焊、仰焊）", "en": "Appearance of the seams"},
                        "scale": {"max": "60", "step": "0.5"},
                    },
                    {
                        "kind": "measurement",
                        "id": "size",
                        "title": {"zh": "焊缝余高", "en": "Reinforcement"},
                        "scale": {"max": "20", "step": "0.1"},
                    },
                    {
                        "kind": "judgement",
                        "id": "order",
                        "title": {"zh": "工具摆放与现场整洁", "en": "Order at the place of work"},
                        "scale": {
                            "levels": [
                                {"mark": "0", "text": {"zh": "杂乱，有安全隐患", "en": "Untidy, unsafe"}},
                                {
                                    "mark": "5",
                                    "text": {"zh": "基本整洁，个别工具未归位", "en": "Mostly tidy"},
                                },
                                {
                                    "mark": "10",
                                    "text": {"zh": "整洁有序，全部归位", "en": "Everything in place"},
                                },
                            ]
                        },
                    },
                    {
                        "kind": "measurement",
                        "id": "mask",
                        "title": {"zh": "全程佩戴防护面罩", "en": "Wore the mask throughout"},
                        "scale": {"yes_no": True},
                        "then": [{"op": "coefficient", "value": 10}],
                    },
                    {
                        "kind": "deduction",
                        "id": "late",
                        "title": {"zh": "超时", "en": "Overtime"},
                        "scale": {"max": "5", "step": "1"},
                    },
                ],
            },
        ],
    },
}
NAMES = (
    *("张建国", "李素芬", "买买提·吐尔逊江", "王秀英", "欧阳震华", "阿卜杜热合曼·阿卜杜外力", "赵铁柱"),
    *("陈小红", "刘洋", "周美丽"),
)


MARKS = {"practical.seam": "50", "practical.size": "18", "practical.order": "10", "practical.mask": "1"}


class Platform(Embedded):
    """`leitai up` as the browser tests meet it. Killing it is pulling its plug."""

    start_seconds = 90.0

    def client(self) -> httpx.Client:
        """An administrator."""
        token = (self.data / TOKEN_FILE).read_text()
        return httpx.Client(
            base_url=f"{self.url}/api", headers={"Authorization": f"Bearer {token}"}, timeout=30
        )


@dataclass
class Contest:
    """A board with ten entries in draw order, a panel of two and an open window."""

    platform: Platform
    board: str
    entries: list[str]
    links: dict[str, str] = field(default_factory=dict)

    @classmethod
    def make(cls, platform: Platform, code: str, scheme: dict[str, Any] | None = None) -> "Contest":
        with platform.client() as client:

            def post(path: str, body: Any) -> Any:
                answer = client.post(path, json=body)
                assert answer.status_code in (200, 201), answer.text
                return answer.json()

            unit = post("/registration/units", {"code": f"U-{code}", "name": "广东省总工会"})["id"]
            title = {"zh": "2026 年广东省职工职业技能大赛", "en": "Guangdong Skills Contest 2026"}
            campaign = post(
                "/registration/campaigns",
                {"code": f"C-{code}", "title": title, "year": 2026, "unit": unit},
            )["id"]
            board = post(
                f"/registration/campaigns/{campaign}/boards",
                {
                    "code": code,
                    "kind": "contest",
                    "title": {"zh": "焊工（实际操作）决赛", "en": "Welding, final"},
                },
            )["id"]
            made = post(
                f"/registration/boards/{board}/entries/batch",
                {"entries": [{"name": name, "unit": unit} for name in NAMES], "verified": True},
            )
            post(f"/registration/boards/{board}/draw", {})
        contest = cls(platform, board, made["ids"])
        contest.put("scheme", {"data": scheme or SCHEME})
        judges = [
            {"judge": "j-1", "name": "何卫东", "seat": "A", "chief": True},
            {"judge": "j-2", "name": "孙丽娟", "seat": "B"},
        ]
        contest.put("panels", {"stage": "", "judges": judges})
        contest.put("window", {"stage": "", "mode": "all"})
        return contest

    def put(self, what: str, body: Any) -> None:
        with self.platform.client() as client:
            answer = client.put(f"/scoring/boards/{self.board}/{what}", json=body)
        assert answer.status_code == 200, answer.text

    def link(self, judge: str, name: str = "何卫东") -> str:
        """The path and secret of a new link."""
        with self.platform.client() as client:
            answer = client.post(
                "/identity/judge-links", json={"board": self.board, "judge": judge, "name": name}
            )
        assert answer.status_code == 201, answer.text
        url: str = answer.json()["url"]
        return url[url.index("/judge") :]

    def mark(self, judge: str, entries: Sequence[str]) -> None:
        """The same marks of a judge for each of these."""
        sheets = [
            {"id": str(uuid4()), "entry": entry, "judge": judge, "stage": "practical", "marks": MARKS}
            for entry in entries
        ]
        with self.platform.client() as client:
            answer = client.post(f"/scoring/boards/{self.board}/sheets/import", json={"sheets": sheets})
        assert answer.status_code == 200, answer.text

    def sheets(self) -> list[dict[str, Any]]:
        """Every sheet that the server has taken, with all versions."""
        with self.platform.client() as client:
            found = client.get(f"/scoring/boards/{self.board}/sheets", params={"limit": 500}).json()["items"]
        return list(found)

    def wait_for_sheets(self, count: int) -> list[dict[str, Any]]:
        wait_until(
            lambda: len(self.sheets()) >= count,
            seconds=40,
            what=f"the server has {count} sheets",
            interval=0.3,
        )
        return self.sheets()
