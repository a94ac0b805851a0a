"""Sets of entries that are to be marked, and that each judge has marked: what is owed is their difference.

Sets, not counters: what a step adds twice is there once, and an event costs the same on any board. The
panels are in the board's state, so owed sheets per judge are read, never stored.
"""

from collections.abc import Iterator, Mapping

from schemas.live import done_part
from schemas.live_state import EntryState, status

_PER_COMMAND = 500


def progress_operations(
    earlier: Mapping[str, EntryState], now: Mapping[str, EntryState]
) -> Iterator[list[str]]:
    """From what was known of the entries to what is."""
    added: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    for id, state in now.items():
        was, is_in = _sets(earlier.get(id)), _sets(state)
        for part in is_in - was:
            added.setdefault(part, []).append(id)
        for part in was - is_in:
            removed.setdefault(part, []).append(id)
    for command, sets in (("SREM", removed), ("SADD", added)):
        for part, ids in sorted(sets.items()):
            for i in range(0, len(ids), _PER_COMMAND):
                yield [command, part, *ids[i : i + _PER_COMMAND]]


def _sets(state: EntryState | None) -> set[str]:
    if state is None:
        return set()
    found = {
        done_part(sheet.stage, sheet.attempt, sheet.judge)
        for sheet in state.sheets.values()
        if not sheet.voided and sheet.source != "contribution"
    }
    if state.known and status(state) in ("competing", "unranked"):
        found.add("competing")
    return found
