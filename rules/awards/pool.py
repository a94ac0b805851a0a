"""The board as award rules see it: who may win, in groups on one place; what rules have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Protocol, cast

from rules.awards.lists import AwardLevel, Facts, LeftOut, Outcome
from rules.fields import Fields
from rules.ranking_data import read_keys
from rules.results import Contender, Row
from rules.text import Text
from rules.tiekeys import Key, encode, measure

Ties = Literal["in", "out", "chain"]
FieldKind = Literal["placed", "competing", "listed"]


@dataclass(frozen=True, slots=True)
class Pool:
    """The rows of a board with the facts beside them, and what earlier rules gave."""

    rows: Sequence[Row]
    facts: Facts
    given: tuple[AwardLevel, ...] = ()

    @property
    def candidates(self) -> list[Row]:
        """Those who hold a place, in board order."""
        return [row for row in self.rows if row.place is not None]

    def groups(self) -> list[list[Row]]:
        """The candidates, those on one place together."""
        return [list(group) for _, group in groupby(self.candidates, key=lambda row: row.place)]

    def size(self, kind: FieldKind) -> int:
        """How many the field counts: with a place; competing (also barred) with marks; all on the list."""
        if kind == "placed":
            return len(self.candidates)
        if kind == "competing":
            return sum(row.status == "competing" and row.total is not None for row in self.rows)
        return len(self.rows)

    def without_place(self) -> tuple[LeftOut, ...]:
        none = Text("未获名次", "took no place")
        return tuple(LeftOut("", row.entry, row.reason or none) for row in self.rows if row.place is None)


@dataclass(frozen=True, slots=True)
class Terms:
    """Settings that rules have in common. `shrink`: a level widened by a tie takes from the next."""

    rule: str
    ties: Ties = "in"
    chain: tuple[Key, ...] = ()
    shrink: bool = True
    per_unit: int | None = None
    per_unit_of: Literal["rule", "level"] = "rule"
    minimum_field: int = 0
    field: FieldKind = "placed"

    def too_few(self, pool: Pool) -> Outcome | None:
        """An outcome without winners where the field is too small."""
        size = pool.size(self.field)
        if size >= self.minimum_field:
            return None
        note = Text(
            f"参赛 {size}，少于 {self.minimum_field}，不设奖",
            f"a field of {size} is under {self.minimum_field}: no awards",
        )
        return Outcome(notes=(note,))

    def split(self, group: Sequence[Row], facts: Facts) -> list[list[Row]]:
        """A group on one place, split further by the rule's own tie chain."""

        def text(row: Row) -> str:
            contender = facts.contenders.get(row.entry) or Contender(row.entry)
            return "".join(
                encode(key, measure(key, "rounded", row.evaluation, contender, None)) for key in self.chain
            )

        return [list(part) for _, part in groupby(sorted(group, key=text), key=text)]


class AwardRule(Protocol):
    """One rule: an id, and what it gives on a board."""

    @property
    def id(self) -> str: ...

    @property
    def level_ids(self) -> tuple[str, ...]: ...

    def give(self, pool: Pool) -> Outcome: ...


def read_terms(fields: Fields, rule: str, shrink: str = "shrink") -> Terms:
    """The common settings of a rule; leaves `finish` to the caller."""
    ties = cast(Ties, fields.choice("ties", ("in", "out", "chain"), "in"))
    if fields.has("chain") and ties != "chain":
        fields.refuse("chain", "chain", Text("只在 ties 为 chain 时有用", "is only for ties: chain"))
    limit = fields.child("per_unit") if fields.has("per_unit") else None
    terms = Terms(
        rule=rule,
        ties=ties,
        chain=_chain(fields) if ties == "chain" else (),
        shrink=fields.choice("after_tie", ("shrink", "keep"), shrink) == "shrink",
        per_unit=limit.whole("max", least=1) if limit else None,
        per_unit_of="level" if limit and limit.choice("of", ("rule", "level"), "rule") == "level" else "rule",
        minimum_field=fields.whole("minimum_field", 0),
        field=read_field(fields),
    )
    if limit:
        limit.finish()
    return terms


def read_field(fields: Fields) -> FieldKind:
    return cast(FieldKind, fields.choice("field", ("placed", "competing", "listed"), "placed"))


def _chain(fields: Fields) -> tuple[Key, ...]:
    keys = read_keys(fields, "chain")
    for i, key in enumerate(keys):
        if key.field_wide:
            fields.refuse(
                f"chain.{i}.by",
                "chain",
                Text("这里不能用名次比较", "countback cannot be used here"),
                Text("把它写进 ranking.keys", "put it into ranking.keys"),
            )
    return keys
