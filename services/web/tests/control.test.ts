import { describe, expect, it } from 'vitest'

import { mergedRows, tallies, type Seat } from '@/console/control/marking'
import type { ProgressRow, Slot } from '@/console/types'

const SEATS: Seat[] = ['a', 'b'].map((judge) => ({ judge, name: judge, seat: '', recused: [] }))

function slot(judge: string, received_at: string): Slot {
  return { judge, stage: '', attempt: 1, version: 1, voided: false, confirmed: false, corrected: false, received_at } as Slot
}

function row(entry: string, number: number, ...slots: Slot[]): ProgressRow {
  return { entry, number, name: entry, unit: '', code: '', withdrawn: false, slots }
}

const BOARD = [row('x', 1), row('y', 2), row('z', 3)]

describe('rows that changed', () => {
  it('stand where they stood', () => {
    const marked = row('y', 2, slot('a', '2026-05-01T08:00:00Z'))

    expect(mergedRows(BOARD, [marked])).toEqual([BOARD[0], marked, BOARD[2]])
  })

  it('move to their new numbers, and new ones come in between', () => {
    const found = mergedRows(BOARD, [row('x', 4), row('new', 3)])

    expect(found.map((each) => each.entry)).toEqual(['y', 'new', 'z', 'x'])
  })

  it('leave everything alone where there are none', () => {
    expect(mergedRows(BOARD, [])).toBe(BOARD)
  })
})

it('a judge is as far as what they marked last and still owe', () => {
  const board = [row('x', 1, slot('a', '2026-05-01T08:05:00Z'), slot('b', '2026-05-01T08:01:00Z')), row('y', 2, slot('a', '2026-05-01T08:02:00Z'))]

  expect(tallies(board, SEATS, '', 1).map(({ judge, done, owed, behind, last }) => [judge, done, owed, behind, last])).toEqual([
    ['a', 2, 0, 0, '2026-05-01T08:05:00Z'],
    ['b', 1, 1, 1, '2026-05-01T08:01:00Z'],
  ])
})
