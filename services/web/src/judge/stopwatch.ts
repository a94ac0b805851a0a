/** The stopwatch of this tablet. It runs on while other pages are open, and through a reload. */
import { computed, ref } from 'vue'

interface Kept {
  startedAt: number | null
  before: number
}

const KEPT = 'leitai.stopwatch'
const TENTH = 100

function remembered(): Kept {
  try {
    const { startedAt = null, before = 0 } = JSON.parse(localStorage.getItem(KEPT) ?? '{}') as Partial<Kept>
    return { startedAt, before }
  } catch {
    return { startedAt: null, before: 0 }
  }
}

const kept = ref(remembered())
const now = ref(Date.now())
let ticking: ReturnType<typeof setInterval> | undefined

function change(next: Kept): void {
  kept.value = next
  now.value = Date.now()
  clearInterval(ticking)
  if (next.startedAt !== null) ticking = setInterval(() => (now.value = Date.now()), TENTH)
  try {
    localStorage.setItem(KEPT, JSON.stringify(next))
  } catch {
    // It runs all the same; only a reload would forget it.
  }
}

const milliseconds = computed(() => {
  const { startedAt, before } = kept.value
  return before + (startedAt === null ? 0 : Math.max(0, now.value - startedAt))
})

export function useStopwatch() {
  if (kept.value.startedAt !== null && !ticking) change(kept.value)
  return {
    isRunning: computed(() => kept.value.startedAt !== null),
    isUsed: computed(() => milliseconds.value > 0),
    /** Minutes, seconds and tenths. */
    shown: computed(() => {
      const tenths = Math.floor(milliseconds.value / TENTH)
      const seconds = Math.floor(tenths / 10)
      return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}.${tenths % 10}`
    }),
    /** Seconds with one decimal, for a mark. */
    seconds: computed(() => (Math.floor(milliseconds.value / TENTH) / 10).toFixed(1)),
    toggle: () => {
      const { startedAt, before } = kept.value
      change(startedAt === null ? { startedAt: Date.now(), before } : { startedAt: null, before: before + Date.now() - startedAt })
    },
    reset: () => change({ startedAt: null, before: 0 }),
  }
}
