import { computed, onScopeDispose, ref, shallowReactive, shallowRef, watch, type ComputedRef, type Ref } from 'vue'

import { api, ask } from '@/shared/api'
import type { BoardHead, PlacedRow } from '@/shared/feed'

import { farPages, pagesOf } from './pages'
import { useTop, type Top } from './useTop'

/** Which rows: of the whole board, of a unit and below, or by a stage's value. */
export interface Filter {
  unit?: string
  stage?: string
}

export interface BoardRows extends Top {
  head: ComputedRef<BoardHead | undefined>
  total: ComputedRef<number>
  failure: Ref<unknown>
  rowAt(index: number): PlacedRow | undefined
  /** Say which rows are looked at, so that they are fetched and kept fresh. */
  look(first: number, last: number): void
}

export const PAGE = 100
const REFRESH = 2_000

/** Every row of a board: the first ones from its feed, the others by pages as they are looked at. */
export function useBoard(board: string, filter: Ref<Filter>): BoardRows {
  const top = useTop(board, PAGE)
  const pages = shallowReactive(new Map<number, PlacedRow[]>())
  const failure = shallowRef<unknown>()
  const filtered = computed(() => !!(filter.value.unit || filter.value.stage))
  const found = ref(0)
  let looked: number[] = [0]
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  function rowAt(index: number): PlacedRow | undefined {
    const own = filtered.value ? undefined : top.state.value?.rows[index]
    return own ?? pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  function look(first: number, last: number): void {
    looked = pagesOf(first, last, PAGE)
    for (const page of farPages(pages.keys(), looked)) pages.delete(page)
    for (const page of looked) if (isFetched(page) && !pages.has(page)) void fetchPage(page)
  }

  function isFetched(page: number): boolean {
    return filtered.value || page > 0
  }

  async function fetchPage(page: number): Promise<void> {
    const begun = round
    const query = { ...filter.value, offset: page * PAGE, limit: PAGE }
    try {
      const got = await ask(
        api.leaderboard.GET('/api/leaderboard/boards/{board}', { params: { path: { board }, query } }),
      )
      if (begun !== round) return
      pages.set(page, got.rows ?? [])
      found.value = got.total
      failure.value = undefined
    } catch (error) {
      if (begun === round) failure.value = error
    }
  }

  /** Fetch again what is looked at, soon, and not in step with every other reader. */
  function refresh(): void {
    timer ??= setTimeout(
      async () => {
        await Promise.all(looked.filter(isFetched).map(fetchPage))
        timer = undefined
      },
      REFRESH * (0.75 + Math.random() / 2),
    )
  }

  top.listen((frame) => {
    if (frame.event !== 'status' && looked.some(isFetched)) refresh()
  })
  watch(filter, () => {
    round += 1
    pages.clear()
    found.value = 0
    if (filtered.value) void fetchPage(0)
  })
  onScopeDispose(() => clearTimeout(timer))

  return {
    ...top,
    head: computed(() => top.state.value?.head),
    total: computed(() => (filtered.value ? found.value : (top.state.value?.total ?? 0))),
    failure,
    rowAt,
    look,
  }
}
