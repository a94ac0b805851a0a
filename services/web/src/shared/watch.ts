/** The connection to a board's feed: frames as they come, resumed by cursor, its state always known. */
import type { Frame } from './feed'
import { watchSilence } from './silence'

export type Link = 'connecting' | 'live' | 'lost'

export interface Watching {
  close(): void
}

interface Ears {
  frame(frame: Frame): void
  /** `heard` is when something came last. */
  link(link: Link, heard: string): void
}

const EVENTS = ['snapshot', 'reset', 'diff', 'status'] as const
const LONGEST_WAIT = 30_000

/**
 * Watch a board until `close`. The browser resumes a broken connection itself by its Last-Event-ID; where it
 * gave up (the server answered something else, or ended the feed), or where the line died without a word, a new
 * connection begins at the last cursor.
 */
export function watchBoard(board: string, options: { limit: number; view?: 'public' | 'jury' }, ears: Ears): Watching {
  let source: EventSource | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let cursor = ''
  let wait = 1_000
  const silence = watchSilence(() => {
    tell('lost')
    again()
  })

  function tell(link: Link): void {
    ears.link(link, silence.since())
  }

  function open(): void {
    const query = new URLSearchParams({ limit: String(options.limit), view: options.view ?? 'public' })
    if (cursor) query.set('cursor', cursor)
    tell('connecting')
    source = new EventSource(`/api/leaderboard/boards/${encodeURIComponent(board)}/feed?${query}`)
    source.onopen = () => {
      wait = 1_000
      silence.hear()
      tell('live')
    }
    source.onerror = () => {
      tell('lost')
      if (source?.readyState === EventSource.CLOSED) again()
    }
    source.addEventListener('end', again)
    source.addEventListener('alive', silence.hear)
    for (const event of EVENTS) source.addEventListener(event, (message) => hear(event, message))
  }

  function hear(event: Frame['event'], message: MessageEvent<string>): void {
    silence.hear()
    if (message.lastEventId) cursor = message.lastEventId
    ears.frame({ event, data: JSON.parse(message.data) } as Frame)
  }

  function again(): void {
    source?.close()
    clearTimeout(timer)
    // Spread out, so that a server that comes back does not meet everyone at once.
    timer = setTimeout(open, wait * (0.5 + Math.random()))
    wait = Math.min(wait * 2, LONGEST_WAIT)
  }

  open()
  return {
    close: () => {
      silence.stop()
      clearTimeout(timer)
      source?.close()
    },
  }
}
