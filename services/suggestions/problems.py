"""Why a command on a proposal is refused."""

from rules.text import Text
from services.kit.problems import Problem


class NotGradable(Problem):
    slug, status = "not-gradable", 422
    title = Text("缺少评定等级所需的内容", "Parts that grading needs are missing")


class AuthorsMissing(Problem):
    slug, status = "authors-missing", 422
    title = Text("没有建议人", "No author is named")


class NotAnonymous(Problem):
    slug, status = "not-anonymous", 422
    title = Text("只有隐患报告可以匿名", "Only hazard reports may be anonymous")


class UnitOutside(Problem):
    slug, status = "unit-outside-board", 422
    title = Text("单位不在本次活动范围内", "The unit does not belong to this drive")


class NotADrive(Problem):
    slug = "not-a-drive"
    title = Text("此榜单不征集建议", "This board takes no proposals")


class NumberTaken(Problem):
    slug = "external-id-taken"
    title = Text("编号已被使用", "This number is taken")


class NotNow(Problem):
    slug = "not-at-this-stage"
    title = Text("现阶段不能这样办理", "Not possible at this stage")


class NotMarked(Problem):
    slug = "not-marked"
    title = Text("评审尚无评分", "The review has no marks yet")


class OwnProposal(Problem):
    slug = "own-proposal"
    title = Text("不能给自己的建议投票", "Nobody votes for their own proposal")


class AlreadyVoted(Problem):
    slug = "already-voted"
    title = Text("已经投过票", "Already voted")


class NotEarlier(Problem):
    slug = "not-an-earlier-one"
    title = Text("只能并入更早的同类建议", "It merges only into an earlier one of its kind")


class HasDuplicates(Problem):
    slug = "has-duplicates"
    title = Text("已有其他建议并入此件", "Others are merged into this one")


class MergeStands(Problem):
    slug = "merge-stands"
    title = Text("并入的建议已采纳，不能撤销并案", "The one it was merged into is adopted; the merge stands")
