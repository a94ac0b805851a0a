"""Why scoring says no: one class for each fact."""

from rules.text import Text
from services.kit.problems import Forbidden, NotFound, Problem


class UnknownBoard(NotFound):
    slug = "unknown-board"
    title = Text("没有这个榜", "There is no such board")


class UnknownEntry(NotFound):
    slug = "unknown-entry"
    title = Text("榜上没有这个参赛者", "The board has no such entry")


class UnknownSheet(NotFound):
    slug = "unknown-sheet"
    title = Text("没有这张评分表", "There is no such sheet")


class UnknownVeto(NotFound):
    slug = "unknown-veto"
    title = Text("没有这项否决", "There is no such veto")


class NotAJudge(Forbidden):
    slug = "not-a-judge"
    title = Text("您不是此榜的裁判", "You are not a judge of this board")


class NotOnPanel(Problem):
    slug = "not-on-panel"
    title = Text("裁判不在此阶段的裁判组", "The judge is not on the panel of this stage")


class Recused(Problem):
    slug = "recused"
    title = Text("裁判已对此参赛者回避", "The judge is recused from this entry")


class MarkOutsideScale(Problem):
    slug, status = "mark-outside-scale", 422
    title = Text("分数不合评分标准", "A mark is outside its scale")


class UnknownAspect(Problem):
    slug, status = "unknown-aspect", 422
    title = Text("没有这个评分项", "There is no such aspect")


class MissingAspect(Problem):
    slug, status = "missing-aspect", 422
    title = Text("评分表缺项", "The sheet lacks an aspect")


class UnknownStage(Problem):
    slug, status = "unknown-stage", 422
    title = Text("方案没有这个阶段", "The scheme has no such stage")


class AttemptBeyondCount(Problem):
    slug, status = "attempt-beyond-count", 422
    title = Text("没有这一次", "There is no such attempt")


class UnknownTieKey(Problem):
    slug, status = "unknown-tie-key", 422
    title = Text("方案没有这个裁定项", "The scheme has no such deciding key")


class SchemeNotValid(Problem):
    slug, status = "scheme-not-valid", 422
    title = Text("评分方案有误", "The scheme cannot be used")


class SchemeMissing(Problem):
    slug = "scheme-missing"
    title = Text("还没有评分方案", "The board has no scheme yet")


class SchemeLocked(Problem):
    slug = "scheme-locked"
    title = Text("已有评分，方案已锁定", "The scheme is locked by the first mark")


class WindowClosed(Problem):
    slug = "window-closed"
    title = Text("此阶段未开放评分", "This stage takes no marks now")


class WindowOnAnotherEntry(Problem):
    slug = "window-on-another-entry"
    title = Text("现在轮到另一位参赛者", "Marks are taken for another entry now")


class DeadlinePassed(Problem):
    slug = "deadline-passed"
    title = Text("评分已截止", "The deadline has passed")


class SheetFinal(Problem):
    slug = "sheet-final"
    title = Text("交出的评分表不能再改", "A submitted sheet may not be replaced")


class StaleBase(Problem):
    slug = "stale-base"
    title = Text("评分表已有更新的版本", "The sheet has a newer version")


class SheetIdReused(Problem):
    slug = "sheet-id-reused"
    title = Text("评分表编号已用于另一内容", "The sheet id was used for another content")


class StageSealed(Problem):
    slug = "stage-sealed"
    title = Text("此阶段已锁定", "The stage is locked")


class BoardPublished(Problem):
    slug = "board-published"
    title = Text("成绩已公布", "The results are published")


class NotPublished(Problem):
    slug = "not-published"
    title = Text("成绩尚未公布", "The results are not published")


class EntryIsWithdrawn(Problem):
    slug = "entry-is-withdrawn"
    title = Text("参赛者已退赛", "The entry is withdrawn")


class RoundNotAsked(Problem):
    slug = "round-not-asked"
    title = Text("没有要求重评", "Nobody asked for marking again")


class SamePerson(Problem):
    slug = "same-person"
    title = Text("确认须由另一人进行", "Someone else must confirm")


class SheetVoid(Problem):
    slug = "sheet-void"
    title = Text("评分表已作废", "The sheet is void")


class TiesUndecided(Problem):
    slug = "ties-undecided"
    title = Text("还有并列未裁定", "Ties are still to be decided")


class FiguresRefused(Problem):
    """`shown` faults of `found` are listed; nothing was written."""

    slug, status = "figures-refused", 422
    title = Text("表格有误，未写入任何一行", "The table has errors; no row was written")
