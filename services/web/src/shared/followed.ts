/** One entry's place, wherever it stands on the board, kept right from the feed's changes. Pure. */
import type { Change, Diff, EntryPage, PlacedRow } from './feed'

export interface Followed {
  row: PlacedRow
  places: '1224' | '1223' | '1234'
  cursor: string
  /** The entry itself moved, or only the board can tell: fetch the entry anew. */
  lacking: boolean
}

export function followed(page: EntryPage): Followed {
  return { row: page.row, places: page.head.places ?? '1224', cursor: page.cursor, lacking: false }
}

/** The state after a diff; one that does not begin where the reader stands leaves it `lacking`. */
export function follow(state: Followed, diff: Diff): Followed {
  if (diff.since !== state.cursor) return { ...state, lacking: true }
  const next = (diff.changes ?? []).reduce(pass, state)
  return { ...next, cursor: diff.cursor }
}

function pass(state: Followed, change: Change): Followed {
  const own = state.row
  if (change.entry === own.entry) return { ...state, lacking: state.lacking || change.row?.order !== own.order }
  if (own.place === null || own.place === undefined) return state
  const before = (change.was_placed ?? true) ? (change.before ?? null) : null
  const after = change.row && (change.row.placed ?? true) ? change.row.order : null
  const mark = state.places === '1234' ? own.order : own.key
  const moved = Number(isAhead(after, mark)) - Number(isAhead(before, mark))
  const equals =
    (own.equals ?? 0) + Number(!!after?.startsWith(own.key)) - Number(!!before?.startsWith(own.key))
  // By 1223, whether a key is new above me or the last of its kind went, only the board knows.
  const unknown =
    state.places === '1223' && (moved !== 0 || before !== after) && (isAhead(after, mark) || isAhead(before, mark))
  return {
    ...state,
    lacking: state.lacking || unknown,
    row: { ...own, place: own.place + moved, equals, tied: equals > 1 },
  }
}

function isAhead(order: string | null, mark: string): boolean {
  return order !== null && order < mark
}
