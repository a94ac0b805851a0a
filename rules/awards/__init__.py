"""Award rules: data in (docs/awards.md), the list of who wins what and why out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from rules.awards.by_place import load_places, load_thresholds
from rules.awards.counting import load_counts, load_ratio, load_shares
from rules.awards.lists import (
    AwardLevel,
    AwardList,
    Facts,
    LeftOut,
    Member,
    Placing,
    UnitLine,
    UnitTable,
    Winner,
)
from rules.awards.pool import AwardRule, Pool
from rules.awards.quotas import load_quotas
from rules.awards.tie_band import load_tie_band
from rules.awards.title_data import load_title
from rules.awards.titles import TitleRule
from rules.awards.units import load_units
from rules.fields import Fields
from rules.problems import Refusal, SchemeRefused
from rules.results import Row
from rules.text import Text

__all__ = [
    "AwardLevel",
    "AwardList",
    "AwardRules",
    "Facts",
    "LeftOut",
    "Member",
    "Placing",
    "UnitLine",
    "UnitTable",
    "Winner",
    "award",
    "load_awards",
]

KINDS: dict[str, Callable[[Fields, str], AwardRule]] = {
    "counts": load_counts,
    "shares": load_shares,
    "ratio": load_ratio,
    "places": load_places,
    "threshold": load_thresholds,
    "tie_band": load_tie_band,
    "quotas": load_quotas,
    "title": load_title,
    "units": load_units,
}


@dataclass(frozen=True, slots=True)
class AwardRules:
    """The award rules of a board, in the order in which they are given."""

    rules: tuple[AwardRule, ...] = ()


def load_awards(data: object = None) -> AwardRules:
    """The rules in a list of settings; None is no rules. Raises SchemeRefused, paths begin with `awards`."""
    refusals: list[Refusal] = []
    rules: list[AwardRule] = []
    known: set[str] = set()
    for fields in Fields({"awards": data}, "", refusals).children("awards"):
        rule = _load_rule(fields, known, {loaded.id for loaded in rules})
        rules.append(rule)
        known |= {f"{rule.id}.{level}" for level in rule.level_ids}
    if refusals:
        raise SchemeRefused(refusals)
    return AwardRules(tuple(rules))


def award(rules: AwardRules, rows: Sequence[Row], facts: Facts | None = None) -> AwardList:
    """The award list of a board in final order. Who takes no place wins nothing and is left out, with why."""
    pool = Pool(rows, facts or Facts())
    levels: list[AwardLevel] = []
    left_out = list(pool.without_place())
    notes: list[Text] = []
    tables: list[UnitTable] = []
    for rule in rules.rules:
        outcome = rule.give(Pool(rows, pool.facts, tuple(levels)))
        levels += outcome.levels
        left_out += outcome.left_out
        notes += outcome.notes
        tables += outcome.tables
    return AwardList(tuple(levels), tuple(left_out), tuple(notes), tuple(tables))


def _load_rule(fields: Fields, known: Collection[str], ids: Collection[str]) -> AwardRule:
    rule_id = fields.string("id", None) or "-"
    if rule_id in ids:
        fields.refuse("id", "unique", Text("编号重复", "is taken"), Text("换一个编号", "choose another"))
    rule = KINDS[fields.choice("rule", tuple(KINDS))](fields, rule_id)
    if len(set(rule.level_ids)) < len(rule.level_ids):
        fields.refuse("levels", "unique", Text("各级编号重复", "two levels have one id"))
    for level in rule.earned.levels if isinstance(rule, TitleRule) else ():
        if level not in known:
            options = ", ".join(sorted(known)) or "—"
            fields.refuse(
                "levels",
                "level",
                Text(f"前面的规则没有 {level}", f"no rule before this one has {level}"),
                Text(f"可用：{options}", f"use one of: {options}"),
            )
    fields.finish()
    return rule
