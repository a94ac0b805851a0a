"""What exports say in Chinese, the same in every format."""

from decimal import Decimal

from services.awards.domain import Document, Line

DRAFT = "草稿（成绩未发布）"
FINAL = "正式"
STATUS = {"competing": "", "unranked": "打星", "withdrawn": "退赛", "disqualified": "取消成绩"}
UNITS_BY = {"sum": "总积分", "average": "各工种平均积分", "entries": "参赛数"}


def title(document: Document) -> str:
    mark = f"【{DRAFT}】" if document.provisional else ""
    return f"{document.board.campaign.zh}{document.board.title.zh}获奖名单{mark}"


def note(line: Line) -> str:
    """What stands beside a row: why it takes no place, or that it shares one."""
    if line.reason is not None:
        return line.reason.zh
    return "并列" if line.tied else STATUS.get(line.status, "")


def shown(value: Decimal | None, digits: int) -> str:
    """A number with the board's digits; one that has more is shown whole, never rounded again."""
    if value is None:
        return ""
    settled = round(value, digits)
    return f"{settled if settled == value else value:f}"
