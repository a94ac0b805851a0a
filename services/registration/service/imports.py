"""Rosters imported from files: a dry run tells everything wrong; an import takes all rows or none."""

from collections.abc import Sequence
from dataclasses import replace

from rules.text import Text
from services.kit.access import Principal
from services.kit.problems import Fault
from services.kit.runtime import Runtime
from services.kit.session import ReadSession, WriteSession
from services.registration.domain import EntryRecord, UnitRow
from services.registration.problems import RosterRefused
from services.registration.rosters import Roster
from services.registration.service import entries, units
from services.registration.service.drafts import Placed

SHOWN_FAULTS = 500


def check_entries(
    session: ReadSession, runtime: Runtime, principal: Principal, board_id: str, roster: Roster
) -> None:
    """A dry run. Raises RosterRefused with every fault."""
    placed = entries.check(session, runtime, principal, board_id, roster.drafts, label=roster.label)
    _require_faultless(roster.faults + _said(roster, placed))


def import_entries(
    session: WriteSession,
    runtime: Runtime,
    principal: Principal,
    board_id: str,
    roster: Roster,
    *,
    verified: bool,
) -> list[EntryRecord]:
    """Register every row, or raise RosterRefused with every fault and register none."""
    if roster.faults:
        check_entries(session, runtime, principal, board_id, roster)
    return entries.register(
        session,
        runtime,
        principal,
        board_id,
        roster.drafts,
        verified=verified,
        refuse=lambda placed: refusal(_said(roster, placed)),
        label=roster.label,
    )


def import_units(
    session: WriteSession, principal: Principal, rows: Sequence[UnitRow], faults: list[Fault]
) -> tuple[int, int]:
    """Load every unit, or raise RosterRefused: how many were new, how many there already."""
    _require_faultless(faults)
    return units.load(session, principal, rows)


def check_units(
    session: ReadSession, principal: Principal, rows: Sequence[UnitRow], faults: list[Fault]
) -> tuple[int, int]:
    """The same without loading them."""
    _require_faultless(faults)
    new = units.plan(session, principal, rows)
    return len(new), len(rows) - len(new)


def refusal(faults: list[Fault]) -> RosterRefused:
    shown = faults[:SHOWN_FAULTS]
    return RosterRefused(
        Text(f"共 {len(faults)} 处错误", f"{len(faults)} faults"),
        way_out=Text("改正后重新导入整个文件", "Correct them and import the whole file again"),
        faults=shown,
        found=len(faults),
        shown=len(shown),
    )


def _require_faultless(faults: list[Fault]) -> None:
    if faults:
        raise refusal(faults)


def _said(roster: Roster, placed: list[Placed]) -> list[Fault]:
    return [replace(each.fault, field=roster.place(each)) for each in placed]
