"""What this service refuses. Nothing here depends on the database."""

from redis.exceptions import RedisError

from rules.text import Text
from services.kit.problems import Fault, Malformed, NotFound, Unavailable

REDIS_IS_AWAY = (RedisError, OSError, TimeoutError)
"""What a read raises while Redis does not answer."""


class BoardNotFound(NotFound):
    """No such board in this view: unknown, not open yet, or not public."""

    slug = "board-not-found"
    title = Text("没有这个榜单，或尚未公开", "No such board, or it is not public")


class BoardUnknown(BoardNotFound):
    """Redis has no such board at all."""


class EntryNotFound(NotFound):
    slug = "entry-not-found"
    title = Text("榜上没有这个参赛者", "No such entry on this board")


class CellNotFound(NotFound):
    slug = "cell-not-found"
    title = Text("评分方案里没有这一项", "The scheme has no such cell")


class NothingKept(Unavailable):
    slug = "nothing-kept"
    title = Text("榜单暂时读不到，也没有留存的副本", "The board cannot be read and no copy of it was kept")


def nothing_kept() -> NothingKept:
    return NothingKept(way_out=Text("请几秒后重试", "Try again in a few seconds"))


def malformed(field: str, value: object, rule: str, text: Text, way_out: Text) -> Malformed:
    return Malformed(faults=[Fault(field, value, rule, text, way_out)])
