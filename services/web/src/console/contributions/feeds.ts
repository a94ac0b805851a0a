/** The rules by which points come to a campaign board, as lines that people edit. */
import type { BoardBody } from '../types'

export type Feed = BoardBody['feeds'][number]
export type Cause = Feed['cause']
export const CAUSES: Cause[] = ['place', 'proposal.adopted', 'proposal.verified', 'hazard.closed']

export interface Line {
  feed: Feed
  cause: Cause
  aspect: string
  /** `8，7，6` for the first places, or one number for each. */
  points: string
  cap: string
  /** Points by award, or with gaps: they stay as they are. */
  fixed: boolean
}

export function lineOf(feed: Feed): Line {
  const points = textOf(feed.points)
  return { feed, cause: feed.cause, aspect: feed.aspect, points, cap: feed.cap ?? '', fixed: !points }
}

export function newLine(lines: readonly Line[], aspect: string): Line {
  let number = lines.length + 1
  while (lines.some((line) => line.feed.id === `feed${number}`)) number += 1
  const feed: Feed = { id: `feed${number}`, cause: 'place', aspect, points: {}, source: '*', source_kind: 'contest', cap: null }
  return { ...lineOf(feed), fixed: false }
}

export function feedOf(line: Line): Feed {
  const { feed, cause, aspect } = line
  const kind = cause === 'place' ? ('contest' as const) : ('drive' as const)
  const source_kind = cause === feed.cause ? feed.source_kind : kind
  return { ...feed, cause, aspect, points: pointsOf(line) ?? {}, cap: line.cap.trim() || null, source_kind }
}

/** Null where the text is no points. */
export function pointsOf({ feed, cause, points, fixed }: Line): Record<string, string> | null {
  if (fixed) return feed.points
  const numbers = points.split(/[\s,，、;；]+/).filter(Boolean)
  if (!numbers.length || numbers.some((each) => !/^\d+(\.\d+)?$/.test(each))) return null
  if (cause !== 'place') return numbers.length === 1 ? { each: numbers[0]! } : null
  return Object.fromEntries(numbers.map((each, at) => [String(at + 1), each]))
}

/** '' where the points are no list of places. */
function textOf(points: Readonly<Record<string, string>>): string {
  if (points.each !== undefined) return Object.keys(points).length === 1 ? points.each : ''
  const listed = Object.keys(points).map((_, at) => points[String(at + 1)])
  return listed.every((each) => each !== undefined) ? listed.join('，') : ''
}
