"""Sets of entries that are to be marked, and that each judge has marked: what is owed is their difference.

Sets, not counters: what a step adds twice is there once, and an event costs the same on any board. The
panels are in the board's state, so owed sheets per judge are read, never stored.
"""

from collections.abc import Iterator, Mapping

from schemas.live import BoardKeys
from schemas.live_state import EntryState, status

_PER_COMMAND = 500


def progress_operations(
    keys: BoardKeys, earlier: Mapping[str, EntryState], now: Mapping[str, EntryState]
) -> Iterator[list[str]]:
    """Redis commands from what was known of the entries to what is."""
    added: dict[str, list[str]] = {}
    removed: dict[str, list[str]] = {}
    for id, state in now.items():
        was, is_in = _sets(keys, earlier.get(id)), _sets(keys, state)
        for key in is_in - was:
            added.setdefault(key, []).append(id)
        for key in was - is_in:
            removed.setdefault(key, []).append(id)
    for command, sets in (("SREM", removed), ("SADD", added)):
        for key, ids in sorted(sets.items()):
            for i in range(0, len(ids), _PER_COMMAND):
                yield [command, key, *ids[i : i + _PER_COMMAND]]


def _sets(keys: BoardKeys, state: EntryState | None) -> set[str]:
    if state is None:
        return set()
    found = {
        keys.done(sheet.stage, sheet.attempt, sheet.judge)
        for sheet in state.sheets.values()
        if not sheet.voided and sheet.source != "contribution"
    }
    if state.known and status(state) in ("competing", "unranked"):
        found.add(keys.of("competing"))
    return found
