"""The tables of a package: their columns in canonical order, and what else people call them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    aliases: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """`prefixes` begin the headings of open columns: `factor:dive` is the entry's factor for `dive`."""

    name: str
    columns: tuple[Column, ...]
    prefixes: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def column_of(self, heading: str) -> str | None:
        """The canonical name of a heading; None for one that the table does not have."""
        wanted = heading.strip().casefold()
        for column in self.columns:
            if wanted == column.name or wanted in column.aliases:
                return column.name
        for prefix, others in self.prefixes:
            for name in (prefix, *others):
                for colon in (":", "："):
                    if wanted.startswith(f"{name}{colon}"):
                        return f"{prefix}:{heading.strip()[len(name) + 1 :].strip()}"
        return None

    @property
    def headings(self) -> list[str]:
        return [column.name for column in self.columns] + [f"{prefix}:…" for prefix, _ in self.prefixes]


_BOARD = Column("board", ("榜", "赛项", "赛项代码", "榜代码"))
_ENTRY = Column("entry", ("参赛编号", "选手编号", "编号", "external_id"), required=True)
_REASON = Column("reason", ("原因", "理由"))
_CATEGORY = Column("category", ("组别", "类别"))
_UNIT = (Column("unit", ("单位", "单位名称")), Column("unit_code", ("单位代码", "单位编码")))
_ID = Column("external_id", ("参赛编号", "编号", "选手编号", "id"), required=True)

UNITS = Table(
    "units",
    (
        Column("code", ("代码", "单位代码"), required=True),
        Column("name", ("名称", "单位", "单位名称"), required=True),
        Column("parent", ("上级", "上级代码", "上级单位代码")),
        Column("level", ("层级", "级别")),
    ),
)
ENTRIES = Table(
    "entries",
    (
        _BOARD,
        _ID,
        Column("name", ("姓名", "名称", "参赛者", "队名"), required=True),
        *_UNIT,
        _CATEGORY,
        Column("number", ("抽签号", "出场顺序", "序号")),
        Column("code", ("盲评号", "密号")),
        Column("unranked", ("打星", "不计名次")),
        Column("withdrawn", ("退赛", "退赛原因")),
        Column("members", ("成员", "队员")),
    ),
    (("factor", ("系数",)), ("time", ("用时", "时间"))),
)
JUDGES = Table(
    "judges",
    (
        _BOARD,
        Column("judge", ("裁判", "裁判代码", "裁判编号"), required=True),
        Column("name", ("姓名", "裁判姓名"), required=True),
        Column("stage", ("阶段",)),
        Column("seat", ("席位", "裁判席")),
        Column("chief", ("裁判长",)),
        Column("recused", ("回避",)),
    ),
)
SHEETS = Table(
    "sheets",
    (
        _BOARD,
        _ENTRY,
        Column("stage", ("阶段",)),
        Column("attempt", ("轮次", "次数", "期次", "期")),
        Column("round", ("评分轮", "重评轮")),
        Column("judge", ("裁判", "裁判代码", "裁判编号")),
        Column("aspect", ("评分项", "评分点", "项目"), required=True),
        Column("mark", ("分数", "评分", "得分", "数值"), required=True),
        Column("source", ("来源",)),
        Column("note", ("备注", "说明")),
    ),
)
PROPOSALS = Table(
    "proposals",
    (
        _BOARD,
        _ID,
        Column("kind", ("种类", "类型")),
        Column("title", ("标题", "建议名称", "名称"), required=True),
        Column("stage", ("进度", "状态")),
        Column("authors", ("建议人", "作者")),
        *_UNIT,
        _CATEGORY,
        Column("present", ("现状",)),
        Column("measure", ("措施", "建议内容")),
        Column("effect", ("预期效果", "效果")),
        _REASON,
        Column("benefit", ("年效益", "效益")),
        Column("votes", ("票数",)),
        Column("merged_into", ("并入",)),
        Column("anonymous", ("匿名",)),
    ),
)
VETOES = Table(
    "vetoes",
    (
        _BOARD,
        _ENTRY,
        Column("veto", ("否决项", "否决"), required=True),
        Column("reason", ("原因", "理由"), required=True),
        Column("source", ("来源", "提出方")),
    ),
)
DISQUALIFICATIONS = Table(
    "disqualifications", (_BOARD, _ENTRY, Column("reason", ("原因", "理由"), required=True))
)
DECISIONS = Table(
    "decisions",
    (
        _BOARD,
        Column("key", ("裁定项", "排名项"), required=True),
        _ENTRY,
        Column("place", ("名次", "次序"), required=True),
    ),
)
TABLES = (UNITS, ENTRIES, JUDGES, SHEETS, PROPOSALS, VETOES, DISQUALIFICATIONS, DECISIONS)
SEPARATOR = ";"
ABSTAIN = "abstain"
