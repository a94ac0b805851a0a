/** Tells when a board changes, by its jury feed: at once, then at most once in a second. */
import { onScopeDispose, ref, type Ref } from 'vue'

import { watchBoard, type Link } from '@/shared/watch'

const AT_MOST_EVERY = 1_000

export function useChanges(board: string, changed: () => void): Ref<Link> {
  const link = ref<Link>('connecting')
  let timer: ReturnType<typeof setTimeout> | undefined
  let told = 0
  let missed = false

  function later(): void {
    timer ??= setTimeout(tell, Math.max(0, told + AT_MOST_EVERY - Date.now()))
  }

  function tell(): void {
    timer = undefined
    missed = document.hidden
    if (missed) return
    told = Date.now()
    changed()
  }

  function look(): void {
    if (missed && !document.hidden) later()
  }

  document.addEventListener('visibilitychange', look)
  const watching = watchBoard(board, { limit: 0, view: 'jury' }, { frame: later, link: (now) => (link.value = now) })
  onScopeDispose(() => {
    document.removeEventListener('visibilitychange', look)
    clearTimeout(timer)
    watching.close()
  })
  return link
}
