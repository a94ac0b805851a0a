"""What award rules are given beside the board, and the award list that comes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from rules.identity_number import Sex
from rules.results import Contender
from rules.text import Text


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an entry. The order of an entry's members is that of the entry form.

    `grade` is the skill grade held now (高级工), `held` the titles that are not awarded to the person again.
    """

    person: str
    name: str = ""
    born: date | None = None
    sex: Sex | None = None
    grade: str = ""
    held: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placing:
    """A member's or team's place on some board, for the tables of units. `level` is `rule.level` or empty."""

    board: str
    unit: str
    place: int | None
    level: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known beside the board. Everything may be left out that no rule asks for.

    `contenders` give units and times; `categories` by entry (its contender's category counts too);
    `event_class` is the class of the event (国家一类 …); `placings` are those of other boards.
    """

    contenders: Mapping[str, Contender] = field(default_factory=dict)
    categories: Mapping[str, frozenset[str]] = field(default_factory=dict)
    members: Mapping[str, tuple[Member, ...]] = field(default_factory=dict)
    event_class: str = ""
    board: str = ""
    placings: tuple[Placing, ...] = ()

    def unit(self, entry: str) -> str:
        found = self.contenders.get(entry)
        return found.unit if found else ""

    def categories_of(self, entry: str) -> frozenset[str]:
        found = self.contenders.get(entry)
        own = {found.category} if found and found.category else set()
        return self.categories.get(entry, frozenset()) | own


@dataclass(frozen=True, slots=True)
class Winner:
    """One who wins, and why. `entry` is a unit in awards for units; `person` is set in those for persons.

    `moved_up`: would not have won but for a quota or a cap; `passed` are the entries above that did not.
    """

    entry: str
    place: int | None
    reason: Text
    person: str = ""
    moved_up: bool = False
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AwardLevel:
    """One level of one rule (一等奖) and its winners, in board order.

    `proposed` levels are suggestions: the authority named in `approval` awards them.
    """

    rule: str
    level: str
    label: Text
    winners: tuple[Winner, ...]
    of: Literal["entries", "persons", "units"] = "entries"
    proposed: bool = False
    approval: Text | None = None

    @property
    def id(self) -> str:
        return f"{self.rule}.{self.level}"


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Who gets nothing though a reader may look for them, and why; `rule` is empty where it holds for all."""

    rule: str
    entry: str
    reason: Text
    person: str = ""


@dataclass(frozen=True, slots=True)
class UnitLine:
    unit: str
    place: int
    points: Decimal
    trades: int
    entries: int
    average: Decimal


@dataclass(frozen=True, slots=True)
class UnitTable:
    """Units by the sum of their members' points, or by their average per trade entered, or by entries."""

    rule: str
    by: Literal["sum", "average", "entries"]
    lines: tuple[UnitLine, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one rule gives."""

    levels: tuple[AwardLevel, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    notes: tuple[Text, ...] = ()
    tables: tuple[UnitTable, ...] = ()


@dataclass(frozen=True, slots=True)
class AwardList:
    """All levels of all rules in their order; who was left out; how numbers came to be; tables of units."""

    levels: tuple[AwardLevel, ...]
    left_out: tuple[LeftOut, ...]
    notes: tuple[Text, ...]
    tables: tuple[UnitTable, ...]

    def level(self, level_id: str) -> AwardLevel:
        """The level `rule.level`. Raises KeyError."""
        for level in self.levels:
            if level.id == level_id:
                return level
        raise KeyError(level_id)
