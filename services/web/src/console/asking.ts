/** A question to the platform with its states: loading, failed, answered. */
import { onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Answer<T> {
  data: ShallowRef<T | null>
  failure: ShallowRef<unknown>
  loading: Ref<boolean>
  load(): Promise<void>
}

/** Asks at once. Of two questions on their way only the last one's answer is kept. */
export function useAnswer<T>(question: () => Promise<T>): Answer<T> {
  const data = shallowRef<T | null>(null)
  const failure = shallowRef<unknown>(null)
  const loading = ref(false)
  let asked = 0

  async function load(): Promise<void> {
    const turn = ++asked
    loading.value = true
    try {
      const found = await question()
      if (turn === asked) [data.value, failure.value] = [found, null]
    } catch (thrown) {
      if (turn === asked) failure.value = thrown
    } finally {
      if (turn === asked) loading.value = false
    }
  }

  void load()
  return { data, failure, loading, load }
}

/** The same, asked again every so many seconds while the page is in sight. */
export function useWatched<T>(question: () => Promise<T>, seconds: number): Answer<T> {
  const answer = useAnswer(question)
  const timer = setInterval(() => {
    if (!document.hidden && !answer.loading.value) void answer.load()
  }, seconds * 1000)
  onScopeDispose(() => clearInterval(timer))
  return answer
}

/** The same question, never asked before the last answer is there: who asks meanwhile shares the next one. */
export function inTurn<T>(question: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null
  let next: Promise<T> | null = null

  function ask(): Promise<T> {
    next = null
    return (asked = question().finally(() => (asked = null)))
  }

  return () => (asked ? (next ??= asked.then(ask, ask)) : ask())
}

interface Page<Item> {
  total: number
  items: readonly Item[]
}

/** Every item of a paged list, up to `most`; `told` hears how many percent are there. */
export async function everyItem<Item>(
  page: (offset: number, limit: number) => Promise<Page<Item>>,
  told?: (percent: number) => void,
  most = 100_000,
): Promise<Item[]> {
  const found: Item[] = []
  for (;;) {
    const { total, items } = await page(found.length, 500)
    found.push(...items)
    told?.(Math.round((100 * found.length) / Math.max(1, total)))
    if (!items.length || found.length >= Math.min(total, most)) return found
  }
}
