"""Why a list is refused."""

from rules.text import Text
from services.kit.problems import Problem


class BoardDiffers(Problem):
    slug = "board-differs"
    title = Text(
        "榜单与账本重新计算的结果不一致，不予出具名单", "The board differs from the ledger; no list is given"
    )


class BoardBehind(Problem):
    slug = "board-behind"
    title = Text("榜单尚未跟上账本", "The board has not caught up with the ledger")


class BoardMoved(Problem):
    slug = "board-moved"
    title = Text("清点期间榜单又有变动", "The board changed while it was counted")


class LedgerUnreadable(Problem):
    slug = "ledger-unreadable"
    title = Text("账本无法按规则计算", "The ledger cannot be counted by the rules")


class RulesRefused(Problem):
    slug = "award-rules-refused"
    title = Text("评奖规则有误", "The award rules are wrong")


class NotPublished(Problem):
    slug = "results-not-published"
    title = Text("成绩尚未发布", "The results are not published yet")


class NotAtThisState(Problem):
    slug = "not-at-this-state"
    title = Text("名单现在不能这样办理", "Not possible for this list now")


class Superseded(Problem):
    slug = "list-superseded"
    title = Text("已有更新的名单", "There is a newer list")


class DatesWrong(Problem):
    slug, status = "dates-wrong", 422
    title = Text("公示起止时间有误", "The dates of the publicity are wrong")


class NoSuchWinner(Problem):
    slug, status = "no-such-winner", 422
    title = Text("名单上没有此人或此项", "The list has no such winner")


class PublicityRunning(Problem):
    slug = "publicity-running"
    title = Text("公示期未满", "The publicity has not ended")


class PublicityOver(Problem):
    slug = "publicity-over"
    title = Text("现在不受理异议", "Objections are not taken now")


class ObjectionUpheld(Problem):
    slug = "objection-upheld"
    title = Text("有异议成立，名单不能授予", "An objection was upheld; the list cannot be granted")
