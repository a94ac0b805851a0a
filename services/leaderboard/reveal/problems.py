"""What a reveal refuses."""

from rules.text import Text
from services.kit.problems import NotFound, Problem


class NotFrozen(Problem):
    slug = "board-not-frozen"
    title = Text("榜单没有封榜，无需揭榜", "The board is not frozen, so there is nothing to reveal")


class NobodyPlaced(Problem):
    slug = "nobody-placed"
    title = Text("榜上还没有名次", "Nobody has a place on this board yet")


class NoReveal(NotFound):
    slug = "no-reveal"
    title = Text("这个榜单没有在揭榜", "No reveal of this board is going on")


class RevealMoved(Problem):
    slug = "reveal-moved"
    title = Text("揭榜进度已被另一台设备改变", "Another device has moved the reveal meanwhile")


class NoSuchStep(Problem):
    slug, status = "no-such-step", 422
    title = Text("没有这一步", "There is no such step")
