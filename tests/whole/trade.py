"""A small trade of a skills contest, set up over HTTP as its organisers would, with sums worked by hand.

Theory counts 0.3, practical 0.7; practical is the mean of three judges, rounded to two decimals.

| entrant | theory | judges | practical | total | place |
|---|---|---|---|---|---|
| 王芳 | 90 | 80, 84, 88 | 84 | 27 + 58.8 = 85.80 | 2 |
| 李强 | 80 | 90, 91, 89 | 90 | 24 + 63 = 87.00 | 1 |
| 欧阳娜娜 | 100 | 70, 71, 73 | 71.33 | 30 + 49.931 → 79.93 | 4 |
| 阿依古丽·买买提 | 85 | 84, 85, 86 | 85 | 25.5 + 59.5 = 85.00 | 3 |
"""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import uuid4

from services.cli.client import Client
from tests.whole.boards import Standing
from tests.whole.platforms import Platform

NAMES = {"A": "王芳", "B": "李强", "C": "欧阳娜娜", "D": "阿依古丽·买买提"}
THEORY = {"A": "90", "B": "80", "C": "100", "D": "85"}
PRACTICAL = {
    "A": ("80", "84", "88"),
    "B": ("90", "91", "89"),
    "C": ("70", "71", "73"),
    "D": ("84", "85", "86"),
}
FINAL = [
    Standing("B", 1, Decimal("87.00")),
    Standing("A", 2, Decimal("85.80")),
    Standing("D", 3, Decimal("85.00")),
    Standing("C", 4, Decimal("79.93")),
]
JUDGES = ("J1", "J2", "J3")
_TWO = {"op": "round", "digits": 2}
SCHEME: dict[str, Any] = {
    "id": "trade",
    "root": {
        "kind": "group",
        "function": "weighted_sum",
        "sum_check": 1,
        "then": [_TWO],
        "children": [
            {"id": "theory", "kind": "imported", "weight": "0.3", "scale": {"max": 100}},
            {
                "id": "practical",
                "kind": "group",
                "stage": True,
                "weight": "0.7",
                "children": [
                    {
                        "id": "work",
                        "kind": "judgement",
                        "scale": {"max": 100, "step": "0.5"},
                        "panel": {"judges": 3},
                        "then": [_TWO],
                    }
                ],
            },
        ],
    },
    "awards": [
        {
            "id": "prize",
            "rule": "counts",
            "levels": [
                {"id": "first", "label": {"zh": "一等奖", "en": "first prize"}, "count": 1},
                {"id": "second", "label": {"zh": "二等奖", "en": "second prize"}, "count": 2},
            ],
        }
    ],
}


@dataclass
class Trade:
    """The board, with its entries by external id and its judges' links and sessions by judge."""

    platform: Platform
    board: str
    entries: dict[str, str] = field(default_factory=dict)
    links: dict[str, dict[str, str]] = field(default_factory=dict)
    judges: dict[str, Client] = field(default_factory=dict)

    @property
    def scoring(self) -> str:
        return f"/api/scoring/boards/{self.board}"

    def organise(self, what: str, **body: Any) -> Any:
        return self.platform.administrator.post(f"{self.scoring}/{what}", body)

    def invite(self, judge: str) -> str:
        """A link for a judge; the secret of its QR code."""
        body = {"board": self.board, "judge": judge, "name": f"裁判{judge}"}
        self.links[judge] = self.platform.administrator.post("/api/identity/judge-links", body)
        return self.links[judge]["url"].rpartition("#")[2]

    def exchange(self, secret: str, device: str) -> Client:
        body = {"token": secret, "device": device}
        session = self.platform.anonymous.post("/api/identity/judge-links/exchange", body)
        return self.platform.anonymous.signed_in_as(session["token"])

    def seat(self) -> None:
        """Every judge with the session of a tablet."""
        for judge in JUDGES:
            self.judges[judge] = self.exchange(self.invite(judge), f"tablet-{judge}-{self.board}")

    def mark(self, judge: str, entry: str, mark: str) -> Any:
        body = {
            "id": str(uuid4()),
            "board": self.board,
            "entry": self.entries[entry],
            "stage": "practical",
            "marks": {"practical.work": mark},
        }
        return self.judges[judge].post("/api/scoring/sheets", body)

    def mark_all(self, *entries: str) -> None:
        for entry in entries:
            for judge, mark in zip(JUDGES, PRACTICAL[entry], strict=True):
                self.mark(judge, entry, mark)


def set_up(platform: Platform) -> Trade:
    """Units, campaign, board, a roster in GBK as spreadsheets write it, draw, scheme, panel, theory."""
    client, mark = platform.administrator, uuid4().hex[:8]
    union = client.post("/api/registration/units", {"code": f"U{mark}", "name": f"示范市总工会{mark}"})["id"]
    for number, name in enumerate(("第一机械厂", "云南省滇中高原示范引水工程建设管理有限公司曲靖分公司")):
        body = {"code": f"{mark}.{number}", "name": f"{name}{mark}", "parent": union}
        client.post("/api/registration/units", body)
    title = {"zh": f"技能大比武{mark}", "en": f"Skills contest {mark}"}
    campaign = client.post(
        "/api/registration/campaigns", {"code": mark, "title": title, "year": 2026, "unit": union}
    )["id"]
    board = client.post(
        f"/api/registration/campaigns/{campaign}/boards",
        {"code": "fitter", "kind": "contest", "title": {"zh": "钳工", "en": "Fitter"}, "unit": union},
    )["id"]
    trade = Trade(platform, board)
    _register(trade, mark)
    client.put(f"{trade.scoring}/scheme", {"data": SCHEME})
    panel = [{"judge": judge, "name": f"裁判{judge}", "seat": judge} for judge in JUDGES]
    client.put(f"{trade.scoring}/panels", {"stage": "practical", "judges": panel})
    client.put(f"{trade.scoring}/window", {"stage": "practical", "mode": "all"})
    theory = [
        {"id": str(uuid4()), "entry": trade.entries[entry], "judge": "exam", "marks": {"theory": mark}}
        for entry, mark in THEORY.items()
    ]
    trade.organise("sheets/import", sheets=theory)
    return trade


def _register(trade: Trade, mark: str) -> None:
    client, path = trade.platform.administrator, f"/api/registration/boards/{trade.board}"
    lines = ["姓名,单位代码,工号"]
    lines += [f"{name},{mark}.{number % 2},{id}" for number, (id, name) in enumerate(NAMES.items())]
    roster = "\r\n".join(lines).encode("gb18030")
    client.upload(f"{path}/entries/import", "名单.csv", roster, dry_run="false")
    client.post(f"{path}/entries/verify", {})
    client.post(f"{path}/draw", {})
    found = client.get(f"{path}/entries")["items"]
    trade.entries = {each["external_id"]: each["id"] for each in found}
