/** Who has marked what: sheets laid out by entry and seat. */
import type { PanelOut, ProgressRow, Slot } from '../types'

export interface Seat {
  judge: string
  name: string
  seat: string
  recused: readonly string[]
}

export type CellState = 'owed' | 'marked' | 'revised' | 'confirmed' | 'voided' | 'recused'

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
  return slot.version > 1 ? 'revised' : 'marked'
}

export interface Tally extends Seat {
  done: number
  owed: number
  last: string | null
}

/** How far each judge is. */
export function tallies(rows: readonly ProgressRow[], seats: readonly Seat[], stage: string, attempt: number): Tally[] {
  return seats.map((seat) => {
    const cells = rows.map((row) => cellOf(row, seat, stage, attempt))
    const times = cells.flatMap((cell) => (cell.slot ? [cell.slot.received_at] : [])).sort()
    return {
      ...seat,
      done: cells.filter((cell) => cell.slot && cell.state !== 'voided').length,
      owed: cells.filter((cell) => cell.state === 'owed' || cell.state === 'voided').length,
      last: times.at(-1) ?? null,
    }
  })
}
