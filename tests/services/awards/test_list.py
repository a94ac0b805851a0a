"""The list is counted from the ledger, refused where the board has another, and the same in every format."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from schemas.events.scores import SheetSubmitted, VetoRaised
from schemas.events.suggestions import ProposalSubmitted
from schemas.objects import Proposal
from services.kit.access import Grant, Role
from tests.services.awards.board import PRIZES, Contest
from tests.streams import boards

FINAL = "/boards/b1/list"

# theory + 2 × skill: e1 90 + 180 = 270, e2 80 + 190 = 270, e3 95 + 160 = 255, e4 70 + 190 = 260,
# e5 60 + 121 = 181.


def test_list_has_places_prizes_and_why(contest: Contest) -> None:
    contest.hold()
    contest.publish()

    found = contest.get(FINAL)

    assert [(line["entry"], line["place"], line["total"]) for line in found["standings"]] == [
        ("e1", 1, "270.00"),
        ("e2", 1, "270.00"),
        ("e4", 3, "260.00"),
        ("e3", 4, "255.00"),
        ("e5", 5, "181.00"),
    ]
    prizes = {level["id"]: [won["entry"] for won in level["winners"]] for level in found["levels"]}
    assert prizes == {"medals.first": ["e1", "e2"], "medals.second": []}
    assert "5 × 0.25 = 1.25 → 1" in found["notes"][0]["zh"]
    assert found["ties"][0]["zh"] == "第 1 名并列：选手e1、选手e2，依次比较总分均相同"
    assert (found["provisional"], found["scheme_version"]) == (False, 1)
    assert found["position"] == {"registrations": 6, "scores": 7}


def test_before_publication_there_is_only_a_draft_that_says_so(contest: Contest) -> None:
    contest.hold()

    refused = contest.get(FINAL, 409)
    draft = contest.get(f"{FINAL}?provisional=true")

    assert refused["type"] == "urn:leitai:problem:results-not-published"
    assert draft["provisional"] is True
    rows = list(
        csv.reader(io.StringIO(contest.file(f"{FINAL}?provisional=true&format=csv").decode("utf-8-sig")))
    )
    assert {row[-1] for row in rows[1:]} == {"草稿（成绩未发布）"}
    book = CalamineWorkbook.from_filelike(io.BytesIO(contest.file(f"{FINAL}?provisional=true&format=xlsx")))
    assert "草稿" in str(book.get_sheet_by_index(0).to_python()[0][0])


def test_draft_is_for_organisers_and_the_list_for_those_who_oversee(contest: Contest) -> None:
    contest.hold()
    auditor = contest.as_("监督", Grant(Role.AUDITOR, unit="/p/"))
    worker = contest.as_("工人", Grant(Role.CONTESTANT, unit="/p/"))

    contest.get(f"{FINAL}?provisional=true", 403, auditor)
    contest.publish()

    contest.get(FINAL, 200, auditor)
    contest.get(FINAL, 403, worker)
    contest.get(FINAL, 401, {})
    contest.get("/boards/nothing/list", 404)
    contest.get("/boards/%00/list", 422)


def test_board_with_another_total_is_refused_with_the_difference(contest: Contest) -> None:
    contest.hold()
    contest.publish()
    contest.tamper("e3", total=Decimal("99.00"))

    refused = contest.get(FINAL, 409)

    assert refused["type"] == "urn:leitai:problem:board-differs"
    assert refused["differences"] == [{"entry": "e3", "field": "total", "ledger": "255.00", "board": "99.00"}]
    assert "选手e3" in refused["errors"][0]["detail"]
    contest.post("/boards/b1/lists", {}, 409)


def test_board_in_another_order_is_refused_with_the_places(contest: Contest) -> None:
    contest.hold()
    contest.publish()
    first = contest.row("e1")
    contest.tamper("e5", key=first.key, order=first.order[:-2] + "e5")

    refused = contest.get(FINAL, 409)

    places = {
        each["entry"]: (each["ledger"], each["board"])
        for each in refused["differences"]
        if each["field"] == "place"
    }
    assert places == {"e5": (5, 1), "e4": (3, 4), "e3": (4, 5)}


def test_board_behind_the_ledger_is_refused_with_both_positions(
    contest: Contest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.awards.counting._PATIENCE", 0.0)
    contest.hold()
    contest.publish()
    contest.tell(SheetSubmitted(sheet=boards.sheet("e5", "jb", theory="99", skill="99")))

    refused = contest.get(FINAL, 409)

    assert refused["type"] == "urn:leitai:problem:board-behind"
    assert (refused["ledger"]["scores"], refused["board"]["scores"]) == (8, 7)
    contest.follow()
    contest.get(FINAL)


def test_no_live_board_is_refused(contest: Contest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.awards.counting._PATIENCE", 0.0)
    contest.hold()
    contest.publish()
    contest.drop()

    assert contest.get(FINAL, 409)["board"] is None


def test_who_takes_no_place_is_listed_with_the_reason(contest: Contest) -> None:
    contest.hold()
    contest.tell(VetoRaised(board="b1", entry="e1", veto="accident", reason="安全事故"))
    contest.publish()

    found = contest.get(FINAL)

    last = found["standings"][-1]
    assert (last["entry"], last["place"], last["reason"]["zh"]) == ("e1", None, "一票否决：安全事故")
    assert found["levels"][0]["winners"][0]["entry"] == "e2"
    assert [left["name"] for left in found["left_out"]] == ["选手e1"]


def test_wrong_award_rules_are_refused_with_their_path(contest: Contest) -> None:
    contest.hold([{**PRIZES[0], "rule": "lottery"}])
    contest.publish()

    refused = contest.get(FINAL, 409)

    assert refused["type"] == "urn:leitai:problem:award-rules-refused"
    assert refused["errors"][0]["field"].startswith("awards.0")


@pytest.mark.parametrize("format", ["json", "csv", "xlsx"])
def test_two_exports_are_byte_for_byte_the_same(contest: Contest, format: str) -> None:
    contest.hold()
    contest.publish()

    first = contest.file(f"{FINAL}?format={format}")
    contest.wait(days=1)

    assert contest.file(f"{FINAL}?format={format}") == first


def test_csv_opens_in_a_spreadsheet_and_runs_nothing(contest: Contest) -> None:
    contest.hold(names={"e1": "=1+1", "e2": "@王芳", "e3": "李\r\n强"})
    contest.publish()

    raw = contest.file(f"{FINAL}?format=csv")

    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    assert rows[0][:6] == ["名次", "姓名", "成员", "单位", "编号", "抽签号"]
    assert rows[0][6:] == ["组别", "theory", "skill", "总分", "奖项", "备注", "名单"]
    assert rows[1] == [
        "1",
        "'=1+1",
        "",
        "一厂",
        "",
        "1",
        "",
        "90.00",
        "90.00",
        "270.00",
        "一等奖",
        "并列",
        "正式",
    ]
    assert rows[2][1] == "'@王芳"
    assert rows[4][1] == "李\r\n强"


def sheet(raw: bytes, name: str) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_name(name).to_python()


def test_workbook_has_winners_standings_and_reasons(contest: Contest) -> None:
    contest.hold(names={"e1": "=HYPERLINK(1)"})
    contest.publish()

    raw = contest.file(f"{FINAL}?format=xlsx")

    winners = sheet(raw, "获奖名单")
    assert winners[0][0] == "技能大赛焊工获奖名单"
    assert winners[2] == ["序号", "奖项", "名次", "姓名/名称", "成员/建议人", "单位", "说明"]
    assert winners[3][:6] == [1.0, "一等奖", 1.0, "=HYPERLINK(1)", "", "一厂"]
    assert any("裁判长：" in row for row in winners)
    standings = sheet(raw, "成绩总表")
    assert [row[0] for row in standings[3:]] == [1.0, 1.0, 3.0, 4.0, 5.0]
    assert standings[5][6] == 260.0
    reasons = "\n".join(str(row[1]) for row in sheet(raw, "评奖说明"))
    assert "5 × 0.25 = 1.25 → 1" in reasons
    assert "依次比较总分均相同" in reasons


def test_list_of_a_board_without_award_rules_has_no_winners(contest: Contest) -> None:
    contest.hold([])
    contest.publish()

    assert contest.get(FINAL)["levels"] == []
    assert sheet(contest.file(f"{FINAL}?format=xlsx"), "获奖名单")[3][1] == "无"


def test_awards_for_units_carry_their_names(contest: Contest) -> None:
    winner = {"id": "unit", "label": {"zh": "团体优胜", "en": "team winner"}, "count": 1}
    team = {"id": "team", "rule": "units", "by": "sum", "points": {"placed": "1"}, "levels": [winner]}
    contest.hold([*PRIZES, team])
    contest.publish()

    found = contest.get(FINAL)

    level = found["levels"][-1]
    assert (level["of"], [(won["entry"], won["name"]) for won in level["winners"]]) == (
        "units",
        [("u1", "一厂")],
    )
    assert found["units"][0]["lines"][0]["name"] == "一厂"
    assert "u1" not in {award for line in found["standings"] for award in line["awards"]}
    said = sheet(contest.file(f"{FINAL}?format=xlsx"), "评奖说明")
    assert any("一厂：积分 5" in str(row[1]) for row in said)


def test_proposals_win_with_their_authors(contest: Contest) -> None:
    contest.hold()
    proposal = Proposal(
        id="p1",
        board="b1",
        kind="proposal",
        stage="reviewed",
        title="可调夹具",
        unit=boards.UNIT,
        authors=("王芳", "李强"),
        present="吊两次",
        measure="加夹具",
        effect="省时",
    )
    contest.tell(
        ProposalSubmitted(proposal=proposal),
        SheetSubmitted(sheet=boards.sheet("p1", "ja", theory="99", skill="99")),
    )
    contest.publish()

    [winner] = contest.get(FINAL)["levels"][0]["winners"]

    assert (winner["name"], winner["members"]) == ("可调夹具", ["王芳", "李强"])
    row = sheet(contest.file(f"{FINAL}?format=xlsx"), "获奖名单")[3]
    assert row[3:5] == ["可调夹具", "王芳、李强"]
