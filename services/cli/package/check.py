"""What must hold across a package, by the same rules that the platform goes by; every flaw is told."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rules.awards import load_awards
from rules.evaluate import check_marks
from rules.problems import SchemeRefused
from rules.ranking import Ranking, load_ranking, undecided_ties
from rules.scheme import Scheme, load_scheme
from rules.text import Text
from services.cli.package import keys
from services.cli.package.contest import BoardPart, Judge, Package, Sheet, course
from services.cli.package.count import count_board
from services.cli.package.flaws import Flaw, cell, key
from services.cli.package.source import CONTEST

_CORRECT = Text("改正后重试", "correct it and try again")


def check(package: Package) -> list[Flaw]:
    """Every flaw of a package whose files could be read."""
    flaws = [*_units(package), *_boards(package)]
    compiled = []
    for at, part in enumerate(package.boards):
        rules, found = _rules(at, part)
        compiled.append((at, part, rules))
        flaws += [*found, *_entries(part), *_proposals(part), *_judges(part, rules), *_jury(part, rules)]
        known, panels = part.known, _panels(part)
        flaws += [flaw for sheet in part.sheets for flaw in _sheet(part, rules, sheet, known, panels)]
    for at, part, rules in compiled:
        flaws += _feeds(package, at, part, rules)
        decides = rules is not None and rules.ranking.last_resort != "shared"
        if part.about.published and decides and not flaws:
            flaws += _publishable(package, at, part)
    return flaws


@dataclass(frozen=True, slots=True)
class _Rules:
    scheme: Scheme
    ranking: Ranking


def _units(package: Package) -> Iterator[Flaw]:
    units = {unit.code: unit for unit in package.units}
    for unit in package.units:
        if unit.parent and unit.parent not in units:
            if not unit.row:  # made for an entry; the campaign's unit, its parent, is told below
                continue
            yield _at("units", unit.row, "parent", "unknown_unit", _NO_UNIT, _known(units), unit.parent)
            continue
        seen, parent = {unit.code}, unit.parent
        while parent:
            if parent in seen:
                text = Text("上级绕成了圈", "the parents go round in a circle")
                yield _at("units", unit.row, "parent", "circle", text, _CORRECT, unit.parent)
                break
            seen.add(parent)
            parent = units[parent].parent if parent in units else ""
    if package.campaign.unit_code not in units:
        way_out = Text("写 {code, name}，或列入 units.csv", "write {code, name}, or put it in units.csv")
        yield _key("campaign.unit", "unknown_unit", _NO_UNIT, way_out, package.campaign.unit_code)


def _boards(package: Package) -> Iterator[Flaw]:
    units = {unit.code for unit in package.units}
    counts = Counter(part.code for part in package.boards)
    for at, part in enumerate(package.boards):
        if counts[part.code] > 1:
            text = Text("榜的代码重复", "two boards have this code")
            yield _key(f"boards.{at}.code", "twice", text, _CORRECT, part.code)
        if part.about.unit and part.about.unit not in units:
            yield _key(f"boards.{at}.unit", "unknown_unit", _NO_UNIT, _known(units), part.about.unit)
        if part.about.published and part.scheme is None:
            text = Text("没有方案，不能公布", "cannot be published without a scheme")
            yield _key(f"boards.{at}.published", "scheme_missing", text, _CORRECT)
        if part.proposals and part.about.kind != "drive":
            text = Text("只有 drive 类的榜收建议", "only boards of the kind drive take proposals")
            yield _at("proposals", part.proposals[0].row, "board", "not_a_drive", text, _CORRECT, part.code)


def _rules(at: int, part: BoardPart) -> tuple[_Rules | None, list[Flaw]]:
    if part.scheme is None:
        return None, []
    prefix = f"boards.{at}.scheme" if part.scheme_file == CONTEST else ""
    try:
        scheme = load_scheme(part.scheme)
    except SchemeRefused as refused:
        return None, keys.of_scheme(part.scheme_file, refused, prefix)
    flaws: list[Flaw] = []
    ranking = None
    try:
        ranking = load_ranking(scheme.ranking, [placed.path for placed in scheme.nodes()])
    except SchemeRefused as refused:
        flaws += keys.of_scheme(part.scheme_file, refused, prefix)
    try:
        load_awards(scheme.awards or None)
    except SchemeRefused as refused:
        flaws += keys.of_scheme(part.scheme_file, refused, prefix)
    return (None if ranking is None else _Rules(scheme, ranking)), flaws


def _entries(part: BoardPart) -> Iterator[Flaw]:
    yield from _twice("entries", "external_id", ((e.row, e.external_id) for e in part.entries))
    yield from _twice("entries", "number", ((e.row, str(e.number or "")) for e in part.entries))
    yield from _twice("entries", "code", ((e.row, e.code) for e in part.entries))
    yield from _twice("proposals", "external_id", ((p.row, p.external_id) for p in part.proposals))
    known = {each.external_id for each in part.proposals}
    entries = {each.external_id for each in part.entries}
    for each in part.proposals:
        if each.external_id in entries:
            text = Text("编号与参赛者重复", "an entry has this id")
            yield _at("proposals", each.row, "external_id", "twice", text, _CORRECT, each.external_id)
        if (each.stage == "merged") != bool(each.merged_into):
            text = Text("并案须写并入哪一件", "merged_into and the stage merged belong together")
            yield _at("proposals", each.row, "merged_into", "merged", text, _CORRECT, each.merged_into)
        elif each.merged_into and each.merged_into not in known:
            yield _at(
                "proposals", each.row, "merged_into", "unknown_entry", _NO_ENTRY, _CORRECT, each.merged_into
            )


def _proposals(part: BoardPart) -> Iterator[Flaw]:
    """What the platform asks on the way to a proposal's stage."""
    marked = {sheet.key.entry for sheet in part.sheets}
    for each in part.proposals:
        if each.stage in ("declined", "merged", "closed") and not each.reason:
            text = Text("须写明原因", "needs a reason")
            yield _at("proposals", each.row, "reason", "reason_missing", text, _CORRECT)
        if each.stage == "verified" and each.benefit is None:
            text = Text("须写明核实的年效益", "needs the benefit that was verified")
            yield _at("proposals", each.row, "benefit", "benefit_missing", text, _CORRECT)
        stages = course(each)
        if not stages:
            text = Text("这种建议没有这个进度", "this kind of proposal has no such stage")
            yield _at("proposals", each.row, "stage", "unknown_stage", text, _CORRECT, each.stage)
        elif "reviewed" in stages and each.external_id not in marked:
            text = Text("已评审的建议须有评分", "a reviewed proposal needs marks")
            yield _at("proposals", each.row, "stage", "not_marked", text, _CORRECT, each.stage)


def _judges(part: BoardPart, rules: _Rules | None) -> Iterator[Flaw]:
    yield from _twice("judges", "judge", ((each.row, _in_stage(each)) for each in part.judges))
    known = part.known
    for each in part.judges:
        if rules is not None and each.stage and each.stage not in rules.scheme.index.nodes:
            way_out = _known(placed.path for placed in rules.scheme.stages() if placed.path)
            text = Text("方案没有这个阶段", "the scheme has no such stage")
            yield _at("judges", each.row, "stage", "unknown_stage", text, way_out, each.stage)
        for entry in each.recused:
            if entry not in known:
                yield _at("judges", each.row, "recused", "unknown_entry", _NO_ENTRY, _CORRECT, entry)


_Panels = Mapping[str, Mapping[str, Judge]]


def _panels(part: BoardPart) -> _Panels:
    """Stage → judge → seat."""
    panels: dict[str, dict[str, Judge]] = {}
    for judge in part.judges:
        panels.setdefault(judge.stage, {})[judge.judge] = judge
    return panels


def _sheet(
    part: BoardPart, rules: _Rules | None, sheet: Sheet, known: frozenset[str], panels: _Panels
) -> Iterator[Flaw]:
    first = min(sheet.rows.values(), default=0)
    sheet_key = sheet.key
    if sheet_key.entry not in known:
        yield _at("sheets", first, "entry", "unknown_entry", _NO_ENTRY, _LIST_IT, sheet_key.entry)
    if sheet.source == "judge":
        yield from _seat(sheet, first, panels.get(sheet_key.stage) or panels.get(""))
        yield from _rounds(part, sheet, first)
    if rules is None:
        if part.about.scheme is None:
            text = Text("榜没有方案，不能评分", "the board has no scheme to mark by")
            yield _at("sheets", first, "board", "scheme_missing", text, _CORRECT, part.code)
        return
    for refusal in check_marks(rules.scheme, sheet_key.stage, sheet_key.attempt, sheet.marks):
        column = {"unknown_stage": "stage", "attempt_beyond_count": "attempt", "unknown_aspect": "aspect"}
        row = sheet.rows.get(refusal.path, first)
        named = column.get(refusal.rule, "mark")
        yield _at("sheets", row, named, refusal.rule, refusal.text, refusal.way_out, refusal.value)


def _seat(sheet: Sheet, first: int, panel: Mapping[str, Judge] | None) -> Iterator[Flaw]:
    """A judge must be on the panel of the stage; where it has none, on that of the board, if there is one."""
    seat = (panel or {}).get(sheet.key.judge)
    if panel and seat is None:
        text = Text("裁判不在此阶段的裁判组", "the judge is not on the panel of this stage")
        way_out = Text("列入 judges 表", "put the judge in the judges table")
        yield _at("sheets", first, "judge", "not_on_panel", text, way_out, sheet.key.judge)
    elif seat is not None and sheet.key.entry in seat.recused:
        text = Text("裁判已对此参赛者回避", "the judge is recused from this entry")
        yield _at("sheets", first, "judge", "recused", text, _CORRECT, sheet.key.judge)


def _rounds(part: BoardPart, sheet: Sheet, first: int) -> Iterator[Flaw]:
    earlier = sheet.key._replace(round=sheet.key.round - 1)
    if sheet.key.round > 1 and all(each.key != earlier for each in part.sheets):
        text = Text("没有前一轮的评分", "the round before it is missing")
        yield _at("sheets", first, "round", "round_missing", text, _CORRECT, str(sheet.key.round))


def _jury(part: BoardPart, rules: _Rules | None) -> Iterator[Flaw]:
    known = part.known
    for table, rows in (
        ("vetoes", part.vetoes),
        ("disqualifications", part.disqualifications),
        ("decisions", part.decisions),
    ):
        for each in rows:
            if each.entry not in known:
                yield _at(table, each.row, "entry", "unknown_entry", _NO_ENTRY, _LIST_IT, each.entry)
    yield from _twice("vetoes", "veto", ((v.row, f"{v.entry} {v.veto}") for v in part.vetoes))
    yield from _twice("disqualifications", "entry", ((d.row, d.entry) for d in part.disqualifications))
    yield from _twice("decisions", "entry", ((d.row, f"{d.key} {d.entry}") for d in part.decisions))
    if rules is None:
        return
    deciding = [each.id for each in rules.ranking.keys if each.by == "decision"]
    for decision in part.decisions:
        if decision.key not in deciding:
            text = Text("排名规则没有这个裁定项", "the ranking has no such deciding key")
            yield _at(
                "decisions", decision.row, "key", "unknown_tie_key", text, _known(deciding), decision.key
            )


def _feeds(package: Package, at: int, part: BoardPart, rules: _Rules | None) -> Iterator[Flaw]:
    codes = [board.code for board in package.boards]
    if part.about.feeds and part.about.kind != "campaign":
        text = Text("只有 campaign 类的榜有来源", "only boards of the kind campaign have feeds")
        yield _key(f"boards.{at}.feeds", "feeds_of_campaign", text, _CORRECT)
    for number, feed in enumerate(part.about.feeds):
        place = f"boards.{at}.feeds.{number}"
        if sum(each.id == feed.id for each in part.about.feeds) > 1:
            yield _key(
                f"{place}.id", "twice", Text("来源编号重复", "two feeds have one id"), _CORRECT, feed.id
            )
        if feed.source not in ("*", *codes):
            text = Text("没有这个榜", "there is no such board")
            yield _key(f"{place}.source", "unknown_board", text, _known(codes), feed.source)
        if rules is not None and feed.aspect not in rules.scheme.index.aspects:
            text = Text("方案没有这个评分项", "the scheme has no such aspect")
            yield _key(
                f"{place}.aspect", "unknown_aspect", text, _known(rules.scheme.index.aspects), feed.aspect
            )


def _publishable(package: Package, at: int, part: BoardPart) -> Iterator[Flaw]:
    standings = count_board(package, part)
    for group in undecided_ties(standings.rows):
        who = "、".join(standings.names[row.entry] for row in group)
        text = Text(f"还有并列未裁定：{who}", f"a tie is still to be decided: {who}")
        way_out = Text("写入 decisions 表", "put the decision in the decisions table")
        yield _key(f"boards.{at}.published", "ties_undecided", text, way_out)


def _twice(table: str, column: str, values: Iterable[tuple[int, str]]) -> Iterator[Flaw]:
    first: dict[str, int] = {}
    for row, value in values:
        if value and first.setdefault(value, row) != row:
            text = Text(f"与第 {first[value]} 行重复", f"repeats row {first[value]}")
            yield _at(table, row, column, "twice", text, _CORRECT, value)


def _in_stage(judge: Judge) -> str:
    return f"{judge.judge} {judge.stage}".strip()


def _at(table: str, row: int, column: str, rule: str, text: Text, way_out: Text, value: str = "") -> Flaw:  # noqa: PLR0917 - a flaw has these parts
    return Flaw(table, cell(row, column), rule, text, way_out, value)


def _key(path: str, rule: str, text: Text, way_out: Text, value: str = "") -> Flaw:
    return Flaw(CONTEST, key(path), rule, text, way_out, value)


def _known(options: Iterable[str]) -> Text:
    known = ", ".join(options) or "—"
    return Text(f"可用：{known}", f"use one of: {known}")


_NO_UNIT = Text("没有这个单位", "there is no such unit")
_NO_ENTRY = Text("榜上没有这个参赛者", "the board has no such entry")
_LIST_IT = Text("先列入 entries 或 proposals 表", "list it in the entries or proposals table first")
