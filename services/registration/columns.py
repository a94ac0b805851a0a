"""The columns of rosters: their names in both languages, and which of them a header means."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from rules.text import Text
from services.kit.problems import Fault
from services.kit.tabular import Row, place


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `names` are spellings that are understood; the first Chinese and English one are shown."""

    field: str
    title: Text
    says: Text
    names: tuple[str, ...] = ()
    example: str = ""
    is_text: bool = False


ENTRY_COLUMNS = (
    Column(
        "name",
        Text("姓名", "name"),
        Text("必填。选手、队伍、单位或项目的名称", "Required. The name of the person, team, unit or project"),
        ("名称", "选手", "选手姓名", "参赛者", "队名", "队伍", "项目名称"),
        "王芳",
    ),
    Column(
        "unit_name",
        Text("单位", "unit"),
        Text("单位名称，须已在单位树中；同名时请改填单位代码", "The unit's name as in the unit tree"),
        ("单位名称", "所在单位", "工作单位", "工会", "班组", "代表队", "unit name"),
        "第一机械厂",
    ),
    Column(
        "unit_code",
        Text("单位代码", "unit_code"),
        Text("单位代码，优先于单位名称", "The unit's code; it goes before the name"),
        ("单位编码", "单位编号"),
        "440106",
        is_text=True,
    ),
    Column(
        "external_id",
        Text("工号", "external_id"),
        Text("承办方自己的编号，同一榜内不可重复", "The organiser's own number, unique on the board"),
        ("编号", "报名号", "准考证号", "员工号", "职工号", "id"),
        "A0012",
        is_text=True,
    ),
    Column(
        "id_number",
        Text("身份证号", "id_number"),
        Text("18 位，加密保存，只用于核对年龄与重复报名", "18 characters; kept sealed"),
        ("身份证", "身份证号码", "公民身份号码", "证件号码"),
        "11010519491231002X",
        is_text=True,
    ),
    Column(
        "phone",
        Text("手机", "phone"),
        Text("加密保存，不公开", "Kept sealed, never published"),
        ("手机号", "手机号码", "电话", "联系电话", "mobile"),
        "13800000000",
        is_text=True,
    ),
    Column(
        "category",
        Text("组别", "category"),
        Text("如 学生组、职工组", "A group of entries"),
        ("类别", "group"),
    ),
    Column(
        "number",
        Text("抽签号", "number"),
        Text("已在别处抽签时填写；否则留空，由系统抽签", "Only where numbers were drawn elsewhere"),
        ("draw number", "参赛号", "出场顺序"),
        "1",
    ),
    Column(
        "code",
        Text("盲评号", "code"),
        Text("已在别处编好加密号时填写", "Only where blind codes were given elsewhere"),
        ("加密号", "blind code", "赛位号", "工位号"),
        is_text=True,
    ),
    Column(
        "unranked",
        Text("打星", "unranked"),
        Text("是：参赛但不占名次", "yes: takes part without a place"),
        ("不排名", "打星队", "star", "starred"),
        "否",
    ),
    Column(
        "members",
        Text("成员", "members"),
        Text("队员姓名，用顿号隔开", "Names of the team, separated by commas"),
        ("队员", "团队成员", "参赛队员"),
        "王芳、李强",
    ),
)
UNIT_COLUMNS = (
    Column(
        "code",
        Text("代码", "code"),
        Text("必填，全平台唯一", "Required, unique"),
        ("单位代码", "unit code"),
        "4401",
        True,
    ),
    Column(
        "name", Text("名称", "name"), Text("必填", "Required"), ("单位名称", "单位", "unit"), "第一机械厂"
    ),
    Column(
        "parent",
        Text("上级代码", "parent"),
        Text("上级单位的代码；留空为最上级", "The code of the unit above; empty at the top"),
        ("上级", "上级单位代码", "parent code"),
        "44",
        is_text=True,
    ),
    Column(
        "level",
        Text("层级", "level"),
        Text("地区、工会、单位或班组", "region, union, unit or team"),
        ("级别",),
        "单位",
    ),
)
_SERIAL = frozenset(("序号", "no", "no.", "备注", "remark", "remarks", "note"))
_KEYED = {
    "系数": "factors",
    "factor": "factors",
    "用时": "times",
    "time": "times",
}


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a table mean: position → field, or → (`factors` or `times`, key)."""

    fields: Mapping[int, str]
    keyed: Mapping[int, tuple[str, str]]
    labels: Mapping[int, str]

    def label(self, field: str) -> str:
        """The header of a field as the file has it."""
        return next((self.labels[at] for at, name in self.fields.items() if name == field), field)


def match_header(row: Row, columns: Sequence[Column], required: Sequence[str]) -> tuple[Header, list[Fault]]:
    """What a header row means, and everything wrong with it."""
    known = {_plain(name): column.field for column in columns for name in _spellings(column)}
    fields: dict[int, str] = {}
    keyed: dict[int, tuple[str, str]] = {}
    faults: list[Fault] = []
    for at, label in enumerate(row.cells):
        field, own_key = known.get(_plain(label)), _key_of(label)
        if not label or _plain(label) in _SERIAL:
            continue
        if own_key and own_key not in keyed.values():
            keyed[at] = own_key
        elif field and field not in fields.values():
            fields[at] = field
        elif field or own_key:
            faults.append(_twice(row, label))
        else:
            faults.append(_unknown(row, label, columns))
    for column in columns:
        if column.field in required and column.field not in fields.values():
            faults.append(_missing(row, column))
    return Header(fields, keyed, dict(enumerate(row.cells))), faults


def _spellings(column: Column) -> tuple[str, ...]:
    return (column.title.zh, column.title.en, *column.names)


def _plain(label: str) -> str:
    return re.sub(r"\(必填\)|[\s_*]", "", unicodedata.normalize("NFKC", label)).casefold()


def _key_of(label: str) -> tuple[str, str] | None:
    kind, colon, key = unicodedata.normalize("NFKC", label).partition(":")
    field = _KEYED.get(kind.strip().casefold())
    return (field, key.strip()) if field and colon and key.strip() else None


def _unknown(row: Row, label: str, columns: Sequence[Column]) -> Fault:
    spellings = [name for column in columns for name in _spellings(column)]
    near = get_close_matches(label.casefold(), spellings, n=2, cutoff=0.3)
    titles = "、".join(column.title.zh for column in columns)
    way_out = Text(
        f"是否为：{'、'.join(near)}" if near else f"可用的列：{titles}",
        f"Perhaps: {', '.join(near)}" if near else f"Known: {', '.join(c.title.en for c in columns)}",
    )
    return Fault(
        place(row.number, label),
        label,
        "column_unknown",
        Text("不认识的列", "This column is not known"),
        way_out,
    )


def _twice(row: Row, label: str) -> Fault:
    said = Text("同一列出现两次", "This column is there twice")
    return Fault(place(row.number, label), label, "column_twice", said, Text("只留一列", "Keep one of them"))


def _missing(row: Row, column: Column) -> Fault:
    zh, en = column.title.zh, column.title.en
    return Fault(
        place(row.number, zh),
        "",
        "column_missing",
        Text(f"缺少“{zh}”列", f"The column {en} is missing"),
        Text(f"在表头加上“{zh}”", f"Add {en} to the header"),
    )
