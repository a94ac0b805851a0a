"""What registration refuses."""

from rules.text import Text
from services.kit.problems import Problem


class CodeTaken(Problem):
    """`existing` is the id of what has the code."""

    slug, status = "code-taken", 409
    title = Text("代码已被使用", "The code is taken")


class EntryRefused(Problem):
    slug, status = "entry-refused", 422
    title = Text("报名信息有误", "The entry cannot be taken as it is")


class EntryTaken(Problem):
    """`existing` is the id of the entry that is there already."""

    slug, status = "entry-taken", 409
    title = Text("已有这样的报名", "There is such an entry already")


class EntryWithdrawn(Problem):
    slug, status = "entry-withdrawn", 409
    title = Text("该报名已退出", "The entry is withdrawn")


class ChangedMeanwhile(Problem):
    """`version` is the present one."""

    slug, status = "changed-meanwhile", 409
    title = Text("内容已被他人修改", "Someone else changed it meanwhile")


class BoardInUse(Problem):
    slug, status = "board-in-use", 409
    title = Text("榜上已有报名，不能再改这一项", "The board has entries: this can no longer be changed")


class NothingToDraw(Problem):
    slug, status = "nothing-to-draw", 409
    title = Text("没有可抽签的已审核报名", "There is no verified entry to draw a number for")


class ScoringStarted(Problem):
    slug, status = "scoring-started", 409
    title = Text("评分已开始，重新抽签须写明原因", "Scoring has started: drawing again needs a reason")


class RosterRefused(Problem):
    """`shown` faults of `found` are listed; nothing was imported."""

    slug, status = "roster-refused", 422
    title = Text("名册有误，未导入任何一行", "The roster has errors; no row was imported")
