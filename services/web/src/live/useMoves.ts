import { onUpdated, type Ref } from 'vue'

const MILLISECONDS = 420
const FURTHEST = 1_600

/**
 * Rows slide from where they were to where they are: only `transform` moves, nothing flashes. `rows` tells the
 * distance from the top of each row by its `data-entry`.
 */
export function useMoves(list: Ref<HTMLElement | null | undefined>, rows: () => Map<string, number>): void {
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  let before = new Map<string, number>()

  onUpdated(() => {
    const now = rows()
    const moved = [...now].filter(([entry, top]) => (before.get(entry) ?? top) !== top)
    const were = before
    before = now
    if (!moved.length || still.matches || document.hidden) return
    for (const [entry, top] of moved) {
      const row = list.value?.querySelector(`[data-entry="${CSS.escape(entry)}"]`)
      const by = Math.max(-FURTHEST, Math.min(FURTHEST, (were.get(entry) ?? top) - top))
      row?.animate([{ transform: `translateY(${top + by}px)` }, { transform: `translateY(${top}px)` }], {
        duration: MILLISECONDS,
        easing: 'cubic-bezier(0.2, 0, 0, 1)',
      })
    }
  })
}
