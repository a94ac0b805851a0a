import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

import { applyFrame, topRows, type Frame, type TopRows } from '@/shared/feed'
import { watchBoard, type Link, type Watching } from '@/shared/watch'

export interface Top {
  state: ShallowRef<TopRows | undefined>
  link: Ref<Link>
  /** Since when nothing comes, while the line is broken. */
  lostAt: Ref<string | null>
  listen(ear: (frame: Frame) => void): void
}

const RESYNC = 2_000

/**
 * The first rows of a board, kept right by its feed. Frames are folded as they come and shown once per
 * animation frame, however many there were.
 */
export function useTop(board: string, limit: number): Top {
  const state = shallowRef<TopRows>()
  const link = ref<Link>('connecting')
  const lostAt = ref<string | null>(null)
  const ears: ((frame: Frame) => void)[] = []
  let latest: TopRows | undefined
  let asked = 0
  let again: ReturnType<typeof setTimeout> | undefined
  let watching: Watching = watch()

  function watch(): Watching {
    return watchBoard(board, { limit }, { frame: hear, link: tell })
  }

  function hear(frame: Frame): void {
    if (frame.event === 'snapshot' || frame.event === 'reset') latest = topRows(frame.data)
    else if (latest) latest = applyFrame(latest, frame)
    if (latest?.lacking) resync()
    for (const ear of ears) ear(frame)
    asked ||= requestAnimationFrame(show)
  }

  function show(): void {
    asked = 0
    state.value = latest
  }

  /** Rows moved up that were never seen: begin anew, not all readers at once. */
  function resync(): void {
    again ??= setTimeout(() => {
      again = undefined
      watching.close()
      watching = watch()
    }, RESYNC * Math.random())
  }

  function tell(now: Link, heard: string): void {
    link.value = now
    if (now === 'live') lostAt.value = null
    else if (now === 'lost') lostAt.value ??= heard
  }

  onScopeDispose(() => {
    watching.close()
    clearTimeout(again)
    cancelAnimationFrame(asked)
  })
  return { state, link, lostAt, listen: (ear) => void ears.push(ear) }
}
