"""Packages as people write them: encodings, spreadsheets, Chinese columns; what is wrong, by its place."""
# ruff: noqa: E501 - a table of cases

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from services.cli.package.flaws import PackageRefused
from services.cli.package.formulas import guarded, unguarded
from services.cli.package.read import read_files, read_package
from services.cli.package.write import package_files, write_package
from services.kit.tabular import is_formula
from tests.services.cli.packages import CONTEST, ENTRIES, SHEETS, files, flaws_of, refusal

EXAMPLES = Path(__file__).resolve().parents[3] / "examples"


def workbook(text: str) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, line in enumerate(text.splitlines()):
        for column, value in enumerate(line.split(",")):
            sheet.write(row, column, float(value) if value.replace(".", "").isdigit() else value)
    book.close()
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_is_read_in_every_encoding_that_spreadsheets_save(encoding: str) -> None:
    package = read_files(files(entries=ENTRIES.encode(encoding)))

    assert [entry.name for entry in package.boards[0].entries] == ["张三", "李四"]


def test_a_workbook_is_read_like_a_csv_and_its_numbers_stay_what_people_typed() -> None:
    given = files(sheets=None) | {"sheets.xlsx": workbook(SHEETS.replace("8.5", "0.1"))}
    given["contest.yaml"] = CONTEST.replace("0.5", "0.1").encode()

    [first, _] = read_files(given).boards[0].sheets

    assert first.marks == {"mark": Decimal("0.1")}
    assert first.key.entry == "1"


def test_columns_may_have_chinese_names_in_any_order() -> None:
    given = files(sheets="分数,评分项,裁判,编号\n8.5,mark,J1,1\n弃权,mark,J1,2\n")

    assert [sheet.marks for sheet in read_files(given).boards[0].sheets] == [
        {"mark": Decimal("8.5")},
        {"mark": None},
    ]


def test_rows_of_one_judge_and_entry_are_one_sheet() -> None:
    sheets = read_package(EXAMPLES / "welding").board("welding").sheets

    late = next(sheet for sheet in sheets if len(sheet.marks) == 2)

    assert late.marks == {"practical.late": Decimal(2), "practical.seam": Decimal(80)}
    assert late.notes == {"practical.late": "超时 2 分钟"}


def test_a_unit_that_is_only_named_becomes_one_below_the_campaigns_own() -> None:
    package = read_files(files())

    assert [(unit.code, unit.name, unit.parent) for unit in package.units] == [
        ("u", "总工会", ""),
        ("u.一厂", "一厂", "u"),
        ("u.二厂", "二厂", "u"),
    ]


def test_a_zip_with_a_folder_inside_is_read_like_the_folder(tmp_path: Path) -> None:
    archive = tmp_path / "contest.zip"
    with zipfile.ZipFile(archive, "w") as zipped:
        for name, content in files().items():
            zipped.writestr(f"比武/{name}", content)
        zipped.writestr("__MACOSX/比武/._contest.yaml", b"\x00")

    assert package_files(read_package(archive)) == package_files(read_files(files()))


def test_writing_and_reading_gives_the_same_bytes_as_folder_and_as_zip(tmp_path: Path) -> None:
    package = read_package(EXAMPLES / "diving")
    write_package(package, tmp_path / "folder")
    write_package(package, tmp_path / "one.zip")

    write_package(read_package(tmp_path / "folder"), tmp_path / "two.zip")

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()
    assert read_package(tmp_path / "one.zip").boards[0].sheets == tuple(
        sorted(package.boards[0].sheets, key=lambda sheet: sheet.key)
    )


def test_a_folder_that_holds_other_things_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("dear diary")

    with pytest.raises(PackageRefused, match="other things"):
        write_package(read_files(files()), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


@pytest.mark.parametrize(
    ("changes", "flaw"),
    [
        ({"contest": None}, ("contest.yaml", "", "missing")),
        ({"contest": "a: [1"}, ("contest.yaml", "line 1", "yaml")),
        ({"contest": CONTEST.replace("2026", '"2026"')}, ("contest.yaml", "campaign.year", "int_type")),
        ({"contest": CONTEST.replace("code: c1", "code: 2026")}, ("contest.yaml", "campaign.code", "string_type")),
        ({"contest": CONTEST.replace("    kind: contest", "    kind: race")}, ("contest.yaml", "boards.0.kind", "literal_error")),
        ({"contest": CONTEST + "    blnd: true\n"}, ("contest.yaml", "boards.0.blnd", "extra_forbidden")),
        ({"contest": CONTEST.replace("kind: judgement", "kind: judgment")}, ("contest.yaml", "boards.0.scheme.mark", "union_tag_invalid")),
        ({"contest": CONTEST + "    feeds: [{id: f, cause: place, aspect: mark, points: {1: 8}}]\n"}, ("contest.yaml", "boards.0.feeds", "feeds_of_campaign")),
        ({"contest": CONTEST + "    published: yes please\n"}, ("contest.yaml", "boards.0.published", "bool_type")),
        ({"entries": ENTRIES.replace("name", "nmae")}, ("entries.csv", "row 1, column nmae", "unknown_column")),
        ({"entries": ENTRIES + "1,王五,一厂\n"}, ("entries.csv", "row 4, column external_id", "twice")),
        ({"entries": ENTRIES + "3,,一厂\n"}, ("entries.csv", "row 4, column name", "missing")),
        ({"entries": 'external_id,name\n1,"张三\n'}, ("entries.csv", "row 2", "csv")),
        ({"entries": b"\xff\xff\xff\x80"}, ("entries.csv", "", "encoding")),
        ({"sheets": SHEETS + "2,J2,mark,10.5\n"}, ("sheets.csv", "row 4, column mark", "above_max")),
        ({"sheets": SHEETS + "2,J2,mark,8.3\n"}, ("sheets.csv", "row 4, column mark", "off_step")),
        ({"sheets": SHEETS + "2,J2,mark,８.5\n"}, ("sheets.csv", "row 4, column mark", "number")),
        ({"sheets": SHEETS + "2,J2,mark,1e999\n"}, ("sheets.csv", "row 4, column mark", "number")),
        ({"sheets": SHEETS + "2,J2,mark,\n"}, ("sheets.csv", "row 4, column mark", "missing")),
        ({"sheets": SHEETS + "2,J2,seam,8\n"}, ("sheets.csv", "row 4, column aspect", "unknown_aspect")),
        ({"sheets": SHEETS + "3,J2,mark,8\n"}, ("sheets.csv", "row 4, column entry", "unknown_entry")),
        ({"sheets": SHEETS + "2,J1,mark,8\n"}, ("sheets.csv", "row 4, column aspect", "twice")),
        ({"sheets": "entry,judge,aspect,mark,round\n1,J1,mark,8,2\n"}, ("sheets.csv", "row 2, column round", "round_missing")),
        ({"judges": "judge,name\nJ2,王师傅\n"}, ("sheets.csv", "row 2, column judge", "not_on_panel")),
        ({"judges": "judge,name,recused\nJ1,王师傅,2\n"}, ("sheets.csv", "row 3, column judge", "recused")),
        ({"judges": "judge,name,stage\nJ1,王师傅,final\n"}, ("judges.csv", "row 2, column stage", "unknown_stage")),
        ({"vetoes": "entry,veto,reason\n9,accident,事故\n"}, ("vetoes.csv", "row 2, column entry", "unknown_entry")),
        ({"decisions": "entry,key,place\n1,committee,1\n"}, ("decisions.csv", "row 2, column key", "unknown_tie_key")),
        ({"units": "code,name,parent\nu,总工会,x\n"}, ("units.csv", "row 2, column parent", "unknown_unit")),
        ({"proposals": "external_id,title\nP1,改进\n"}, ("proposals.csv", "row 2, column board", "not_a_drive")),
    ],
)  # fmt: skip
def test_a_flaw_is_told_by_file_row_and_column(
    changes: dict[str, str | bytes | None], flaw: tuple[str, str, str]
) -> None:
    assert flaw in flaws_of(files(**changes))


def test_what_a_spreadsheet_would_run_is_refused_unless_an_apostrophe_makes_it_plain() -> None:
    name = "=HYPERLINK(1)"
    plain = files(entries=ENTRIES.replace("张三", f"'{name}"))

    package = read_files(plain)

    assert flaws_of(files(entries=ENTRIES.replace("张三", name))) == [
        ("entries.csv", "row 2, column name", "formula")
    ]
    assert package.boards[0].entries[0].name == name
    assert f"'{name}".encode() in package_files(package)["entries.csv"]


@given(st.text(alphabet="'=+-@＝甲1 .", max_size=8))
def test_any_text_is_the_same_after_a_table_and_never_runs_in_a_spreadsheet(text: str) -> None:
    cell = guarded(text)

    assert unguarded(cell) == text
    assert not is_formula(cell)


def test_a_good_package_has_no_flaw() -> None:
    assert flaws_of(files()) == []


def test_every_flaw_is_told_at_once_in_both_languages() -> None:
    found = refusal(files(sheets=SHEETS + "2,J2,mark,11\n3,J2,mark,8\n", entries=ENTRIES + "1,王五,一厂\n"))

    assert [flaw.rule for flaw in found] == ["twice", "above_max", "unknown_entry"]
    assert found[1].say("zh-CN").startswith("sheets.csv 第 4 行“mark”列 [11]：“动作”的分 11 高于最高分 10。")
    assert found[1].say("en").startswith("sheets.csv row 4, column mark [11]: ")


def test_equal_entries_of_a_published_board_need_the_committees_decision() -> None:
    contest = CONTEST.replace(
        "scale: {max: 10, step: 0.5}}]",
        "scale: {max: 10, step: 0.5}}]\n      ranking: {last_resort: committee}",
    )
    given = {"contest": contest + "    published: true\n", "sheets": SHEETS.replace("8.5", "9")}

    undecided = flaws_of(files(**given))
    decided = flaws_of(files(**given, decisions="key,entry,place\ncommittee,1,2\ncommittee,2,1\n"))

    assert undecided == [("contest.yaml", "boards.0.published", "ties_undecided")]
    assert decided == []
