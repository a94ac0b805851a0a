/** Who has marked what: sheets laid out by entry and seat. */
import type { PanelOut, ProgressRow, Slot } from '../types'

export interface Seat {
  judge: string
  name: string
  seat: string
  recused: readonly string[]
}

export type CellState = 'owed' | 'marked' | 'revised' | 'corrected' | 'confirmed' | 'voided' | 'recused'

export interface Cell {
  state: CellState
  slot: Slot | null
}

export function seatsOf(panels: readonly PanelOut[], stage: string): Seat[] {
  const own = panels.find((panel) => panel.stage === stage) ?? panels.find((panel) => panel.stage === '')
  return (own?.judges ?? []).map(({ judge, name, seat, recused }) => ({ judge, name, seat: seat ?? '', recused: recused ?? [] }))
}

export function cellOf(row: ProgressRow, seat: Seat, stage: string, attempt: number): Cell {
  const slot =
    row.slots.find((each) => each.judge === seat.judge && each.stage === stage && each.attempt === attempt) ?? null
  return { slot, state: stateOf(slot, seat.recused.includes(row.entry) || row.withdrawn) }
}

function stateOf(slot: Slot | null, recused: boolean): CellState {
  if (!slot) return recused ? 'recused' : 'owed'
  if (slot.voided) return 'voided'
  if (slot.confirmed) return 'confirmed'
  if (slot.corrected) return 'corrected'
  return slot.version > 1 ? 'revised' : 'marked'
}

const OWED: CellState[] = ['owed', 'voided']

export interface Tally extends Seat {
  done: number
  owed: number
  /** Entries that more than half of the others have marked and this judge has not. */
  behind: number
  last: string | null
}

/** How far each judge is. */
export function tallies(rows: readonly ProgressRow[], seats: readonly Seat[], stage: string, attempt: number): Tally[] {
  const grid = rows.map((row) => seats.map((seat) => cellOf(row, seat, stage, attempt)))
  return seats.map((seat, at) => {
    const cells = grid.map((row) => row[at]!)
    const times = cells.flatMap((cell) => (cell.slot ? [cell.slot.received_at] : []))
    return {
      ...seat,
      done: cells.filter((cell) => cell.slot && cell.state !== 'voided').length,
      owed: cells.filter((cell) => OWED.includes(cell.state)).length,
      behind: grid.filter((row) => OWED.includes(row[at]!.state) && mostHaveMarked(row, at)).length,
      last: times.reduce<string | null>((last, time) => (last && last > time ? last : time), null),
    }
  })
}

function mostHaveMarked(row: readonly Cell[], besides: number): boolean {
  const others = row.filter((cell, at) => at !== besides && cell.state !== 'recused')
  const marked = others.filter((cell) => !OWED.includes(cell.state)).length
  return marked * 2 > others.length
}

/** The rows with those that changed in their places. */
export function mergedRows(rows: ProgressRow[], changed: readonly ProgressRow[]): ProgressRow[] {
  if (!changed.length) return rows
  const found = new Map(rows.map((row) => [row.entry, row]))
  for (const row of changed) found.set(row.entry, row)
  return [...found.values()].sort((one, other) => one.number - other.number || (one.entry < other.entry ? -1 : 1))
}

/** Corrections that nobody but their author has looked at. */
export function unconfirmed(rows: readonly ProgressRow[]): { row: ProgressRow; slot: Slot }[] {
  return rows.flatMap((row) => row.slots.filter((slot) => slot.corrected && !slot.confirmed).map((slot) => ({ row, slot })))
}
