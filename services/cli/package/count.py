"""The standings of a package's boards, made by the same rules and state that live boards are made with."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from msgspec.structs import replace

from rules.awards import AwardList, AwardRules, Facts, Member, award, load_awards
from rules.ranking import Ranking, load_ranking, rank
from rules.results import Contender, Row
from rules.scheme import Scheme
from rules.text import Text
from schemas import objects
from schemas.live import LiveRow
from schemas.live_state import BoardState, EntryState, SheetState
from services.cli.package.contest import BoardPart, Entry, Package, Proposal, Sheet
from streams.leaderboard.standing import Rulebook, evaluate_all, rows, rulebook

SOURCES: Mapping[str, objects.SheetSource] = {"judge": "imported", "self": "self", "checker": "checker"}


@dataclass(frozen=True, slots=True)
class Standings:
    """A board counted: `rows` in board order with places, `lines` the same as readers see them."""

    code: str
    title: Text
    rules: Rulebook
    awards: AwardRules
    rows: tuple[Row, ...]
    lines: Mapping[str, LiveRow]
    states: Mapping[str, EntryState]
    contenders: Mapping[str, Contender]

    @property
    def names(self) -> Mapping[str, str]:
        return {entry: line.name for entry, line in self.lines.items()}

    @property
    def places(self) -> dict[str, int]:
        return {row.entry: row.place for row in self.rows if row.place is not None}


def count_states(
    code: str, title: Text, state: BoardState, entries: Mapping[str, EntryState], stage: str = ""
) -> Standings:
    """Rank known entries; with `stage`, by that node alone. Raises SchemeRefused, KeyError (stage)."""
    rules = rulebook(state)
    if stage:
        rules = _by_stage(rules, stage)
    known = {id: entry for id, entry in entries.items() if entry.known}
    found = evaluate_all(rules, known.values())
    evaluations = {id: evaluation for id, (evaluation, _) in found.items()}
    contenders = {id: contender for id, (_, contender) in found.items()}
    awards = load_awards(rules.scheme.awards if rules.scheme and rules.scheme.awards else None)
    ranked = rank(rules.ranking, evaluations, contenders)
    return Standings(code, title, rules, awards, ranked, rows(rules, known.values()), known, contenders)


def count_board(package: Package, part: BoardPart, stage: str = "") -> Standings:
    """The standings of one board of a package, with the contributions that other boards give it."""
    from services.cli.package.contributions import contributed  # noqa: PLC0415 (they count boards in turn)

    entries = states(package, part)
    for id, sheets in contributed(package, part, entries).items():
        entries[id] = replace(entries[id], sheets={**entries[id].sheets, **sheets})
    return count_states(part.code, part.about.title, board_state(package, part), entries, stage)


def awards_of(standings: Standings) -> AwardList:
    """Who wins what on a board."""
    members = {
        entry: tuple(
            Member(f"{entry}.{number}", name) for number, name in enumerate(line.members or (line.name,), 1)
        )
        for entry, line in standings.lines.items()
    }
    facts = Facts(contenders=standings.contenders, members=members, board=standings.code)
    return award(standings.awards, standings.rows, facts)


def board_state(package: Package, part: BoardPart) -> BoardState:
    """A board as the fold would know it."""
    scheme = None
    if part.scheme is not None:
        scheme = objects.SchemeVersion(board=part.code, version=1, data=dict(part.scheme))
    return BoardState(part.code, board=board_object(package, part), scheme=scheme)


def board_object(package: Package, part: BoardPart) -> objects.Board:
    about = part.about
    feeds = tuple(
        objects.Feed(
            id=feed.id,
            cause=feed.cause,
            aspect=feed.aspect,
            points=dict(feed.points),
            source=feed.source,
            source_kind=feed.source_kind,
            cap=feed.cap,
        )
        for feed in about.feeds
    )
    title = package.campaign.title
    return objects.Board(
        id=part.code,
        code=part.code,
        campaign=package.campaign.code,
        campaign_title=objects.Named(zh=title.zh, en=title.en),
        kind=about.kind,
        title=objects.Named(zh=about.title.zh, en=about.title.en),
        unit=unit_refs(package)[package.unit_of(part)],
        entry_kind=about.entry_kind,
        trade=about.trade,
        blind=about.blind,
        public=about.public,
        feeds=feeds,
    )


def unit_refs(package: Package) -> Mapping[str, objects.UnitRef]:
    """Every unit with its place in the tree, its code as its id."""
    units = {unit.code: unit for unit in package.units}

    @cache
    def path(code: str) -> str:
        parent = units[code].parent
        return f"{path(parent) if parent else '/'}{code}/"

    return {code: objects.UnitRef(id=code, name=unit.name, path=path(code)) for code, unit in units.items()}


def states(package: Package, part: BoardPart) -> dict[str, EntryState]:
    """Every entry and proposal of a board, with its sheets and what the jury decided about it."""
    units = unit_refs(package)
    sheets: dict[str, dict[str, SheetState]] = {}
    for sheet in sorted(part.sheets, key=lambda sheet: sheet.key):
        # A later round takes the place of the earlier one, as it does on the platform.
        state = sheet_state(sheet)
        sheets.setdefault(sheet.key.entry, {})[f"{state.judge}\t{state.stage}\t{state.attempt}"] = state
    found = {}
    everything: tuple[Entry | Proposal, ...] = (*part.entries, *part.proposals)
    for each in everything:
        id, unit = each.external_id, units[package.unit_of(part, each.unit)]
        found[id] = EntryState(
            id,
            entry=_entry(part, each, unit) if isinstance(each, Entry) else None,
            proposal=_proposal(part, each, unit) if isinstance(each, Proposal) else None,
            number=each.number if isinstance(each, Entry) else 0,
            code=each.code if isinstance(each, Entry) else "",
            sheets=sheets.get(id, {}),
            disqualified=next((one.reason for one in part.disqualifications if one.entry == id), None),
            vetoes={one.veto: one.reason for one in part.vetoes if one.entry == id},
            decisions={one.key: one.place for one in part.decisions if one.entry == id},
        )
    return found


def sheet_state(sheet: Sheet) -> SheetState:
    key = sheet.key
    return SheetState(
        id="/".join(map(str, key)),
        judge=key.judge,
        stage=key.stage,
        attempt=key.attempt,
        round=key.round,
        version=key.round,
        source=SOURCES[sheet.source],
        voided=False,
        marks=dict(sheet.marks),
    )


def _entry(part: BoardPart, entry: Entry, unit: objects.UnitRef) -> objects.Entry:
    status: Literal["withdrawn", "verified"] = "withdrawn" if entry.withdrawn else "verified"
    return objects.Entry(
        id=entry.external_id,
        board=part.code,
        kind=part.about.entry_kind,
        name=entry.name,
        unit=unit,
        external_id=entry.external_id,
        number=entry.number,
        code=entry.code,
        category=entry.category,
        status=status,
        unranked=entry.unranked,
        reason=entry.withdrawn,
        factors=dict(entry.factors),
        times=dict(entry.times),
        members=entry.members,
    )


def _proposal(part: BoardPart, proposal: Proposal, unit: objects.UnitRef) -> objects.Proposal:
    return objects.Proposal(
        id=proposal.external_id,
        board=part.code,
        kind=proposal.kind,
        stage=proposal.stage,
        title=proposal.title,
        unit=unit,
        authors=proposal.authors,
        present=proposal.present,
        measure=proposal.measure,
        effect=proposal.effect,
        external_id=proposal.external_id,
        category=proposal.category,
        reason=proposal.reason,
        benefit=proposal.benefit,
        votes=proposal.votes,
        merged_into=proposal.merged_into or None,
        anonymous=proposal.anonymous,
    )


def _by_stage(rules: Rulebook, stage: str) -> Rulebook:
    if rules.scheme is None:
        raise KeyError(stage)
    scheme: Scheme = rules.scheme
    label = scheme.node(stage).title
    data = {"keys": [{"by": "node", "path": stage, "label": {"zh": label.zh, "en": label.en}}]}
    ranking: Ranking = load_ranking(data, [placed.path for placed in scheme.nodes()])
    return Rulebook(scheme, ranking, rules.columns, rules.digits)
