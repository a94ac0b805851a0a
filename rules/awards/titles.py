"""Titles and grades for persons.

By place or level won × class of the event × current grade × age × sex × titles held. These are
proposals: the authority named in `approval` awards them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from rules.awards.lists import AwardLevel, LeftOut, Member, Outcome, Winner
from rules.awards.pool import Pool
from rules.identity_number import Sex, age_on
from rules.results import Row
from rules.text import Text

LADDER = ("初级工", "中级工", "高级工", "技师", "高级技师", "特级技师", "首席技师")
"""The skill grades, lowest first."""


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """Full years on the reference day."""

    day: date
    at_least: int = 0
    at_most: int | None = None


@dataclass(frozen=True, slots=True)
class Earned:
    """Which rows earn it: places from `first` to `last`, or who won one of `levels`; neither: all placed."""

    first: int = 1
    last: int | None = None
    levels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TitleRule:
    """`promote` maps the current grade to the one proposed; `title` is for others (empty: nothing)."""

    id: str
    label: Text
    title: str
    approval: Text
    earned: Earned = Earned()
    classes: tuple[str, ...] = ()
    only_first: bool = False
    sex: Sex | None = None
    age: AgeLimit | None = None
    grades: tuple[str, ...] = ()
    promote: Mapping[str, str] | None = None
    once: bool = True

    @property
    def level_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([*(self.promote or {}).values(), *([self.title] if self.title else [])]))

    def give(self, pool: Pool) -> Outcome:
        winners: dict[str, list[Winner]] = {title: [] for title in self.level_ids}
        left_out: list[LeftOut] = []
        applies = not self.classes or pool.facts.event_class in self.classes
        for row, why in self._earning(pool) if applies else ():
            for member in self._members(pool, row):
                title = self._title(member)
                refused = self._refusal(member, title)
                if refused is None:
                    reason = self._reason(why, member, title)
                    winners[title].append(Winner(row.entry, row.place, reason, person=member.person))
                else:
                    left_out.append(LeftOut(self.id, row.entry, refused, person=member.person))
        levels = tuple(self._level(title, tuple(found)) for title, found in winners.items())
        return Outcome(levels, tuple(left_out), () if applies else (self._wrong_class(pool),))

    def _wrong_class(self, pool: Pool) -> Text:
        known, here = "、".join(self.classes), pool.facts.event_class or "—"
        return Text(
            f"{self.label.zh}：限{known}赛事，本赛事为 {here}",
            f"{self.label.en}: only for events of class {known}, this one is {here}",
        )

    def _earning(self, pool: Pool) -> Iterable[tuple[Row, Text]]:
        won = {
            winner.entry: level.label
            for level in reversed(pool.given)
            if level.id in self.earned.levels and level.of == "entries"
            for winner in level.winners
        }
        for row in pool.candidates:
            place = row.place or 0
            label = won.get(row.entry)
            if self.earned.levels and label is None:
                continue
            if place < self.earned.first or (self.earned.last is not None and place > self.earned.last):
                continue
            text = Text(f"第 {place} 名", f"place {place}")
            yield row, Text(f"{label.zh}（{text.zh}）", f"{label.en} ({text.en})") if label else text

    def _members(self, pool: Pool, row: Row) -> tuple[Member, ...]:
        members = pool.facts.members.get(row.entry) or (Member(row.entry),)
        asked = members[:1] if self.only_first else members
        return tuple(one for one in asked if self.sex is None or one.sex in (self.sex, None))

    def _title(self, member: Member) -> str:
        return (self.promote or {}).get(member.grade, self.title)

    def _refusal(self, member: Member, title: str) -> Text | None:
        """Why the person is not proposed, if not."""
        if self.sex is not None and member.sex is None:
            return _unknown("性别", "sex")
        if self.age is not None:
            wrong = self._age_refusal(self.age, member)
            if wrong is not None:
                return wrong
        if self.grades and member.grade not in self.grades:
            return Text(
                f"现有等级 {member.grade or '不详'}，不在 {'、'.join(self.grades)} 之内",
                f"holds grade {member.grade or 'unknown'}, not one of {', '.join(self.grades)}",
            )
        if not title:
            return Text(
                f"现有等级 {member.grade or '不详'}，没有可晋升的等级",
                f"no step up from grade {member.grade or 'unknown'}",
            )
        if self.once and title in member.held:
            return Text(f"已获{title}，不重复授予", f"already holds {title}: not awarded again")
        if title in LADDER and member.grade in LADDER and LADDER.index(member.grade) >= LADDER.index(title):
            return Text(f"已是{member.grade}，不低于{title}", f"is {member.grade} already, not below {title}")
        return None

    def _age_refusal(self, limit: AgeLimit, member: Member) -> Text | None:
        if member.born is None:
            return _unknown("出生日期", "birth date")
        age = age_on(member.born, limit.day)
        if age >= limit.at_least and (limit.at_most is None or age <= limit.at_most):
            return None
        bounds = f"{limit.at_least or ''}–{'' if limit.at_most is None else limit.at_most}"
        return Text(
            f"{limit.day} 时 {age} 周岁，不在 {bounds} 之内", f"aged {age} on {limit.day}, outside {bounds}"
        )

    def _reason(self, why: Text, member: Member, title: str) -> Text:
        if self.promote and member.grade in self.promote:
            return Text(
                f"{why.zh}，现为{member.grade}，晋升{title}", f"{why.en}, {member.grade} now, up to {title}"
            )
        return why

    def _level(self, title: str, winners: tuple[Winner, ...]) -> AwardLevel:
        label = self.label if len(self.level_ids) == 1 else Text(title, title)
        return AwardLevel(self.id, title, label, winners, "persons", proposed=True, approval=self.approval)


def _unknown(zh: str, en: str) -> Text:
    return Text(f"缺{zh}，无法判定", f"{en} unknown: cannot be decided")
