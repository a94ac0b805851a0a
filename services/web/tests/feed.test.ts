import { describe, expect, it } from 'vitest'

import { applyFrame, topRows, type Diff, type TopRows } from '@/shared/feed'
import { follow, followed } from '@/shared/followed'

import { dice, entryPage, page, step, wish, type Places, type States } from './boards'

const POLICIES: Places[] = ['1224', '1223', '1234']
const SEEDS = Array.from({ length: 100 }, (_, seed) => seed + 1)

const diff = (data: Diff) => ({ event: 'diff', data }) as const

describe.each(POLICIES)('first rows with places %s', (places) => {
  it('after any changes equal a fresh page', () => SEEDS.forEach(play))

  function play(seed: number): void {
    const roll = dice(seed)
    const states: States = new Map()
    const limit = 1 + roll(6)
    let state: TopRows = topRows(page(states, places, limit, 0))

    for (let cursor = 0; cursor < 12; cursor++) {
      state = applyFrame(state, diff(step(states, wish(roll), cursor)))
      const fresh = page(states, places, limit, cursor + 1)
      if (state.lacking) state = topRows(fresh)
      expect(state.rows).toEqual(fresh.rows)
      expect([state.total, state.cursor]).toEqual([fresh.total, fresh.cursor])
    }
  }
})

describe.each(POLICIES)('a followed entry with places %s', (places) => {
  it('after any changes has the place of a fresh page', () => SEEDS.forEach(play))

  function play(seed: number): void {
    const roll = dice(seed)
    const states: States = new Map([['me', { key: 3, guest: false }]])
    let state = followed(entryPage(states, places, 'me', 0))

    for (let cursor = 0; cursor < 12; cursor++) {
      state = follow(state, step(states, wish(roll), cursor))
      const fresh = entryPage(states, places, 'me', cursor + 1)
      if (state.lacking) {
        expect(places).toBe('1223')
        state = followed(fresh)
      }
      expect(state.row).toEqual(fresh.row)
    }
  }
})

it('an entry that moved itself asks for a fresh look', () => {
  const states: States = new Map([['me', { key: 3, guest: false }]])
  const state = followed(entryPage(states, '1224', 'me', 0))

  const moved = follow(state, step(states, new Map([['me', { key: 1, guest: false }]]), 0))

  expect(moved.lacking).toBe(true)
})

it('a diff from elsewhere asks for a fresh page and changes nothing', () => {
  const state = topRows(page(new Map(), '1224', 5, 7))

  const after = applyFrame(state, diff({ since: '6-0', cursor: '8-0', position: {} } as Diff))

  expect(after).toEqual({ ...state, lacking: true })
})

it('a reset replaces everything', () => {
  const state = topRows(page(new Map([['e1', { key: 1, guest: false }]]), '1224', 5, 7))
  const fresh = page(new Map([['e2', { key: 2, guest: false }]]), '1224', 5, 9)

  expect(applyFrame(state, { event: 'reset', data: fresh })).toEqual(topRows(fresh))
})

it('a board whose source is away says since when, and keeps its rows', () => {
  const state = topRows(page(new Map([['e1', { key: 1, guest: false }]]), '1224', 5, 7))

  const stale = applyFrame(state, { event: 'status', data: { stale_since: '2026-05-01T08:00:00Z' } })

  expect(stale).toEqual({ ...state, staleSince: '2026-05-01T08:00:00Z' })
})
