"""The document of a list, made from a recount by the board's award rules. Pure."""

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise

from rules.awards import AwardList, Facts, Member, award, load_awards
from rules.problems import SchemeRefused
from rules.ranking import takes_place, undecided_ties
from rules.text import Text
from rules.why import why_above
from schemas.live import LiveRow
from services.awards.domain import Column, Document, Level, Line, Of, Passed, Prize, UnitRow, Units
from services.awards.problems import RulesRefused
from services.awards.recount import Recount
from services.kit.problems import Fault


def make_document(counted: Recount) -> Document:
    """The list as the award rules of the scheme in force give it; provisional until results are published."""
    found = _award(counted)
    board, state = counted.board, counted.state
    return Document(
        board=Of(
            id=board.id,
            code=board.code,
            kind=board.kind,
            campaign=board.campaign_title,
            title=board.title,
            unit=board.unit.name,
        ),
        provisional=state.published_at is None,
        dated=state.published_at or state.changed_at,
        published_at=state.published_at,
        scheme_version=state.scheme.version if state.scheme else 0,
        digits=counted.digits,
        position={topic.value: number for topic, number in sorted(counted.position.items())},
        columns=tuple(Column(path=path, title=title) for path, title in counted.columns),
        standings=tuple(_standings(counted, found)),
        levels=tuple(_levels(counted, found)),
        notes=found.notes,
        ties=tuple(_ties(counted)),
        left_out=tuple(_left_out(counted, found)),
        units=tuple(_units(counted, found)),
    )


def _award(counted: Recount) -> AwardList:
    try:
        rules = load_awards(counted.scheme.awards if counted.scheme and counted.scheme.awards else None)
    except SchemeRefused as refused:
        faults = [
            Fault(f"{each.path}.{each.key}".strip("."), each.value, each.rule, each.text, each.way_out)
            for each in refused.refusals
        ]
        way_out = Text("在评分方案的 awards 中改正", "Correct it under awards in the scheme")
        raise RulesRefused(way_out=way_out, faults=faults) from refused
    facts = Facts(
        contenders=counted.contenders,
        members={entry: _members(line) for entry, line in counted.lines.items()},
        board=counted.board.id,
    )
    return award(rules, counted.rows, facts)


def _members(line: LiveRow) -> tuple[Member, ...]:
    names = line.members or (line.name,)
    return tuple(Member(person=f"{line.entry}.{i}", name=name) for i, name in enumerate(names, 1))


def _standings(counted: Recount, found: AwardList) -> Iterator[Line]:
    won: dict[str, list[str]] = {}
    for level in found.levels:
        for winner in level.winners:
            ids = won.setdefault(winner.entry, [])
            if level.of != "units" and level.id not in ids:
                ids.append(level.id)
    for row in counted.rows:
        line = counted.lines[row.entry]
        yield Line(
            entry=row.entry,
            place=row.place,
            tied=row.tied,
            name=line.name,
            members=line.members,
            unit=line.unit.name,
            number=line.number,
            external_id=line.external_id,
            category=line.category,
            total=row.total,
            values=dict(line.values),
            awards=tuple(won.get(row.entry, ())),
            status=row.status,
            reason=line.reason if row.place is None else None,
        )


def _levels(counted: Recount, found: AwardList) -> Iterator[Level]:
    units = {line.unit.id: line.unit.name for line in counted.lines.values()}
    persons = {member.person: member.name for line in counted.lines.values() for member in _members(line)}
    for level in found.levels:
        prizes = []
        for winner in level.winners:
            line = counted.lines.get(winner.entry)
            members: tuple[str, ...] = ()
            if level.of == "units" or line is None:
                name, unit = units.get(winner.entry, winner.entry), units.get(winner.entry, "")
            else:
                name, unit = persons.get(winner.person, line.name), line.unit.name
                members = () if winner.person else line.members
            prizes.append(
                Prize(
                    entry=winner.entry,
                    name=name,
                    members=members,
                    unit=unit,
                    place=winner.place,
                    reason=winner.reason,
                    moved_up=winner.moved_up,
                )
            )
        yield Level(
            id=level.id,
            title=level.label,
            of=level.of,
            proposed=level.proposed,
            approval=level.approval,
            winners=tuple(prizes),
        )


def _ties(counted: Recount) -> Iterator[Text]:
    """Shared places, places that other keys than the first decided, and ties that nobody has decided yet."""
    names = _names(counted)
    placed = [row for row in counted.rows if takes_place(row)]
    for _, group in groupby(placed, key=lambda row: row.key):
        tied = list(group)
        if len(tied) > 1:
            zh, en = "、".join(key.label.zh for key in counted.ranking.keys), _english(counted)
            who = "、".join(names[row.entry] for row in tied)
            yield Text(
                f"第 {tied[0].place} 名并列：{who}，依次比较{zh}均相同",
                f"Place {tied[0].place} is shared by {who}: equal on {en}",
            )
    for above, below in pairwise(placed):
        if above.total == below.total and above.key != below.key:
            yield why_above(counted.ranking, above, below, names)
    for tied_rows in undecided_ties(counted.rows):
        who = "、".join(names[row.entry] for row in tied_rows)
        yield Text(f"尚待加赛或裁定：{who}", f"Still to be decided: {who}")


def _english(counted: Recount) -> str:
    return ", ".join(key.label.en for key in counted.ranking.keys)


def _left_out(counted: Recount, found: AwardList) -> Iterator[Passed]:
    names = _names(counted)
    for each in found.left_out:
        yield Passed(entry=each.entry, name=names.get(each.entry, each.entry), reason=each.reason)


def _units(counted: Recount, found: AwardList) -> Iterator[Units]:
    names = {line.unit.id: line.unit.name for line in counted.lines.values()}
    for table in found.tables:
        yield Units(
            rule=table.rule,
            by=table.by,
            lines=tuple(
                UnitRow(
                    unit=line.unit,
                    name=names.get(line.unit, line.unit),
                    place=line.place,
                    points=line.points,
                    entries=line.entries,
                    average=line.average,
                )
                for line in table.lines
            ),
        )


def _names(counted: Recount) -> Mapping[str, str]:
    return {entry: line.name for entry, line in counted.lines.items()}
