import { describe, expect, it } from 'vitest'

import { farPages, pagesOf, rowsInSight } from '@/live/pages'
import { isCode } from '@/live/screen/code'
import { rowsThatFit, slideAt, slidesOf, wrapped } from '@/live/screen/slides'
import { staleSince, standingOf, standingOfHead, standingTime } from '@/live/standing'
import type { BoardHead } from '@/shared/feed'

const [EARLY, LATE] = ['2026-05-01T01:00:00Z', '2026-05-01T02:00:00Z']
const counted = { published: false, frozen: false, entries: 4, marked: 2, complete: 1 }
const head = (fields: Partial<BoardHead>): BoardHead => ({ board: {}, ...fields }) as BoardHead

describe('the state of a board', () => {
  it.each([
    ['waiting', { marked: 0, complete: 0 }],
    ['provisional', {}],
    ['complete', { marked: 4, complete: 4 }],
    ['frozen', { frozen: true, marked: 4, complete: 4 }],
    ['final', { published: true, frozen: true }],
  ])('is %s', (standing, fields) => {
    expect(standingOf({ ...counted, ...fields })).toBe(standing)
  })

  it('is frozen only until the thaw', () => {
    expect(standingOfHead(head({ frozen_at: EARLY, marked: 1, entries: 2 }))).toBe('frozen')
    expect(standingOfHead(head({ frozen_at: EARLY, thawed_at: LATE, marked: 1, entries: 2 }))).toBe('provisional')
  })

  it('has the time of what it says', () => {
    expect(standingTime(head({ published_at: LATE, frozen_at: EARLY }))).toBe(LATE)
    expect(standingTime(head({ frozen_at: EARLY, changed_at: LATE }))).toBe(EARLY)
    expect(standingTime(head({ frozen_at: EARLY, thawed_at: EARLY, changed_at: LATE }))).toBe(LATE)
  })
})

describe('what is shown may be out of date', () => {
  it('since the server says so, whatever the line', () => {
    expect(staleSince(head({}), EARLY, 'lost', LATE)).toEqual({ since: EARLY, why: 'server' })
    expect(staleSince(head({ stale_since: EARLY }), null, 'live', null)).toEqual({ since: EARLY, why: 'server' })
  })

  it('since the line broke', () => {
    expect(staleSince(head({}), null, 'connecting', LATE)).toEqual({ since: LATE, why: 'line' })
  })

  it('not while the feed is live', () => {
    expect(staleSince(head({}), null, 'live', null)).toBeNull()
    expect(staleSince(head({}), null, 'connecting', null)).toBeNull()
  })
})

describe('pages of a long board', () => {
  it('are those that rows stand on', () => {
    expect(pagesOf(0, 0, 100)).toEqual([0])
    expect(pagesOf(95, 205, 100)).toEqual([0, 1, 2])
  })

  it.each([
    ['above the list', -500, []],
    ['at its top', -100, [0, 1, 2]],
    ['at its end', 6_399_936, [99_999]],
    ['beyond it', 7_000_000, []],
  ])('%s show the rows in sight', (_, top, wanted) => {
    expect(rowsInSight(top, 250, 64, 100_000, 0)).toEqual(wanted)
  })

  it('that are far are forgotten', () => {
    expect(farPages([0, 1, 5, 9], [5, 6])).toEqual([0, 1])
  })
})

describe('slides of a screen', () => {
  const boards = [
    { id: 'a', entries: 21 },
    { id: 'b', entries: 0 },
    { id: 'c', entries: 10 },
  ]

  it('show every row of every board in turn', () => {
    const shown = slidesOf(boards, 'one', 10).map(({ boards: [id], page }) => `${id}${page}`)
    expect(shown).toEqual(['a0', 'a1', 'a2', 'b0', 'c0'])
  })

  it('show two beside each other for as long as the longer one needs', () => {
    const shown = slidesOf(boards, 'two', 10).map((slide) => `${slide.boards.join('')}${slide.page}`)
    expect(shown).toEqual(['ab0', 'ab1', 'ab2', 'c0'])
  })

  it('end where there is nothing to show', () => {
    expect(slideAt(slidesOf([], 'one', 10), 3)).toBeUndefined()
  })

  it('go round in both directions', () => {
    expect([wrapped(-1, 5), wrapped(5, 5), wrapped(7, 5), wrapped(3, 0)]).toEqual([4, 0, 2, 0])
  })

  it.each([
    ['1080p', 1920, 1080],
    ['4K', 3840, 2160],
  ])('have as many rows on %s', (_, width, height) => {
    expect(rowsThatFit({ width, height }, 'one')).toBe(10)
  })

  it('have more rows in portrait, fewer where two boards share it', () => {
    const portrait = { width: 1080, height: 1920 }
    expect(rowsThatFit(portrait, 'one')).toBe(21)
    expect(rowsThatFit(portrait, 'two')).toBe(9)
    expect(rowsThatFit({ width: 10, height: 10 }, 'progress')).toBeGreaterThanOrEqual(1)
  })
})

it.each([
  ['HALL1', true],
  ['hall1', false],
  ['ABC', false],
  ['ABCDEFGHI', false],
])('%s is a code: %s', (code, wanted) => {
  expect(isCode(code)).toBe(wanted)
})
