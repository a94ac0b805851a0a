/**
 * What a reader of a board's feed keeps right by itself (docs/feed.md). Pure: a frame goes in, a new state
 * comes out. services/leaderboard/client.py is the same in Python, and both fold the same frames alike.
 *
 * A reader knows every row from the top down to `bound`. `beyond` placed rows past it share `edge`, the key of
 * the last one, so that "tied" is right there too.
 */
import type { components } from '@/generated/leaderboard'

type Schemas = components['schemas']
export type BoardPage = Schemas['BoardPage']
export type BoardHead = Schemas['BoardHead']
export type LiveRow = Schemas['LiveRow']
export type PlacedRow = Schemas['PlacedRow']
export type Diff = Schemas['Diff']
export type Change = Schemas['Change']
export type EntryPage = Schemas['EntryPage']
type Places = '1224' | '1223' | '1234'

export type Frame =
  | { event: 'snapshot' | 'reset'; data: BoardPage }
  | { event: 'diff'; data: Diff }
  | { event: 'status'; data: { stale_since: string | null } }

export interface TopRows {
  head: BoardHead
  cursor: string
  total: number
  limit: number
  rows: PlacedRow[]
  staleSince: string | null
  /** Rows left the page and those that moved up were never seen, or a frame is missing: fetch a page. */
  lacking: boolean
  bound: string | null
  edge: string
  beyond: number
}

/** The state that a page from the top of a whole board gives. */
export function topRows(page: BoardPage): TopRows {
  const rows = page.rows ?? []
  const last = rows.at(-1)
  const alike = rows.filter((row) => isPlaced(row) && row.key === last?.key).length
  return {
    head: page.head,
    cursor: page.cursor,
    total: page.total,
    limit: page.limit,
    rows,
    staleSince: page.stale_since ?? null,
    lacking: false,
    bound: last && page.total > rows.length ? last.order : null,
    edge: last?.key ?? '',
    beyond: Math.max(0, (last?.equals ?? 0) - alike),
  }
}

/** The state after a frame. A diff that does not begin where the reader stands leaves it `lacking`. */
export function applyFrame(state: TopRows, frame: Frame): TopRows {
  switch (frame.event) {
    case 'snapshot':
    case 'reset':
      return topRows(frame.data)
    case 'status':
      return { ...state, staleSince: frame.data.stale_since }
    case 'diff':
      return frame.data.since === state.cursor ? applyDiff(state, frame.data) : { ...state, lacking: true }
  }
}

function applyDiff(state: TopRows, diff: Diff): TopRows {
  const taken = (diff.changes ?? []).reduce(applyChange, { ...state, rows: [...state.rows] })
  const next = { ...trimmed(taken), head: diff.head ?? state.head, cursor: diff.cursor }
  return {
    ...next,
    rows: placed(next.rows, next.head.places ?? '1224', next.edge, next.beyond),
    lacking: state.lacking || next.rows.length < Math.min(next.limit, next.total),
  }
}

/** One change, into the copy that `applyDiff` made. */
function applyChange(next: TopRows, change: Change): TopRows {
  const { before = null, row = null } = change
  if (before === null) next.total += 1
  else if (knows(next, before)) next.rows = next.rows.filter((each) => each.entry !== change.entry)
  else if ((change.was_placed ?? true) && before.startsWith(next.edge)) next.beyond -= 1

  if (row === null) next.total -= 1
  else if (knows(next, row.order)) next.rows.splice(positionOf(next.rows, row.order), 0, row)
  else if (isPlaced(row) && row.key === next.edge) next.beyond += 1
  return next
}

/** The first `limit` rows; those that fall off the end are counted as beyond if they are like the last. */
function trimmed(state: TopRows): TopRows {
  const gone = state.rows.slice(state.limit)
  const rows = state.rows.slice(0, state.limit)
  const last = rows.at(-1)
  if (!gone.length || !last) return state
  const beyond = last.key === state.edge ? state.beyond : 0
  const alike = gone.filter((row) => isPlaced(row) && row.key === last.key).length
  return { ...state, rows, bound: last.order, edge: last.key, beyond: beyond + alike }
}

/** Rows from the top of a board with their places; `beyond` more placed rows share the key `edge`. */
export function placed(rows: readonly LiveRow[], places: Places, edge = '', beyond = 0): PlacedRow[] {
  const equals = new Map<string, number>([[edge, beyond]])
  for (const row of rows) if (isPlaced(row)) equals.set(row.key, (equals.get(row.key) ?? 0) + 1)
  let position = 0
  let distinct = 0
  let shared = 0
  let last: string | undefined
  return rows.map((row) => {
    const bare: PlacedRow = { ...row, place: null, tied: false, equals: 0 }
    if (!isPlaced(row)) return bare
    position += 1
    if (row.key !== last) [last, shared, distinct] = [row.key, position, distinct + 1]
    const place = { '1224': shared, '1223': distinct, '1234': position }[places]
    const alike = equals.get(row.key) ?? 1
    return { ...bare, place, equals: alike, tied: alike > 1 }
  })
}

function knows(state: TopRows, order: string): boolean {
  return state.bound === null || order <= state.bound
}

/** Absent means true: the feed leaves defaults out. */
function isPlaced(row: LiveRow): boolean {
  return row.placed ?? true
}

function positionOf(rows: readonly LiveRow[], order: string): number {
  let [low, high] = [0, rows.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle]?.order ?? '') <= order) low = middle + 1
    else high = middle
  }
  return low
}
