"""Rosters from files: dry run, all faults at once, all or nothing, the encodings of spreadsheets."""

import io
import time
from datetime import date

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from schemas.topics import Topic
from services.kit import log
from services.kit.access import Grant, Role
from tests.services.registration.province import Province, id_number, places_of, rules_of

ROSTER = "姓名,单位,工号,组别,打星\n王芳,第一机械厂,A1,职工组,\n李强,第二造船厂,A2,职工组,是\n"
ENGLISH = """Name,Unit Name,external_id,Category,UNRANKED
王芳,第一机械厂,A1,职工组,
李强,第二造船厂,A2,职工组,yes
"""
WITH_MORE = """序号,＊姓名（必填）,所在单位,编号,类别,不排名,备注
1,王芳,第一机械厂,A1,职工组,,
2,李强,第二造船厂,A2,职工组,√,x
"""


def workbook(*rows: list[object]) -> bytes:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        ROSTER.encode(),
        ROSTER.encode("utf-8-sig"),
        ROSTER.encode("gbk"),
        ROSTER.encode("utf-16"),
        ROSTER.replace(",", "\t").encode("utf-16"),
        ROSTER.replace(",", ";").encode(),
        ROSTER.replace("\n", "\r\n").encode("gb18030"),
        ("\n\n" + ROSTER + "\n,,,,\n").encode(),
        ENGLISH.encode(),
        WITH_MORE.encode(),
        workbook(
            ["姓名", "单位代码", "工号", "组别", "打星"],
            ["王芳", 4401, "A1", "职工组", ""],
            ["李强", 4402, "A2", "职工组", True],
        ),
    ],
)
def test_roster_is_read_as_spreadsheets_save_it(sqlite_province: Province, content: bytes) -> None:
    answer = sqlite_province.upload(content)

    assert answer.json() == {"dry_run": False, "rows": 2, "registered": 2}
    seen = [
        (e["name"], e["unit"]["name"], e["external_id"], e["category"], e["unranked"])
        for e in sqlite_province.listed()
    ]
    assert seen == [
        ("王芳", "第一机械厂", "A1", "职工组", False),
        ("李强", "第二造船厂", "A2", "职工组", True),
    ]


def test_numbers_of_a_workbook_keep_their_digits(sqlite_province: Province) -> None:
    content = workbook(
        ["姓名", "抽签号", "手机", "系数:难度", "用时:决赛"], ["王芳", 7, 13812345678, 2.8, 61.05]
    )

    sqlite_province.upload(content)

    [entry] = sqlite_province.listed()
    assert entry["number"] == 7
    assert (entry["factors"], entry["times"]) == ({"难度": "2.8"}, {"决赛": "61.05"})
    assert entry["phone"] == "13********8"


def test_dry_run_tells_and_stores_nothing(province: Province) -> None:
    fine = province.upload(ROSTER.encode(), dry_run=True)
    wrong = province.upload(ROSTER.replace("A2", "A1").encode(), dry_run=True)

    assert fine.json() == {"dry_run": True, "rows": 2, "registered": 0}
    assert (wrong.status_code, rules_of(wrong)) == (422, ["external_id_taken"])
    assert province.listed() == []


def test_every_fault_is_told_by_row_and_column_and_nothing_is_imported(province: Province) -> None:
    province.entered("赵敏", external_id="Z9")
    text = (
        "姓名,单位,工号,身份证号,打星,抽签号\n"
        "王芳,第一机械厂,A1,,否,1\n"
        ",第一机械厂,A2,,否,2\n"
        "李强,第一机械工厂,A3,,否,3\n"
        "张伟,第一机械厂,A1,110105194912310021,否,1\n"
        "=HYPERLINK(1),第一机械厂,A5,,也许,x\n"
        "刘洋,第一机械厂,Z9,,否,6\n"
    )

    answer = province.upload(text.encode("gb18030"))

    assert answer.status_code == 422
    found = sorted(zip(places_of(answer), rules_of(answer), strict=True))
    assert found == [
        ("row 3, column 姓名", "too_short"),
        ("row 4, column 单位", "unit_unknown"),
        ("row 5, column 工号", "external_id_taken"),
        ("row 5, column 抽签号", "number_taken"),
        ("row 5, column 身份证号", "gb11643"),
        ("row 6, column 姓名", "formula"),
        ("row 6, column 打星", "yes_no"),
        ("row 7, column 工号", "external_id_taken"),
    ]
    said = " ".join(error["detail"] for error in answer.json()["errors"])
    assert "第 2 行“王芳”" in said
    assert "赵敏" in said
    assert "110105194912310021" not in answer.text
    assert [entry["name"] for entry in province.listed()] == ["赵敏"]


@pytest.mark.parametrize("cell", ["=1+1", "+cmd|x", "-2+3", "@SUM(1)", "＝1"])
def test_formula_is_refused(sqlite_province: Province, cell: str) -> None:
    answer = sqlite_province.upload(f"姓名,组别\n王芳,{cell}\n".encode())

    assert rules_of(answer) == ["formula"]
    assert places_of(answer) == ["row 2, column 组别"]


def test_signed_numbers_are_no_formulas(sqlite_province: Province) -> None:
    answer = sqlite_province.upload("姓名,手机,factor:a\n王芳,+86 13800000000,-2.5\n".encode())

    assert answer.status_code == 200
    assert sqlite_province.listed()[0]["factors"] == {"a": "-2.5"}


def test_wrong_columns_are_named_with_the_nearest_right_one(sqlite_province: Province) -> None:
    answer = sqlite_province.upload("性名,单位名,单位,单位\n王芳,x,y,z\n".encode())

    assert rules_of(answer) == ["column_unknown", "column_unknown", "column_twice", "column_missing"]
    assert places_of(answer)[:2] == ["row 1, column 性名", "row 1, column 单位名"]
    assert "姓名" in answer.json()["errors"][0]["way_out"]
    assert "单位名称" in answer.json()["errors"][1]["way_out"]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b"\x00\xff\xfe\x81\x20\xff", "encoding"),
        ('姓名,组别\n"王芳,x\n'.encode(), "csv"),
        (b"PK\x03\x04 this is no workbook", "workbook"),
        (workbook(["姓名"], ["王芳"])[:900], "workbook"),
    ],
)
def test_unreadable_file_is_refused(sqlite_province: Province, content: bytes, rule: str) -> None:
    answer = sqlite_province.upload(content)

    assert (answer.status_code, answer.json()["rule"]) == (422, rule)
    assert answer.json()["way_out"]


def test_cell_that_no_database_keeps_is_refused(sqlite_province: Province) -> None:
    answer = sqlite_province.upload("姓名\n王\x00芳\n".encode())

    assert answer.status_code == 422


def test_same_person_twice_in_a_file_is_told(sqlite_province: Province) -> None:
    number = id_number(date(1990, 1, 1))

    answer = sqlite_province.upload(f"姓名,身份证号\n王芳,{number}\n王方,{number}\n".encode())

    assert (rules_of(answer), places_of(answer)) == (["person_taken"], ["row 3, column 身份证号"])
    assert number not in answer.text


def test_import_repeated_with_one_key_registers_once(province: Province) -> None:
    path = f"boards/{province.board['id']}/entries/import?dry_run=false"

    answers = [
        province.client.post(
            path, files={"file": ("r.csv", "姓名\n王芳\n".encode())}, headers={"Idempotency-Key": "k"}
        )
        for _ in range(2)
    ]

    assert answers[0].json() == answers[1].json()
    assert len(province.listed()) == 1


def test_import_needs_power_over_the_board_or_the_units(province: Province) -> None:
    path = f"boards/{province.board['id']}/entries/import?dry_run=false"

    def send(text: str, *grants: Grant) -> int:
        files = {"file": ("r.csv", text.encode())}
        return province.client.post(path, files=files, headers=province.headers(*grants)).status_code

    unit = Grant(Role.ORGANISER, unit=province.plant["path"])
    assert send("姓名,单位\n王芳,第一机械厂\n", unit) == 200
    assert send("姓名,单位\n李强,第二造船厂\n", unit) == 403
    assert send("姓名\n李强\n", Grant(Role.AUDITOR, unit="/")) == 403
    assert send("姓名\n李强\n") == 401


@pytest.mark.parametrize(
    ("language", "first", "second"), [("zh-CN", "名册", "说明"), ("en", "Roster", "Columns")]
)
def test_template_can_be_imported_and_explains_its_columns(
    sqlite_province: Province, language: str, first: str, second: str
) -> None:
    path = f"boards/{sqlite_province.board['id']}/entries/template"

    answer = sqlite_province.client.get(path, headers={"Accept-Language": language})

    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == [first, second]
    [header] = book.get_sheet_by_name(first).to_python()
    explained = [row[0] for row in book.get_sheet_by_name(second).to_python()[1:]]
    assert explained[: len(header)] == header
    filled = sqlite_province.upload(workbook(list(header), ["王芳"]))
    assert filled.json()["registered"] == 1


def test_ten_thousand_rows_take_one_turn_and_few_seconds(sqlite_province: Province) -> None:
    lines = [
        f"选手{n},第一机械厂,{n},{id_number(date(1980 + n // 500, 1 + n % 12, 1 + n % 28), n % 499)}"
        for n in range(10_000)
    ]
    content = "\n".join(["姓名,单位,工号,身份证号", *lines]).encode()
    commits: list[int] = []
    sqlite_province.runtime.database.on_commit(lambda: commits.append(1))
    started = time.perf_counter()

    answer = sqlite_province.upload(content, verified=True)

    took = time.perf_counter() - started
    assert answer.json()["registered"] == 10_000
    assert len(commits) == 1
    with sqlite_province.runtime.database.reading() as session:
        assert log.positions(session, sqlite_province.board["id"])[Topic.REGISTRATIONS] == 10_001
    assert took < 20
