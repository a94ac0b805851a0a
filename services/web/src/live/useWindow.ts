import { onMounted, onScopeDispose, shallowRef, type Ref } from 'vue'

import { rowsInSight } from './pages'

const OVERSCAN = 6

/** Which rows of a long list of equally high rows are in sight, as the page scrolls. */
export function useWindow(list: Ref<HTMLElement | undefined>, height: number, count: () => number) {
  const scrolled = shallowRef({ top: 0, room: innerHeight })
  const grown = new ResizeObserver(() => soon())
  let asked = 0

  function look(): void {
    asked = 0
    scrolled.value = { top: -(list.value?.getBoundingClientRect().top ?? 0), room: innerHeight }
  }

  function soon(): void {
    asked ||= requestAnimationFrame(look)
  }

  onMounted(look)
  // What stands above the list may grow.
  grown.observe(document.body)
  addEventListener('scroll', soon, { passive: true })
  addEventListener('resize', soon)
  onScopeDispose(() => {
    cancelAnimationFrame(asked)
    grown.disconnect()
    removeEventListener('scroll', soon)
    removeEventListener('resize', soon)
  })
  return () => rowsInSight(scrolled.value.top, scrolled.value.room, height, count(), OVERSCAN)
}
