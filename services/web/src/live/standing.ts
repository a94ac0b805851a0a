/** In what state a board is, in one word that the texts explain. Pure. */
import type { BoardHead } from '@/shared/feed'
import type { Link } from '@/shared/watch'

export type Standing = 'waiting' | 'provisional' | 'complete' | 'frozen' | 'final'

interface Counted {
  published: boolean
  frozen: boolean
  entries: number
  marked: number
  complete: number
}

export function standingOf({ published, frozen, entries, marked, complete }: Counted): Standing {
  if (published) return 'final'
  if (frozen) return 'frozen'
  if (!marked) return 'waiting'
  return complete >= entries ? 'complete' : 'provisional'
}

export function standingOfHead(head: BoardHead): Standing {
  return standingOf({
    published: !!head.published_at,
    frozen: isFrozen(head),
    entries: head.entries ?? 0,
    marked: head.marked ?? 0,
    complete: head.complete ?? 0,
  })
}

/** What the text about the progress of the marking needs. */
export function progressOf({ entries = 0, marked = 0, complete = 0 }: Partial<Counted>): Record<string, number> {
  return { entries, marked, complete }
}

function isFrozen(head: BoardHead): boolean {
  return !!head.frozen_at && !head.thawed_at
}

/** The time that a reader wants beside the word: when it was published or frozen, else when it last changed. */
export function standingTime(head: BoardHead): string | null {
  return head.published_at ?? (isFrozen(head) ? head.frozen_at : head.changed_at) ?? null
}

/** Since when what is shown may be out of date; null: it is live. `lostAt` is when this reader's line broke. */
export function staleSince(
  head: BoardHead,
  feed: string | null,
  link: Link,
  lostAt: string | null,
): { since: string; why: 'server' | 'line' } | null {
  const told = feed ?? head.stale_since ?? null
  if (told) return { since: told, why: 'server' }
  return link !== 'live' && lostAt ? { since: lostAt, why: 'line' } : null
}
