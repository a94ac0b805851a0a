/** Small boards for the tests of readers: entries with a key, some of them guests, and the diffs between. */
import type { BoardPage, Diff, EntryPage, LiveRow, PlacedRow } from '@/shared/feed'
import { placed } from '@/shared/feed'

export type Places = '1224' | '1223' | '1234'
export type State = { key: number; guest: boolean }
export type States = Map<string, State>

export const HEAD = { board: { id: 'b1' }, places: '1224' } as unknown as BoardPage['head']

export function row(entry: string, { key, guest }: State): LiveRow {
  const text = `1${key}-`
  const unit = { id: 'u', name: 'u' }
  return { entry, name: entry, unit, key: text, order: `${text}${Number(guest)}${entry}`, placed: !guest } as LiveRow
}

function every(states: States, places: Places): PlacedRow[] {
  const rows = [...states].map(([entry, state]) => row(entry, state))
  return placed(rows.sort((a, b) => (a.order < b.order ? -1 : 1)), places)
}

export function page(states: States, places: Places, limit: number, cursor: number): BoardPage {
  const rows = every(states, places)
  const head = { ...HEAD, places }
  const all = { board: 'b1', view: 'public', cursor: `${cursor}-0`, head, total: rows.length, offset: 0, limit }
  return { ...all, rows: rows.slice(0, limit) } as BoardPage
}

export function entryPage(states: States, places: Places, entry: string, cursor: number): EntryPage {
  const rows = every(states, places)
  const index = rows.findIndex((each) => each.entry === entry)
  const all = { board: 'b1', view: 'public', cursor: `${cursor}-0`, head: { ...HEAD, places }, index }
  return { ...all, row: rows[index] } as EntryPage
}

/** Bring the board to what is wanted (null: the entry goes); the diff that tells. */
export function step(states: States, wanted: Map<string, State | null>, cursor: number): Diff {
  const changes: Diff['changes'] = []
  for (const [entry, after] of wanted) {
    const before = states.get(entry)
    if (after) states.set(entry, after)
    else states.delete(entry)
    if (!before && !after) continue
    changes.push({
      entry,
      before: before ? row(entry, before).order : null,
      was_placed: before ? !before.guest : true,
      row: after ? row(entry, after) : null,
    })
  }
  return { since: `${cursor}-0`, cursor: `${cursor + 1}-0`, position: {}, changes } as Diff
}

/** Random numbers that are the same in every run. */
export function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

/** Up to four entries, each changed, gone, or a guest now. */
export function wish(roll: (sides: number) => number): Map<string, State | null> {
  const wanted = new Map<string, State | null>()
  for (let count = 1 + roll(4); count > 0; count--) {
    const state = roll(5) === 0 ? null : { key: 1 + roll(4), guest: roll(4) === 0 }
    wanted.set(`e${roll(9)}`, state)
  }
  return wanted
}
