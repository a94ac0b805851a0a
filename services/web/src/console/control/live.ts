/** Tells when a board changes, by its jury feed, at most once in a few seconds. */
import { onScopeDispose, ref, type Ref } from 'vue'

import { watchBoard, type Link } from '@/shared/watch'

const AT_MOST_EVERY = 2_000

export function useChanges(board: string, changed: () => void): Ref<Link> {
  const link = ref<Link>('connecting')
  let timer: ReturnType<typeof setTimeout> | undefined

  function later(): void {
    timer ??= setTimeout(() => {
      timer = undefined
      if (!document.hidden) changed()
    }, AT_MOST_EVERY)
  }

  const watching = watchBoard(board, { limit: 0, view: 'jury' }, { frame: later, link: (now) => (link.value = now) })
  onScopeDispose(() => {
    clearTimeout(timer)
    watching.close()
  })
  return link
}
