"""From drafts to entries: units found, eligibility and duplicates checked, all faults told at once."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches

from sqlalchemy import ColumnElement

from rules.text import Text
from schemas.objects import Entry, UnitRef
from services.kit.ids import new_id
from services.kit.problems import Fault
from services.kit.sealed import Sealer
from services.kit.session import ReadSession
from services.registration.domain import BoardRecord, Draft, EntryRecord, Unit
from services.registration.eligibility import faults_of, normal_id_number
from services.registration.repository import entries as repository
from services.registration.repository import units as unit_rows
from services.registration.repository.entries import Taken
from services.registration.tables import entries

Label = Callable[[int], Text]
_SUGGESTED_NAMES = 20


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault, the draft that it is about (index), and the entry that is in the way."""

    at: int
    fault: Fault
    existing: str | None = None


@dataclass(frozen=True, slots=True)
class _Only:
    """Something that only one entry may have."""

    field: str
    rule: str
    value: Callable[[Draft], Hashable]
    column: ColumnElement[str] | ColumnElement[int]
    said: Text


class Checker:
    """Checks drafts for one board. Queries are few and do not grow with the number of drafts' faults."""

    def __init__(self, session: ReadSession, sealer: Sealer, record: BoardRecord, now: datetime) -> None:
        self._session, self._sealer, self._record, self._now = session, sealer, record, now
        self._board = record.board
        self._persons: dict[str, str] = {}

    def check(
        self, drafts: Sequence[Draft], apart_from: str = "", label: Label | None = None
    ) -> tuple[list[UnitRef | None], list[Placed]]:
        """The unit of each draft, and every fault in the order of the drafts.

        `apart_from` is the entry that the one draft is going to replace; `label` says which draft it was.
        """
        units, found = self._units(drafts)
        for at, (draft, unit) in enumerate(zip(drafts, units, strict=True)):
            faults = faults_of(
                draft,
                unit or self._board.unit,
                self._board.unit,
                self._record.eligibility,
                self._now.date(),
            )
            found += [Placed(at, fault) for fault in faults]
        for only in self._onlies():
            found += self._twice(drafts, only, label or _item_of(drafts))
            found += self._taken(drafts, only, apart_from)
        return units, sorted(found, key=lambda placed: placed.at)

    def record_of(
        self, draft: Draft, unit: UnitRef, by: str, verified: bool, entry_id: str | None = None
    ) -> EntryRecord:
        """The entry that a checked draft becomes."""
        entry = Entry(
            id=entry_id or new_id(),
            board=self._board.id,
            kind=self._board.entry_kind,
            name=draft.name,
            unit=unit,
            external_id=draft.external_id,
            number=draft.number,
            code=draft.code,
            category=draft.category,
            status="verified" if verified else "registered",
            unranked=draft.unranked,
            factors=dict(draft.factors),
            times=dict(draft.times),
            members=draft.members,
        )
        return EntryRecord(
            entry=entry,
            campaign=self._board.campaign,
            version=1,
            registered_at=self._now,
            registered_by=by,
            id_number=self._sealer.seal(normal_id_number(draft.id_number)) if draft.id_number else None,
            person=self.person(draft),
            phone=self._sealer.seal(draft.phone) if draft.phone else None,
            verified_at=self._now if verified else None,
            verified_by=by if verified else None,
        )

    def person(self, draft: Draft) -> str | None:
        """The blind index of a draft's id number."""
        number = normal_id_number(draft.id_number)
        if number and number not in self._persons:
            self._persons[number] = self._sealer.index(number)
        return self._persons.get(number)

    def _units(self, drafts: Sequence[Draft]) -> tuple[list[UnitRef | None], list[Placed]]:
        by_id = unit_rows.by_id(self._session, {draft.unit_id for draft in drafts if draft.unit_id})
        by_code = unit_rows.by_code(self._session, {draft.unit_code for draft in drafts if draft.unit_code})
        below = self._board.unit.path if self._record.eligibility.within_unit else "/"
        by_name = unit_rows.by_name(
            self._session, {draft.unit_name for draft in drafts if draft.unit_name}, below
        )
        names = _Names(self._session, below)
        units: list[UnitRef | None] = []
        faults: list[Placed] = []
        for at, draft in enumerate(drafts):
            unit: Unit | None = None
            if draft.unit_id:
                unit = by_id.get(draft.unit_id)
            elif draft.unit_code:
                unit = by_code.get(draft.unit_code)
            elif draft.unit_name:
                same = by_name.get(draft.unit_name, [])
                unit = same[0] if len(same) == 1 else None
                if len(same) > 1:
                    faults.append(Placed(at, _ambiguous(draft.unit_name, same)))
                    units.append(None)
                    continue
            else:
                units.append(self._board.unit)
                continue
            if unit is None:
                faults.append(Placed(at, names.unknown(draft)))
            units.append(unit.ref if unit else None)
        return units, faults

    def _onlies(self) -> Iterator[_Only]:
        yield _Only(
            "external_id",
            "external_id_taken",
            lambda draft: draft.external_id,
            entries.c.external_id,
            Text("编号重复", "The external id is used twice"),
        )
        yield _Only(
            "number",
            "number_taken",
            lambda draft: draft.number,
            entries.c.number,
            Text("抽签号重复", "The draw number is used twice"),
        )
        yield _Only(
            "code",
            "code_taken",
            lambda draft: draft.code,
            entries.c.code,
            Text("盲评号重复", "The blind code is used twice"),
        )
        yield _Only(
            "id_number",
            "person_taken",
            self.person,
            entries.c.person,
            Text("同一人重复报名", "The same person is entered twice"),
        )

    def _twice(self, drafts: Sequence[Draft], only: _Only, label: Label) -> Iterator[Placed]:
        """Later drafts that repeat an earlier one of the same list."""
        first: dict[Hashable, int] = {}
        for at, draft in enumerate(drafts):
            value = only.value(draft)
            if value and first.setdefault(value, at) != at:
                earlier = label(first[value])
                text = Text(f"{only.said.zh}：与{earlier.zh}", f"{only.said.en}: also by {earlier.en}")
                yield Placed(at, Fault(only.field, _shown(only, draft), only.rule, text, _ONE))

    def _taken(self, drafts: Sequence[Draft], only: _Only, apart_from: str) -> Iterator[Placed]:
        wanted = {value for draft in drafts if (value := only.value(draft))}
        where: list[ColumnElement[bool]] = [entries.c.id != apart_from]
        if only.rule == "person_taken":
            where.append(entries.c.status != "withdrawn")
        if only.rule == "person_taken" and self._record.eligibility.one_event_per_person:
            where.append(entries.c.campaign == self._board.campaign)
        else:
            where.append(entries.c.board == self._board.id)
        taken = repository.taken(self._session, only.column, wanted, *where) if wanted else {}
        for at, draft in enumerate(drafts):
            there = taken.get(only.value(draft))
            if there:
                fault = Fault(only.field, _shown(only, draft), only.rule, _by(only, there), _ONE)
                yield Placed(at, fault, existing=there.id)


class _Names:
    """Nearest names of units, looked up only when one is unknown."""

    def __init__(self, session: ReadSession, below: str) -> None:
        self._session, self._below = session, below
        self._names: list[str] | None = None
        self._near: dict[str, list[str]] = {}

    def unknown(self, draft: Draft) -> Fault:
        value = draft.unit_id or draft.unit_code or draft.unit_name
        near = "、".join(self._nearest(draft.unit_name)) if draft.unit_name else ""
        way_out = Text("核对名称，或改填单位代码", "Check the name, or give the unit's code")
        if near:
            way_out = Text(f"是否为：{near}", f"Perhaps: {near}")
        return Fault(
            "unit_code" if draft.unit_code else "unit",
            value,
            "unit_unknown",
            Text("没有这个单位", "There is no such unit"),
            way_out,
        )

    def _nearest(self, name: str) -> list[str]:
        if self._names is None:
            self._names = unit_rows.names_below(self._session, self._below)
        if name not in self._near and len(self._near) < _SUGGESTED_NAMES:
            self._near[name] = get_close_matches(name, self._names, n=3, cutoff=0.5)
        return self._near.get(name, [])


def _item_of(drafts: Sequence[Draft]) -> Label:
    return lambda at: Text(f"第 {at + 1} 条“{drafts[at].name}”", f"item {at + 1}, {drafts[at].name}")


_ONE = Text("删去重复的一条，或改正此项", "Remove one of them, or correct this field")


def _shown(only: _Only, draft: Draft) -> object:
    return "***" if only.field == "id_number" else only.value(draft)


def _by(only: _Only, there: Taken) -> Text:
    return Text(
        f"{only.said.zh}：“{there.board_title}”已有“{there.name}”",
        f"{only.said.en}: {there.name} is on {there.board_title}",
    )


def _ambiguous(name: str, same: Sequence[Unit]) -> Fault:
    codes = ", ".join(unit.code for unit in same[:5])
    return Fault(
        "unit",
        name,
        "unit_ambiguous",
        Text(f"有 {len(same)} 个单位同名", f"{len(same)} units have this name"),
        Text(f"改填单位代码，如 {codes}", f"Give the unit's code, like {codes}"),
    )
