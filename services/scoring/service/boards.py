"""Schemes, panels, windows: what an organiser sets up before marks come, and may amend with a reason."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rules.problems import SchemeRefused
from rules.text import Text
from schemas.envelope import canonical
from schemas.events.scores import PanelSet, SchemePublished, WindowSet
from schemas.live_state import EntryState
from schemas.objects import Panel, PanelJudge, SchemeVersion, Sheet, Window
from schemas.registry import Fact
from services.kit import log
from services.kit.access import Principal, Role
from services.kit.clock import Clock
from services.kit.problems import Fault, Malformed
from services.kit.session import ReadSession, WriteSession
from services.scoring import problems
from services.scoring.domain.ruleset import Ruleset
from services.scoring.domain.standings import Standings, count, refused_sheets, with_sheets
from services.scoring.repository import boards, sheets
from services.scoring.repository.opened import OpenBoard, take_turn, view
from services.scoring.service.sheets import SOURCE


@dataclass(frozen=True, slots=True)
class Checked:
    """What a scheme would do to a board: standings before (None: no scheme yet) and after."""

    rules: Ruleset
    locked: bool
    names: Mapping[str, str]
    before: Standings | None
    after: Standings
    refused: int


def publish_scheme(
    session: WriteSession,
    board_id: str,
    data: dict[str, Any],
    *,
    reason: str,
    amend: bool,
    principal: Principal,
    clock: Clock,
) -> SchemeVersion:
    """Put a scheme in force. One that is in force already stays as it is."""
    board = take_turn(session, board_id)
    board.require(principal, Role.ORGANISER)
    read_scheme(data)
    current = board.control.scheme
    if current is not None and canonical(current.data) == canonical(data):
        return current
    if board.control.published_at is not None:
        raise problems.BoardPublished(
            way_out=Text("先撤回公布", "Withdraw the results first"),
            published_at=board.control.published_at.isoformat(),
        )
    if sheets.any_marks(session, board_id):
        _require_amendment(amend, reason)
    version = SchemeVersion(
        board=board_id, version=current.version + 1 if current else 1, data=data, reason=reason
    )
    note(session, SchemePublished(scheme=version), board_id, principal, clock)
    return version


def check_scheme(
    session: ReadSession, board_id: str, data: Mapping[str, Any], principal: Principal
) -> Checked:
    """What the scheme would change on the board as it is now; nothing is written."""
    board = view(session, board_id)
    board.require(principal, Role.ORGANISER, Role.CHIEF_JUDGE)
    rules = read_scheme(data)
    states, marked = board_states(session, board)
    present = board.control.rules
    return Checked(
        rules=rules,
        locked=bool(marked),
        names={state.id: name_of(state) for state in states},
        before=None if present is None else count(present, states),
        after=count(rules, states),
        refused=refused_sheets(rules, marked),
    )


def read_scheme(data: Mapping[str, Any]) -> Ruleset:
    """Raises SchemeNotValid with every fault, each with the path of its node."""
    try:
        return Ruleset.of(data)
    except SchemeRefused as refused:
        raise problems.SchemeNotValid(
            faults=[
                Fault(
                    "/data/" + ".".join(filter(None, (each.path, each.key))),
                    each.value,
                    each.rule,
                    each.text,
                    each.way_out,
                )
                for each in refused.refusals
            ]
        ) from None


def set_panel(session: WriteSession, panel: Panel, principal: Principal, clock: Clock) -> OpenBoard:
    """Fix who marks a stage."""
    board = take_turn(session, panel.board)
    board.require(principal, Role.ORGANISER, Role.CHIEF_JUDGE)
    require_stage(board, panel.stage)
    _require_distinct(panel.judges)
    if board.control.panels.get(panel.stage) != panel:
        note(session, PanelSet(panel=panel), panel.board, principal, clock)
    return board


def set_window(session: WriteSession, window: Window, principal: Principal, clock: Clock) -> OpenBoard:
    """Open a stage for marks, or close it."""
    board = take_turn(session, window.board)
    board.require(principal, Role.ORGANISER, Role.CHIEF_JUDGE)
    require_stage(board, window.stage)
    if window.mode == "one":
        _require_entry(session, window)
    if board.control.windows.get(window.stage) != window:
        note(session, WindowSet(window=window), window.board, principal, clock)
    return board


def require_stage(board: OpenBoard, stage: str) -> None:
    """Raises UnknownStage for a path that the scheme in force does not have."""
    rules = board.control.rules
    if not stage or rules is None or stage in rules.scheme.limits or stage in rules.scheme.index.nodes:
        return
    known = [path or '""' for path in rules.scheme.limits]
    unknown = Text(f"方案没有阶段“{stage}”", f"the scheme has no stage {stage!r}")
    way_out = Text(f"可用的阶段：{'、'.join(known)}", f"stages: {', '.join(known)}")
    raise problems.UnknownStage(faults=[Fault("/stage", stage, "unknown_stage", unknown, way_out)])


def board_states(session: ReadSession, board: OpenBoard) -> tuple[list[EntryState], list[Sheet]]:
    """All entries with their sheets and the jury's decisions, and the sheets that count."""
    marked = [each.sheet for each in sheets.current(session, board.id)]
    return _with_sheets(board, boards.entries(session, board.id), marked), marked


def some_states(session: ReadSession, board: OpenBoard, wanted: Collection[str]) -> list[EntryState]:
    """The same of those wanted among them."""
    marked = [each.sheet for each in sheets.of_entries(session, board.id, list(wanted))]
    return _with_sheets(board, boards.entries(session, board.id, wanted), marked)


def _with_sheets(board: OpenBoard, states: Iterable[EntryState], marked: Iterable[Sheet]) -> list[EntryState]:
    by_entry: dict[str, list[Sheet]] = {}
    for sheet in marked:
        by_entry.setdefault(sheet.entry, []).append(sheet)
    return [with_sheets(state, by_entry.get(state.id, ()), board.control) for state in states]


def name_of(state: EntryState) -> str:
    if state.entry is not None:
        return state.entry.name
    return state.proposal.title if state.proposal else state.code


def shown_name(state: EntryState, hidden: bool) -> str:
    """Its name, or where names are hidden the code or number that stands for it."""
    return (state.code or str(state.number or "")) if hidden else name_of(state)


def note(session: WriteSession, fact: Fact, board: str, principal: Principal, clock: Clock) -> None:
    """Append a fact of scoring to the log."""
    log.append(session, fact, board=board, source=SOURCE, actor=principal.account, time=clock())


def _require_amendment(amend: bool, reason: str) -> None:
    if not amend:
        raise problems.SchemeLocked(
            way_out=Text(
                "先用 /scheme/check 看名次变化，再以 amend: true 并说明理由修订",
                "See the rank change with /scheme/check, then amend with amend: true and a reason",
            )
        )
    if not reason:
        missing = Text("修订须说明理由", "An amendment needs a reason")
        way_out = Text("写明为何修订", "Say why the scheme is amended")
        raise Malformed(faults=[Fault("/reason", reason, "reason_missing", missing, way_out)])


def _require_entry(session: ReadSession, window: Window) -> None:
    wanted = window.entry or ""
    if not any(state.id == wanted for state in boards.entries(session, window.board)):
        unknown = Text("榜上没有这个参赛者", "The board has no such entry")
        way_out = Text("从榜的参赛名单中选取", "Take one from the board's entries")
        raise problems.UnknownEntry(faults=[Fault("/entry", wanted, "unknown_entry", unknown, way_out)])


def _require_distinct(judges: Sequence[PanelJudge]) -> None:
    seen: set[str] = set()
    for index, each in enumerate(judges):
        if each.judge in seen:
            twice = Text("同一裁判出现两次", "The same judge is named twice")
            way_out = Text("每名裁判只写一次", "Name each judge once")
            raise Malformed(faults=[Fault(f"/judges/{index}/judge", each.judge, "duplicate", twice, way_out)])
        seen.add(each.judge)
