/** Long work that goes on while its page is left: how far each is, kept for the whole console. */
import { ElMessage } from 'element-plus'
import { defineStore } from 'pinia'
import { computed, reactive } from 'vue'

export interface Work {
  /** What is done, and to which board: the same work is not begun twice. */
  key: string
  label: string
  /** 0 to 100; null where nobody can tell. */
  percent: number | null
}

export type Told = (percent: number | null) => void

export const useWorks = defineStore('works', () => {
  const works = reactive(new Map<string, Work>())
  const running = computed(() => [...works.values()])

  /** Does the work; who left the page is told of its end by `said`. */
  async function run<T>(key: string, label: string, doing: (told: Told) => Promise<T>, said = ''): Promise<T> {
    works.set(key, { key, label, percent: 0 })
    if (works.size === 1) addEventListener('beforeunload', warn)
    try {
      const found = await doing((percent) => {
        const work = works.get(key)
        if (work) work.percent = percent
      })
      if (said) ElMessage({ message: said, type: 'success', plain: true })
      return found
    } finally {
      works.delete(key)
      if (!works.size) removeEventListener('beforeunload', warn)
    }
  }

  return { works, running, run }
})

/** Closing the page would break the work off. */
function warn(event: BeforeUnloadEvent): void {
  event.preventDefault()
}
