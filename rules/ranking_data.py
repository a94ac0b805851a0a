"""The settings under `ranking` of a scheme (docs/ranking.md), read and checked."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, cast, get_args

from rules.fields import Fields
from rules.text import Text
from rules.tiekeys import By, Compare, Key

LastResort = Literal["shared", "playoff", "committee"]
Places = Literal["1224", "1223", "1234"]

TOTAL = Key("total", "node", Text("总分", "total"))
LABELS: dict[By, Text] = {
    "node": Text("分项成绩", "part score"),
    "best_attempts": Text("单轮最好成绩", "best attempts"),
    "count": Text("次数", "count"),
    "time": Text("用时", "time"),
    "earlier": Text("先取得最好成绩的轮次", "attempt of the best result"),
    "firsts": Text("单项名次", "places in the parts"),
    "decision": Text("裁定", "decision"),
}
LAST_RESORTS = {
    "playoff": Key("playoff", "decision", Text("加赛名次", "play-off"), descending=False),
    "committee": Key(
        "committee", "decision", Text("裁判委员会裁定", "the committee's decision"), descending=False
    ),
}
ASCENDING = ("time", "earlier", "firsts", "decision")


@dataclass(frozen=True, slots=True)
class Cut:
    """How many go through to the next stage, and whether all tied at the cut do."""

    top: int
    ties: Literal["in", "out"] = "in"


@dataclass(frozen=True, slots=True)
class Ranking:
    """How a board is ranked. `keys` ends with the last resort's decision where that is not `shared`."""

    keys: tuple[Key, ...] = (TOTAL,)
    last_resort: LastResort = "shared"
    places: Places = "1224"
    compare: Compare = "rounded"
    unranked: Literal["after", "inline"] = "after"
    cut: Cut | None = None

    @property
    def field_wide(self) -> bool:
        """True where an entry's key depends on the other entries, so that one change may move all keys."""
        return any(key.field_wide for key in self.keys)

    @property
    def place_counts(self) -> Literal["key", "order"]:
        """Which text to compare: place = 1 + the number of competing entries with a smaller one.

        `1223` counts the different smaller keys instead.
        """
        return "order" if self.places == "1234" else "key"


def load_ranking(data: object = None, paths: Iterable[str] | None = None) -> Ranking:
    """The ranking that `data` describes; None or {} is total, shared, 1,2,2,4.

    `paths`: the scheme's node paths, to refuse keys that name none of them. Raises SchemeRefused with paths
    that begin with `ranking`.
    """
    fields = Fields({} if data is None else data, "ranking")
    nodes = None if paths is None else {"", *paths}
    keys = [_read_key(item, nodes) for item in fields.children("keys")] or [TOTAL]
    _refuse_repeated_ids(fields, keys)
    last_resort = fields.choice("last_resort", get_args(LastResort), "shared")
    ranking = Ranking(
        keys=(*keys, *([LAST_RESORTS[last_resort]] if last_resort != "shared" else [])),
        last_resort=cast(LastResort, last_resort),
        places=cast(Places, fields.choice("places", get_args(Places), "1224")),
        compare=cast(Compare, fields.choice("compare", get_args(Compare), "rounded")),
        unranked="inline" if fields.choice("unranked", ("after", "inline"), "after") == "inline" else "after",
        cut=_read_cut(fields.child("cut")) if fields.has("cut") else None,
    )
    fields.finish()
    fields.raise_refusals()
    return ranking


def read_keys(fields: Fields, name: str) -> tuple[Key, ...]:
    """The ranking keys in the list `name` of other settings, such as an award rule's tie chain."""
    return tuple(_read_key(item, None) for item in fields.children(name, least=1))


def _read_key(fields: Fields, nodes: set[str] | None) -> Key:
    by = cast(By, fields.choice("by", get_args(By), "node"))
    path = fields.string("path", None if by == "time" else "")
    if nodes is not None and by not in ("time", "decision") and path not in nodes:
        known = ", ".join(sorted(nodes - {""}))
        fields.refuse(
            "path",
            "node",
            Text("方案里没有这个节点", "the scheme has no such node"),
            Text(f"可用：{known}", f"use {known}"),
        )
    low = fields.choice("better", ("high", "low"), "high") == "low"
    ascending = by in ASCENDING or (by == "best_attempts" and low)
    direction = fields.choice("direction", ("desc", "asc"), "asc" if ascending else "desc")
    if by == "firsts" and direction == "desc":
        fields.refuse(
            "direction", "direction", Text("名次总是小者为先", "places are always compared from the first")
        )
    key = Key(
        id=fields.string("id", "") or path or by,
        by=by,
        label=fields.label(TOTAL.label if by == "node" and not path else LABELS[by]),
        path=path,
        descending=direction == "desc",
        attempt=fields.whole("attempt", least=1) if fields.has("attempt") else None,
        of="marks" if fields.choice("of", ("parts", "marks"), "parts") == "marks" else "parts",
        low=low,
        at_least=fields.number_or_none("at_least"),
        at_most=fields.number_or_none("at_most"),
    )
    if by == "count" and key.at_least is None and key.at_most is None:
        fields.refuse(
            "at_least",
            "count",
            Text("要写明数哪些", "must say what to count"),
            Text("写 at_least 或 at_most", "give at_least or at_most"),
        )
    fields.finish()
    return key


def _refuse_repeated_ids(fields: Fields, keys: list[Key]) -> None:
    seen = {key.id for key in LAST_RESORTS.values()}
    for i, key in enumerate(keys):
        if key.id in seen:
            fields.refuse(
                f"keys.{i}.id",
                "unique",
                Text(f"编号 {key.id} 重复或已占用", f"the id {key.id} is taken"),
                Text("换一个编号", "choose another"),
            )
        seen.add(key.id)


def _read_cut(fields: Fields) -> Cut:
    cut = Cut(
        top=fields.whole("top", least=1),
        ties="out" if fields.choice("ties", ("in", "out"), "in") == "out" else "in",
    )
    fields.finish()
    return cut
